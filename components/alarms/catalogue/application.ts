/** Alarms of what only the application can measure and reports itself, as a custom metric. */
import type { Accepted } from "../../contract/accepted.ts";
import { reportedMetric } from "../../metrics/application.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import type { applicationMetric } from "../contract.ts";
import { atLevels } from "./levels.ts";

/** A metric that the application reports. */
type ApplicationMetric = Accepted<typeof applicationMetric>;

/** Every alarm of an application's own metrics, by name. @param needs subjects whose pages theirs wait for: what reports is no better than what it runs on */
export function applicationAlarms(
  region: string,
  metrics: Readonly<Record<string, ApplicationMetric>>,
  needs: readonly string[] = [],
): AlarmDefinition[] {
  return Object.entries(metrics).flatMap(([name, metric]) => {
    const { bad, levels, periodSeconds, periods, missingData, summary, likely, runbook, kind, rollback } = metric;
    return atLevels(levels, {
      region,
      subject: "application",
      needs,
      kind,
      key: `app-${name}`,
      summary,
      likely,
      runbook,
      watch: reportedMetric(metric),
      dashboard: "service",
      comparison: bad === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
      periodSeconds,
      evaluationPeriods: periods,
      missingData,
    }).map((alarm) => (rollback !== undefined && (alarm.severity === "P0" || alarm.severity === "P1") ? { ...alarm, rollback } : alarm));
  });
}
