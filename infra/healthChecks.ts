/** What Route 53's health checkers need of each region, whoever has them ask: its own name, and a way in. */
import { HealthCheckIngress } from "../components/edge/healthCheckIngress.ts";
import { Records } from "../components/edge/records.ts";
import { failsOver, regionHost } from "../components/environment/contract/failover.ts";
import type { StackConfig } from "./config/stack.ts";
import type { Here } from "./here.ts";
import type { Regions } from "./regions.ts";

/** What health checks are let in to. */
interface HealthChecksArgs extends Pick<Here, "config"> {
  readonly regions: Regions;
}

/** Whether the edge keeps everybody out but whom it lets in, and the checkers are to ask all the same. */
export function asksLockedOrigin({ edge }: Pick<StackConfig, "edge">): boolean {
  return edge.provider === "cloudflare" && edge.origin.lock && edge.origin.healthChecks;
}

/**
 * Declares both, for failover and for the edge's own checks: of a name and of a rule there may be one only, so neither may pass from one
 * resource to another when one of the two comes or goes.
 */
export function declareHealthChecks({ config, regions }: HealthChecksArgs): void {
  if (!failsOver(config) && !asksLockedOrigin(config)) return;
  const open = config.loadBalancer.allowFrom.includes("0.0.0.0/0");
  for (const { name, place, loadBalancer } of regions) {
    const { dnsName: target, zoneId: targetZoneId, securityGroupId } = loadBalancer;
    const hosts = [regionHost(config, name)];
    place.make(Records, place.names.regional("origin-record"), { zone: config.dns, hosts, target, targetZoneId });
    if (!open) place.make(HealthCheckIngress, place.names.regional("health-checkers"), { securityGroupId });
  }
}
