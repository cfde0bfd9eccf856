/** Alarms of a CloudFront distribution; its metrics are in us-east-1 whatever the stack's region is. */
import type { Input } from "@pulumi/pulumi";
import { distributionMetrics } from "../../metrics/cloudFront.ts";
import { globalMetricsRegion } from "../../metrics/metric.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import type { Thresholds } from "../contract.ts";
import { atLevels } from "./levels.ts";

/** Every alarm of a site's distribution. */
export function distributionAlarms(
  {
    site,
    distributionId,
    hosts = [],
  }: { readonly site: string; readonly distributionId: Input<string>; readonly hosts?: readonly string[] },
  { errorRatePercent }: Thresholds["sites"],
): AlarmDefinition[] {
  return atLevels(errorRatePercent, {
    region: globalMetricsRegion,
    subject: `site-${site}`,
    hosts,
    kind: "symptom",
    key: `site-${site}-error-rate`,
    likely: "the bucket's policy or the distribution's way to it was changed, or a deployment left files out.",
    summary: `CloudFront answers too many requests for site ${site} with an error of 500 to 599.`,
    runbook: "site-errors",
    watch: distributionMetrics(distributionId).serverErrorRate,
    dashboard: "edge",
    comparison: "GreaterThanThreshold",
    periodSeconds: 60,
    evaluationPeriods: 5,
    missingData: "notBreaching",
  });
}
