/** What passes from one resource to another in one update, and cannot: CloudFront refuses a host that another distribution has, and the old one goes last. */
import { Names } from "../../components/environment/names.ts";
import type { Problem } from "../config/problem.ts";
import type { StackConfig } from "../config/stack.ts";
import type { StateResources } from "./releaseInState.ts";

const distributionType = "aws:cloudfront/distribution:Distribution";

/** Hosts of sites that another site of the stack has until this update: passed on, or the site renamed. Pure. */
export function passedHosts(config: Pick<StackConfig, "system" | "environment" | "aws" | "sites">, state: StateResources): Problem[] {
  const start = new Names(config, config.aws.region).global("site-");
  const holders = new Map(
    Object.entries(state).flatMap(
      ([
        urn,
        {
          type,
          outputs: { aliases },
        },
      ]) => {
        const name = String(urn.split("::").at(-1));
        return type === distributionType && name.startsWith(start) && Array.isArray(aliases)
          ? aliases.map((host) => [String(host), name.slice(start.length)] as const)
          : [];
      },
    ),
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
