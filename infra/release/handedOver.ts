/** What must not pass from one resource to another in one update: a host that CloudFront gives to one distribution, an address that others let in. */
import { Names } from "../../components/environment/names.ts";
import type { Problem } from "../config/problem.ts";
import { resourceName } from "../config/resourceName.ts";
import type { StackConfig } from "../config/stack.ts";
import type { StateResources } from "./releaseInState.ts";

const distributionType = "aws:cloudfront/distribution:Distribution";

/** Hosts of sites that another site of the stack has until this update: passed on, or the site renamed. Pure. */
export function passedHosts(config: Pick<StackConfig, "system" | "environment" | "aws" | "sites">, state: StateResources): Problem[] {
  const start = new Names(config, config.aws.region).global("site-");
  const holders = new Map(
    Object.entries(state).flatMap(([urn, { type, outputs }]) => {
      const name = resourceName(urn);
      const { aliases } = outputs;
      return type === distributionType && name.startsWith(start) && Array.isArray(aliases)
        ? aliases.map((host) => [String(host), name.slice(start.length)] as const)
        : [];
    }),
  );
  return Object.entries(config.sites).flatMap(([site, { hosts }]) =>
    hosts.flatMap((host, index): Problem[] => {
      const holder = holders.get(host);
      if (holder === undefined || holder === site) return [];
      return [
        {
          path: ["sites", site, "hosts", index],
          found: `is ${JSON.stringify(host)}, which the site ${holder} has until this update`,
          reason: "CloudFront gives a host to one distribution alone",
          allowed: "a host that no site has now; to pass one on, or to rename its site, takes two updates",
        },
      ];
    }),
  );
}

const natGatewayName = /-nat-((?:[a-z]+-)+\d)([a-h])$/;

/**
 * Zones in which NAT gateways stand, by AWS region; of several the first by name. A single one stays there, for its address is known to
 * others: partners let it in. Pure.
 */
export function natZones(state: StateResources): Record<string, string> {
  const zones: Record<string, string> = {};
  for (const urn of Object.keys(state).sort()) {
    const [, region = "", letter = ""] = state[urn]?.type === "aws:ec2/natGateway:NatGateway" ? (natGatewayName.exec(urn) ?? []) : [];
    if (region !== "") zones[region] ??= `${region}${letter}`;
  }
  return zones;
}
