/** Metrics that Slipway itself writes, or counts in logs. */
import { type Metric, metricsOf } from "./metric.ts";

/** A stack in the metrics that it shares an account with. */
interface MeasuredStack {
  readonly system: string;
  readonly environment: string;
}

/** Namespace of what is counted in logs. */
export const logNamespace = "Slipway/Logs";

/** Namespace of the function that asks servers from inside the network. */
export const reachabilityNamespace = "Slipway/Reachability";

/** A count in a log. @param name of the filter's metric */
export function logMetric(name: string, { namespace = logNamespace, statistic = "Sum", unit = "lines" } = {}): Metric {
  return { namespace, name, statistic, unit };
}

/** Statements of a database that it logs as slow. @param stack whose database it is */
export function slowStatements({ system, environment }: MeasuredStack, database: string): Metric {
  return logMetric(`${system}-${environment}-${database}-SlowStatements`, { unit: "statements" });
}

/** Namespace of operators' switches, the only one that their role may write to. */
export const switchNamespace = "Slipway/Failover";

/** Metrics of an operator's switch: 1 while it is on, else 0, every minute. */
export function switchMetrics(name: string) {
  return metricsOf(
    switchNamespace,
    { Switch: name },
    { on: ["SwitchOn", "Maximum", "on"], told: ["SwitchOn", "SampleCount", "statements"] },
  );
}

/** Metrics of one target that is asked from inside the network. @param stack its name */
export function reachabilityMetrics(stack: string, target: string) {
  return metricsOf(
    reachabilityNamespace,
    { Stack: stack, Target: target },
    { reachable: ["Reachable", "Minimum", "good"], answerTime: ["AnswerTime", "Maximum", "milliseconds"] },
  );
}
