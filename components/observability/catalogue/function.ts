/** Alarms of a Lambda function. */
import type { Input } from "@pulumi/pulumi";
import type { AlarmDefinition, Metric } from "../alarmDefinition.ts";
import type { Severity } from "../severity.ts";

/** A function as its metrics name it. */
export interface WatchedFunction {
  /** AWS region. */
  readonly region: string;
  /** Short name for the alarms' keys. */
  readonly name: string;
  /** Physical name. */
  readonly functionName: Input<string>;
  /** How bad it is when it fails. */
  readonly severity: Severity;
  /** Longest that it may run, seconds. */
  readonly timeoutSeconds: number;
  /** Page in `docs/runbooks` of what it is for. */
  readonly runbook: string;
}

/** Every alarm of a function. It may run once a month, so that silence is the rule. */
export function functionAlarms({ region, name, functionName, severity, timeoutSeconds, runbook }: WatchedFunction): AlarmDefinition[] {
  const metric = (metricName: string, statistic: string): Metric => ({
    namespace: "AWS/Lambda",
    name: metricName,
    statistic,
    dimensions: { FunctionName: functionName },
  });
  const shared = {
    region,
    subject: `function-${name}`,
    runbook,
    comparison: "GreaterThanThreshold",
    periodSeconds: 60,
    evaluationPeriods: 1,
    missingData: "notBreaching",
  } as const;
  return [
    {
      ...shared,
      key: `function-${name}-errors`,
      severity,
      kind: "symptom",
      summary: `Function ${name} failed.`,
      watch: metric("Errors", "Sum"),
      threshold: 0,
    },
    {
      ...shared,
      key: `function-${name}-throttles`,
      severity,
      kind: "symptom",
      summary: `Function ${name} was not let run: the account's concurrency is used up.`,
      watch: metric("Throttles", "Sum"),
      threshold: 0,
    },
    {
      ...shared,
      key: `function-${name}-duration`,
      severity: "P2",
      kind: "cause",
      summary: `Function ${name} comes close to its time limit.`,
      watch: metric("Duration", "Maximum"),
      threshold: timeoutSeconds * 800,
    },
  ];
}
