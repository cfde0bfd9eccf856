/** Alarms of what only the application can measure and reports itself, as a custom metric. */
import type { AlarmDefinition } from "../alarmDefinition.ts";
import { atLevels, type Levels } from "./levels.ts";

/** A metric that the application reports. */
interface ApplicationMetric {
  /** Namespace that the application writes to. */
  readonly namespace: string;
  readonly metric: string;
  /** `Average`, `Sum`, `p95`… */
  readonly statistic: string;
  /** Dimensions as the application writes them. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** A value above the level is bad, or one below it. */
  readonly bad: "above" | "below";
  /** In the metric's own unit. */
  readonly levels: Levels;
  readonly periodSeconds: number;
  /** Periods in a row. */
  readonly periods: number;
  readonly missingData: AlarmDefinition["missingData"];
  /** What is wrong, in one sentence. */
  readonly summary: string;
  /** Page in `docs/runbooks`. */
  readonly runbook: string;
  /** It is what users see, or only a reason for it. */
  readonly kind: "symptom" | "cause";
  /** Service whose traffic goes back when a level of P0 or P1 is passed. @default none */
  readonly rollback?: string | undefined;
}

/** Every alarm of an application's own metrics, by name. */
export function applicationAlarms(region: string, metrics: Readonly<Record<string, ApplicationMetric>>): AlarmDefinition[] {
  return Object.entries(metrics).flatMap(([name, metric]) => {
    const { namespace, statistic, dimensions, bad, levels, periodSeconds, periods, missingData, summary, runbook, kind, rollback } = metric;
    return atLevels(levels, {
      region,
      subject: "application",
      kind,
      key: `app-${name}`,
      summary,
      runbook,
      watch: { namespace, name: metric.metric, statistic, dimensions },
      comparison: bad === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
      periodSeconds,
      evaluationPeriods: periods,
      missingData,
    }).map((alarm) => (rollback !== undefined && (alarm.severity === "P0" || alarm.severity === "P1") ? { ...alarm, rollback } : alarm));
  });
}
