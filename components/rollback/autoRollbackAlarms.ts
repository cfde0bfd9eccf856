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

/** What one of the alarms says. */
interface Told {
  readonly key: string;
  readonly severity: "P0" | "P1";
  readonly likely: string;
  readonly summary: string;
}

/** Alarms of one service's rollback. None of them sets off a rollback. Pure. */
export function autoRollbackAlarms({ region, service, functionName, deadLettersName }: WatchedRollback): AlarmDefinition[] {
  const sum = ({ key, severity, ...told }: Told, watch: Metric, minutes = 1): AlarmDefinition => ({
    key: `${service}-rollback-${key}`,
    region,
    severity,
    kind: "symptom",
    ...told,
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
  const lost: Told = {
    ...{ key: "dead-letters", severity: "P0", likely: "the function's role or network was changed, or AWS refused the weights." },
    summary: `An alarm of ${service} called for a rollback that did not happen; move the traffic by hand.`,
  };
  const failed: Told = {
    ...{ key: "errors", severity: "P1", likely: "AWS refused the weights or did not answer: the function's log says which." },
    summary: `The function that rolls ${service} back failed; it tries again by itself, twice.`,
  };
  // The function shares the account's executions with all others; Lambda tries a single throttle again by itself.
  const throttled: Told = {
    ...{ key: "throttles", severity: "P1", likely: "another function uses up the account's concurrent executions." },
    summary: `Lambda does not let the function that rolls ${service} back run.`,
  };
  return [sum(lost, queueMetrics(deadLettersName).waiting), sum(failed, ofFunction.errors), sum(throttled, ofFunction.throttles, 3)];
}
