/** Every AWS region in which a stack has something, by its config alone. */

import { severities } from "../components/alarms/severity.ts";
import { approvalRegion, failsOver, standbys } from "../components/environment/contract/failover.ts";
import { toldInSlack } from "../components/environment/contract/notifications.ts";
import { globalMetricsRegion } from "../components/metrics/metric.ts";
import { slackRegion } from "../components/notifications/slackChannel.ts";
import type { StackConfig } from "./config/stack.ts";

/** What decides where a stack has something. */
export type Placed = Pick<StackConfig, "aws" | "backup" | "buckets" | "failover" | "loadBalancer" | "notifications">;

/**
 * Regions that answer or stand by, those that keep copies and approvals, and those of services that have one region only. Pure.
 * @returns each once, in order of their names
 */
export function stackRegions(config: Placed): string[] {
  const { aws, backup, buckets, notifications } = config;
  const regions = [
    aws.region,
    globalMetricsRegion, // CloudFront's certificates, firewalls and metrics
    ...standbys(config).map(({ region }) => region),
    ...(failsOver(config) ? [approvalRegion(config)] : []),
    ...(backup.copyRegion === undefined ? [] : [backup.copyRegion]),
    ...Object.values(buckets).flatMap((bucket) =>
      bucket.purpose === "documents" && bucket.replicaRegion !== undefined ? [bucket.replicaRegion] : [],
    ),
    ...(severities.some((severity) => toldInSlack(notifications, severity)) ? [slackRegion] : []),
  ];
  return [...new Set(regions)].sort();
}
