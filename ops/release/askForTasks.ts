/** Asks for the tasks that a share needs. Whether they are waited for is the caller's: a way back does not. */
import type { Colour } from "../../infra/config/release.ts";
import type { ServicePlace } from "../verify/places.ts";
import { inTime, reasonOf } from "./recordTable.ts";
import { setFewestTasks, targetIn } from "./scalableTarget.ts";
import type { Updated } from "./situation.ts";

/** What came of it: tasks that were asked for, 0 where nobody scales the colour, and what was refused. */
export interface AskedTasks {
  /** Name of the ECS service that was asked. @default nobody scales the colour */
  readonly service?: string | undefined;
  readonly tasks: number;
  readonly refused: readonly string[];
}

/**
 * Pins the least number of tasks that Application Auto Scaling keeps, and sets the number that ECS runs: one call each, no more than the
 * service may scale to. Never throws, and each call is given up after a second.
 * @param needed healthy targets that would do
 */
export async function askForTasks(update: Updated, place: ServicePlace, colour: Colour, needed: number): Promise<AskedTasks> {
  const target = targetIn(update, place, colour);
  if (target === undefined) return { tasks: 0, refused: [] };
  const tasks = Math.min(needed, target.maximum);
  const [, cluster, service] = target.resourceId.split("/");
  const run = async () => (await update.aws.client("ecs", place.region)).updateService({ cluster, service, desiredCount: tasks });
  const asked = await Promise.allSettled([inTime(setFewestTasks(update, place.region, target, tasks)), inTime(run())]);
  return { service, tasks, refused: asked.flatMap((one) => (one.status === "rejected" ? [reasonOf(one.reason)] : [])) };
}

/** What a person is told of a way back that has too few. */
export function toldOf({ tasks, refused }: AskedTasks): string {
  if (refused.length > 0) return `expect errors until more tasks run; asking for ${tasks} was refused: ${refused.join("; ")}`;
  return tasks === 0 ? "expect errors until more tasks run" : `${tasks} tasks are asked for, expect errors until they run`;
}
