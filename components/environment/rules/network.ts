/** Rules between a network, its region, and what tasks need of it. */
import { type BrokenRule, below, type RulePath } from "../../contract/rule.ts";
import { zonesInRegion } from "../../network/contract.ts";
import { standbys } from "../contract/failover.ts";
import { neededEndpoints } from "../contract/network.ts";
import type { PartialStackConfig, StackConfig } from "../contract.ts";

/** Ways out of a network; endpoints that are not given are those that are needed. */
type Ways = Pick<StackConfig["network"], "natGateways"> & { readonly interfaceEndpoints?: readonly string[] | undefined };

/** Everything wrong with zones and ways out. */
export function networkRules(config: PartialStackConfig): BrokenRule[] {
  return [...ownZones(config), ...wayToImages(config)];
}

function ownZones({ aws, network }: PartialStackConfig): BrokenRule[] {
  if (aws === undefined || network === undefined) return [];
  return zonesInRegion({ region: aws.region, zones: network.zones }).map((broken) => below(["network"], broken));
}

/** Without a way out, tasks get their image, their log and their secrets through endpoints or not at all. */
function wayToImages(config: PartialStackConfig): BrokenRule[] {
  const { aws, network, secrets, services, failover, ...others } = config;
  if (aws === undefined || network === undefined || secrets === undefined || services === undefined) return [];
  const needed = neededEndpoints({ ...others, aws, secrets, services, failover });
  const missing = (at: RulePath, { natGateways, interfaceEndpoints = needed }: Ways): BrokenRule[] =>
    (natGateways === "none" ? needed : [])
      .filter((name) => !interfaceEndpoints.includes(name))
      .map((name, index) => ({
        path: [...at, "interfaceEndpoints"],
        found: `has no ${name}, and there is no NAT gateway`,
        reason: "tasks could not start",
        allowed: `a list with ${needed.join(", ")}, or ${[...at, "natGateways"].join(".")}: single`,
        fix: { path: [...at, "interfaceEndpoints", interfaceEndpoints.length + index], value: name },
      }));
  const problems = [
    ...missing(["network"], network),
    ...(failover === undefined ? [] : standbys({ failover }).flatMap((standby) => missing(["failover", standby.role], standby))),
  ];
  if (network.natGateways !== "none") return problems;
  if (!network.gatewayEndpoints.includes("s3"))
    problems.push({
      path: ["network", "gatewayEndpoints"],
      found: "has no s3, and there is no NAT gateway",
      reason: "image layers come from S3",
      allowed: "a list with s3, or network.natGateways: single",
      fix: { path: ["network", "gatewayEndpoints", network.gatewayEndpoints.length], value: "s3" },
    });
  return problems;
}
