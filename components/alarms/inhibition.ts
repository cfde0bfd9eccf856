/** One page for one cause: what needs a dead thing tells nobody beside it. CloudWatch inhibits a composite alarm's actions, in one region. Pure. */
import type { AlarmDefinition } from "./alarmDefinition.ts";
import type { BurnAlarm } from "./burnRate.ts";

/**
 * Seconds that a page waits for what it needs to be known as dead, and that it stays silent after that is over. A silent database rings
 * after three minutes, as its services do: the wait covers that CloudWatch sees one of them first.
 */
export const inhibition = { waitPeriod: 120, extensionPeriod: 180 } as const;

/** What may need something: an alarm, or the alarms of an error budget. */
type Needing = Pick<AlarmDefinition, "needs"> | Pick<BurnAlarm, "needs">;

/** Subjects that these alarms need, and what those need in turn; by name. */
export function neededBy(of: readonly Needing[], alarms: readonly AlarmDefinition[]): string[] {
  const found = new Set<string>();
  const visit = (needing: readonly Needing[]) => {
    for (const { needs = [] } of needing)
      for (const subject of needs) {
        if (found.has(subject)) continue;
        found.add(subject);
        visit(alarms.filter((alarm) => alarm.subject === subject));
      }
  };
  visit(of);
  return [...found].sort();
}

/** Alarms that say of one of these subjects that it is dead, by key. */
export function deathsOf(subjects: readonly string[], alarms: readonly AlarmDefinition[]): string[] {
  return alarms.flatMap(({ key, subject, dead }) => (dead === true && subject !== undefined && subjects.includes(subject) ? [key] : []));
}
