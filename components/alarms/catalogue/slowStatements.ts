/** Alarm on statements that a database logs as slow. */

import type { Metric } from "../../metrics/metric.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import { atLevels, type Levels } from "./levels.ts";

/** @param counted metric of a filter over the database's log; undefined where none is counted */
export function slowStatementAlarms(region: string, database: string, counted: Metric | undefined, levels: Levels): AlarmDefinition[] {
  if (counted === undefined) return [];
  return atLevels(levels, {
    region,
    subject: `db-${database}`,
    kind: "cause",
    key: `db-${database}-slow-statements`,
    summary: `Database ${database} takes longer for statements than it may.`,
    runbook: "slow-statements",
    watch: counted,
    comparison: "GreaterThanThreshold",
    periodSeconds: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    missingData: "notBreaching",
  });
}
