/** Who watches the watchman: alarms of the rollback itself. */
import type { Input } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarms/alarmDefinition.ts";
import { functionMetrics } from "../metrics/lambda.ts";
import type { Metric } from "../metrics/metric.ts";
import { queueMetrics } from "../metrics/sqs.ts";

/** What the alarms are about. */
interface WatchedRollback {
  readonly region: string;
  readonly service: string;
  readonly functionName: Input<string>;
  readonly deadLettersName: Input<string>;
}

/** Alarms of one service's rollback. None of them sets off a rollback. Pure. */
export function autoRollbackAlarms({ region, service, functionName, deadLettersName }: WatchedRollback): AlarmDefinition[] {
  const sum = (key: string, severity: "P0" | "P1", summary: string, watch: Metric, minutes = 1): AlarmDefinition => ({
    key: `${service}-rollback-${key}`,
    region,
    severity,
    kind: "symptom",
    summary,
    runbook: "auto-rollback",
    watch,
    dashboard: "service",
    comparison: "GreaterThanThreshold",
    threshold: 0,
    periodSeconds: 60,
    evaluationPeriods: minutes,
    // Counts are reported only when there is something to count.
    missingData: "notBreaching",
  });
  const ofFunction = functionMetrics(functionName);
  const lost = `An alarm of ${service} called for a rollback that did not happen; move the traffic by hand.`;
  return [
    sum("dead-letters", "P0", lost, queueMetrics(deadLettersName).waiting),
    sum("errors", "P1", `The function that rolls ${service} back failed; it tries again by itself, twice.`, ofFunction.errors),
    // The function shares the account's executions with all others; Lambda tries a single throttle again by itself.
    sum("throttles", "P1", `Lambda does not let the function that rolls ${service} back run.`, ofFunction.throttles, 3),
  ];
}
