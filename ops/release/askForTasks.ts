/** Asks for the tasks that a share needs. Whether they are waited for is the caller's: a way back does not. */
import { inTime, reasonOf } from "./recordTable.ts";
import type { ColourScaling } from "./releasedService.ts";

/** What came of it: tasks that were asked for, 0 where nobody scales the colour, and what was refused. */
export interface AskedTasks {
  /** Name of what runs the tasks and was asked. @default nobody scales the colour */
  readonly service?: string | undefined;
  readonly tasks: number;
  readonly refused: readonly string[];
}

/**
 * Pins the least number of tasks that the autoscaler keeps, and has that number run: one call each, no more than the service may scale to.
 * Never throws, and each call is given up after a second.
 * @param needed healthy targets that would do
 */
export async function askForTasks(scaling: ColourScaling | undefined, needed: number): Promise<AskedTasks> {
  if (scaling === undefined) return { tasks: 0, refused: [] };
  const tasks = Math.min(needed, scaling.maximum);
  const calls = [scaling.keep, ...(scaling.run === undefined ? [] : [scaling.run])];
  const asked = await Promise.allSettled(calls.map((call) => inTime(call(tasks))));
  const refused = asked.flatMap((one) => (one.status === "rejected" ? [reasonOf(one.reason)] : []));
  return { service: scaling.runner, tasks, refused };
}

/** What a person is told of a way back that has too few. */
export function toldOf({ tasks, refused }: AskedTasks): string {
  if (refused.length > 0) return `expect errors until more tasks run; asking for ${tasks} was refused: ${refused.join("; ")}`;
  return tasks === 0 ? "expect errors until more tasks run" : `${tasks} tasks are asked for, expect errors until they run`;
}
