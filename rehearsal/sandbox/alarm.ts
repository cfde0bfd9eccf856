/** `slipway sandbox alarm`: the simulated cloud has no metrics, so a person says what an alarm would. */

import Table from "cli-table3";
import { sandboxOf } from "../../ops/engine/backend.ts";
import type { Project } from "../../ops/project/project.ts";
import { UserError } from "../../ops/userError.ts";
import { CloudError } from "../../sandbox/cloud/catalogue.ts";
import { type AlarmState, alarmNamed, alarms, nameOf, stateOf, stateSince } from "../../sandbox/events/alarmState.ts";
import type { Delivered } from "../../sandbox/events/delivery.ts";
import { EventPath } from "../../sandbox/events/eventPath.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";

/** A table of all alarms and their states. */
export function listAlarms(project: Project): string {
  const store = openLiveStore(sandboxOf(project).folder);
  const table = new Table({ head: ["alarm", "state"], style: { head: [], border: [] } });
  for (const alarm of alarms(store).sort((a, b) => nameOf(a).localeCompare(nameOf(b)))) table.push([nameOf(alarm), stateOf(store, alarm)]);
  return table.toString();
}

/**
 * Sets the state of an alarm, and lets everything happen that follows: the event, its rules, their functions.
 * @param account account of the stack, 12 digits
 * @returns what happened, a line each
 * @throws UserError for an alarm that is not there, and for one that rings already: from a state that does not change nothing follows
 */
export async function setAlarm(project: Project, account: string, name: string, state: AlarmState, reason: string): Promise<string[]> {
  const folder = sandboxOf(project).folder;
  const store = openLiveStore(folder);
  const path = await EventPath.open({ folder, store, account });
  try {
    const alarm = alarmNamed(store, name);
    if (stateOf(store, alarm) === state) {
      if (state === "ALARM") throw ringsAlready(name, stateSince(store, alarm));
      return [`${name} was ${state} already: nothing follows.`];
    }
    const delivered = await path.set(name, state, reason);
    return [`${name} is ${state}.`, ...delivered.flatMap(tell)];
  } catch (error) {
    if (error instanceof CloudError) throw new UserError(error.message);
    throw error;
  } finally {
    path.close();
  }
}

function ringsAlready(name: string, since: string): UserError {
  return new UserError(
    [
      `${name} is ALARM already, since ${since}, in the simulated cloud.`,
      "As at CloudWatch, nothing follows from a state that does not change: no function ran, and no traffic was moved.",
      `Set it to OK and then to ALARM:   slipway sandbox alarm set ${name} OK   with the same --stack, then this command again`,
    ].join("\n"),
    2,
  );
}

function tell({ function: name, tries, keptIn }: Delivered): string[] {
  return [
    ...tries.map((one, index) => `${name}, try ${index + 1}: ${"error" in one ? one.error : JSON.stringify(one.result)}`),
    ...(keptIn === undefined ? [] : [`The event is kept in the dead-letter queue ${keptIn}.`]),
  ];
}
