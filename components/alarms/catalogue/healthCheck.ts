/** Alarm of a Route 53 health check; its metric is in us-east-1 whatever it looks at. */
import type { Input } from "@pulumi/pulumi";
import { globalMetricsRegion } from "../../metrics/metric.ts";
import { healthCheckMetrics } from "../../metrics/route53.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import type { Severity } from "../severity.ts";

/** A health check as its metrics name it. */
interface WatchedHealthCheck {
  /** Short name of what is looked at, for the alarm's key. */
  readonly name: string;
  readonly healthCheckId: Input<string>;
  readonly severity: Severity;
  readonly host: string;
}

/** The alarm of a health check: its silence is as bad as its failure. */
export function healthCheckAlarms({ name, healthCheckId, severity, host }: WatchedHealthCheck): AlarmDefinition[] {
  return [
    {
      region: globalMetricsRegion,
      subject: `check-${name}`,
      hosts: [host],
      key: `check-${name}-failing`,
      severity,
      kind: "symptom",
      likely: "the service behind it is down, its DNS record or certificate is gone, or a firewall rule blocks the checkers.",
      summary: `${name} does not answer checks from the internet.`,
      runbook: "endpoint-unreachable",
      watch: healthCheckMetrics(healthCheckId).status,
      dashboard: "edge",
      comparison: "LessThanThreshold",
      threshold: 1,
      periodSeconds: 60,
      evaluationPeriods: 3,
      missingData: "breaching",
    },
  ];
}
