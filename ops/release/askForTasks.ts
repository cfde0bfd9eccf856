/** A way back asks for the tasks that its share needs, and does not wait for them. */
import { trafficNames } from "../../infra/config/physicalNames.ts";
import type { Colour } from "../../infra/config/release.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";
import { namedIn, type ServicePlace } from "../verify/places.ts";
import { inTime, reasonOf } from "./recordTable.ts";

/** A colour with fewer healthy targets than a share needs. */
export interface ShortColour {
  readonly place: ServicePlace;
  readonly colour: Colour;
  /** Healthy targets that would do. */
  readonly needed: number;
}

/**
 * Pins the least number of tasks that Application Auto Scaling keeps, and sets the number that ECS runs: one call each, no more than the
 * service may scale to. Never throws, and each call is given up after a second.
 * @returns what a person is told of it
 */
export async function askForTasks({ place, colour, needed }: ShortColour, config: StackConfig, state: State, aws: Aws): Promise<string> {
  const { rule } = trafficNames(config, place.region, place.service);
  const { resourceId, maxCapacity } = namedIn(state, "aws:appautoscaling/target:Target", `${rule}-${colour}`)?.outputs ?? {};
  if (typeof resourceId !== "string") return "expect errors until more tasks run";
  const tasks = Math.min(needed, Number(maxCapacity));
  const [, cluster, service] = resourceId.split("/");
  const target = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount", ResourceId: resourceId } as const;
  const pin = async () =>
    (await aws.client("applicationAutoScaling", place.region)).registerScalableTarget({ ...target, MinCapacity: tasks });
  const run = async () => (await aws.client("ecs", place.region)).updateService({ cluster, service, desiredCount: tasks });
  const asked = await Promise.allSettled([inTime(pin()), inTime(run())]);
  const refused = asked.flatMap((one) => (one.status === "rejected" ? [reasonOf(one.reason)] : []));
  if (refused.length > 0) return `expect errors until more tasks run; asking for ${tasks} was refused: ${refused.join("; ")}`;
  return `${tasks} tasks are asked for, expect errors until they run`;
}
