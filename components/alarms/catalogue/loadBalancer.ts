/** Alarms of a load balancer: what it could not hand to any service. */
import type { Input } from "@pulumi/pulumi";
import { loadBalancerMetrics } from "../../metrics/applicationLoadBalancer.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import type { Thresholds } from "../contract.ts";
import { atLevels } from "./levels.ts";

/** A load balancer as its metrics name it. */
interface WatchedLoadBalancer {
  /** AWS region. */
  readonly region: string;
  /** Part of the ARN that metrics use. */
  readonly arnSuffix: Input<string>;
  /** Services behind it: its pages wait for theirs. @default none */
  readonly services?: readonly string[];
  /** Host names that users reach it by. @default none is named */
  readonly hosts?: readonly string[];
}

/** Every alarm of a load balancer. */
export function loadBalancerAlarms(
  { region, arnSuffix, services = [], hosts = [] }: WatchedLoadBalancer,
  { minimumRequests, errorRatePercent, errorRateMinutes }: Thresholds["requests"],
): AlarmDefinition[] {
  const { requests, ownErrors, connectionErrors, rejectedConnections, tlsErrors } = loadBalancerMetrics(arnSuffix);
  const shared = {
    region,
    subject: "load-balancer",
    needs: services,
    hosts,
    dashboard: "edge",
    runbook: "load-balancer-errors",
    comparison: "GreaterThanThreshold",
    periodSeconds: 60,
    missingData: "notBreaching",
  } as const;
  // Requests that found no target are not in RequestCount: without them in the sum, a complete outage would read as no traffic.
  const asked = "(FILL(requests,0)+FILL(failed,0))";
  return [
    ...atLevels(errorRatePercent, {
      ...shared,
      kind: "symptom",
      dashboard: "region",
      key: "load-balancer-error-rate",
      likely: "no healthy task behind a rule: a release, a stopped service, or what the tasks need is down.",
      summary: "The load balancer cannot hand requests to any task.",
      watch: {
        metrics: { requests, failed: ownErrors },
        expression: `IF(${asked}>=${minimumRequests},100*FILL(failed,0)/${asked},0)`,
        label: "Errors of the load balancer's own, percent",
        unit: "percent of requests",
      },
      evaluationPeriods: errorRateMinutes,
    }),
    {
      ...shared,
      kind: "cause",
      severity: "P2",
      key: "load-balancer-connection-errors",
      likely: "tasks that end while they still have requests, or a security group that was changed.",
      summary: "The load balancer cannot connect to tasks that it takes for healthy.",
      watch: connectionErrors,
      threshold: 10,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
    },
    {
      ...shared,
      kind: "symptom",
      severity: "P2",
      key: "load-balancer-rejected-connections",
      likely: "a rise of traffic that is faster than the load balancer grows, or an attack.",
      summary: "The load balancer is full and turns clients away.",
      watch: rejectedConnections,
      threshold: 0,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    },
    {
      ...shared,
      kind: "symptom",
      severity: "P3",
      key: "load-balancer-tls-errors",
      likely: "an old client or a scan; where it is everybody, the certificate.",
      summary: "Many clients fail to agree on TLS: an old client, a scan, or the certificate.",
      watch: tlsErrors,
      threshold: 100,
      periodSeconds: 300,
      evaluationPeriods: 3,
    },
  ];
}
