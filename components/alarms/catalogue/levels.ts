/** Thresholds by how bad it is when they are passed. */
import type { AlarmDefinition } from "../alarmDefinition.ts";
import { type Severity, severities } from "../severity.ts";

/** A value for each severity that has one: `{ P1: 5, P2: 1 }`. */
export type Levels = Readonly<Partial<Record<Severity, number | undefined>>>;

/** What the alarms of one threshold share; the key gets the severity appended. */
type LevelledAlarm = Omit<AlarmDefinition, "severity" | "threshold">;

/**
 * One alarm a level, the worst first.
 * @param scale from the unit of the levels to the metric's. @default the same unit
 */
export function atLevels(levels: Levels, alarm: LevelledAlarm, scale: (value: number) => number = (value) => value): AlarmDefinition[] {
  return severities.flatMap((severity) => {
    const value = levels[severity];
    if (value === undefined) return [];
    return [{ ...alarm, key: `${alarm.key}-${severity.toLowerCase()}`, severity, threshold: scale(value) }];
  });
}
