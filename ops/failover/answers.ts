/**
 * Which region users are sent to. In an account that is asked of the DNS itself, as users do, and not of Route 53's API, which is in
 * us-east-1 and may be gone with it. No client of AWS stands between, so the simulated cloud has its own way.
 */
import { resolve4 } from "node:dns/promises";

/** Region that answers a name. @returns undefined when nobody can tell */
export type Answering = (domain: string) => Promise<string | undefined>;

/**
 * By the DNS: the region whose own name has an address of the domain's.
 * @param hosts each region's own name
 * @param resolve addresses of a name. @default the DNS
 */
export function answeringByDns(
  hosts: Readonly<Record<string, string>>,
  resolve: (host: string) => Promise<readonly string[]> = resolve4,
): Answering {
  const addresses = (host: string) => resolve(host).catch((): readonly string[] => []);
  return async (domain) => {
    const given = await addresses(domain);
    for (const [region, host] of Object.entries(hosts))
      if ((await addresses(host)).some((address) => given.includes(address))) return region;
    return undefined;
  };
}

/** By the records and checks of the simulated cloud in a folder. */
export function answeringInSandbox(folder: string): Answering {
  return async (domain) => {
    const { answeringRegion } = await import("../../sandbox/aws/zone.ts");
    const { openLiveStore } = await import("../../sandbox/sandbox.ts");
    return answeringRegion(openLiveStore(folder), domain);
  };
}
