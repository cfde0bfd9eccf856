/** Where a stack has topics: in every region that it has alarms in. Pure. */

import { approvalRegion, failsOver, standbys } from "../../components/environment/contract/failover.ts";
import { notifies } from "../../components/environment/contract/notifications.ts";
import { globalMetricsRegion } from "../../components/metrics/metric.ts";
import type { StackConfig } from "./stack.ts";

/** AWS regions, the primary first, each once; none when the stack notifies nobody. */
export function notifiedRegions(config: Pick<StackConfig, "aws" | "failover" | "loadBalancer" | "notifications">): string[] {
  if (!notifies(config.notifications)) return [];
  const own = [config.aws.region, ...standbys(config).map(({ region }) => region)];
  return [...new Set([...own, ...(failsOver(config) ? [approvalRegion(config)] : []), globalMetricsRegion])];
}
