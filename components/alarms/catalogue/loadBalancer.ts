/** Alarms of a load balancer: what it could not hand to any service. */
import type { Input } from "@pulumi/pulumi";
import type { Metric } from "../../metrics/metric.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import { atLevels, type Levels } from "./levels.ts";

/** A load balancer as its metrics name it. */
interface WatchedLoadBalancer {
  /** AWS region. */
  readonly region: string;
  /** Part of the ARN that metrics use. */
  readonly arnSuffix: Input<string>;
}

/** Every alarm of a load balancer. */
export function loadBalancerAlarms(
  { region, arnSuffix }: WatchedLoadBalancer,
  {
    minimumRequests,
    errorRatePercent,
    errorRateMinutes,
  }: { readonly minimumRequests: number; readonly errorRatePercent: Levels; readonly errorRateMinutes: number },
): AlarmDefinition[] {
  const sum = (name: string): Metric => ({
    namespace: "AWS/ApplicationELB",
    name,
    statistic: "Sum",
    dimensions: { LoadBalancer: arnSuffix },
  });
  // Requests that found no target are not in RequestCount: without them in the sum, a complete outage would read as no traffic.
  const asked = "(FILL(requests,0)+FILL(failed,0))";
  return [
    ...atLevels(errorRatePercent, {
      region,
      subject: "load-balancer",
      kind: "symptom",
      key: "load-balancer-error-rate",
      summary: "The load balancer cannot hand requests to any task.",
      runbook: "load-balancer-errors",
      watch: {
        metrics: { requests: sum("RequestCount"), failed: sum("HTTPCode_ELB_5XX_Count") },
        expression: `IF(${asked}>=${minimumRequests},100*FILL(failed,0)/${asked},0)`,
        label: "Errors of the load balancer's own, percent",
      },
      comparison: "GreaterThanThreshold",
      periodSeconds: 60,
      evaluationPeriods: errorRateMinutes,
      missingData: "notBreaching",
    }),
    {
      region,
      subject: "load-balancer",
      kind: "cause",
      severity: "P2",
      key: "load-balancer-connection-errors",
      summary: "The load balancer cannot connect to tasks that it takes for healthy.",
      runbook: "load-balancer-errors",
      watch: sum("TargetConnectionErrorCount"),
      comparison: "GreaterThanThreshold",
      threshold: 10,
      periodSeconds: 60,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      missingData: "notBreaching",
    },
    {
      region,
      subject: "load-balancer",
      kind: "symptom",
      severity: "P2",
      key: "load-balancer-rejected-connections",
      summary: "The load balancer is full and turns clients away.",
      runbook: "load-balancer-errors",
      watch: sum("RejectedConnectionCount"),
      comparison: "GreaterThanThreshold",
      threshold: 0,
      periodSeconds: 60,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      missingData: "notBreaching",
    },
    {
      region,
      subject: "load-balancer",
      kind: "symptom",
      severity: "P3",
      key: "load-balancer-tls-errors",
      summary: "Many clients fail to agree on TLS: an old client, a scan, or the certificate.",
      runbook: "load-balancer-errors",
      watch: sum("ClientTLSNegotiationErrorCount"),
      comparison: "GreaterThanThreshold",
      threshold: 100,
      periodSeconds: 300,
      evaluationPeriods: 3,
      missingData: "notBreaching",
    },
  ];
}
