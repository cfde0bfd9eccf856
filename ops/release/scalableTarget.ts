/** Fewest and most tasks that Application Auto Scaling keeps of a colour, as they are now, and how the fewest are raised and lowered. */
import { trafficNames } from "../../infra/config/physicalNames.ts";
import type { Colour } from "../../infra/config/release.ts";
import { namedIn, type ServicePlace } from "../verify/places.ts";
import type { Updated } from "./situation.ts";

/** One colour's scalable target. */
export interface ColourTarget {
  readonly urn: string;
  readonly resourceId: string;
  /** Fewest tasks that the stack declares; an update that reads what is live does not change this. */
  readonly declared: number;
  readonly maximum: number;
}

const ecs = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

/** A colour's target in the state. @returns undefined where nobody scales it */
export function targetIn({ config, state }: Updated, { region, service }: ServicePlace, colour: Colour): ColourTarget | undefined {
  const { rule } = trafficNames(config, region, service);
  const found = namedIn(state, "aws:appautoscaling/target:Target", `${rule}-${colour}`);
  if (found === undefined) return undefined;
  const { resourceId, maxCapacity } = found.outputs ?? {};
  return { urn: found.urn, resourceId: String(resourceId), declared: Number(found.inputs?.minCapacity), maximum: Number(maxCapacity) };
}

/** Fewest tasks of a target now; undefined where there is none. */
export async function fewestTasks({ aws }: Updated, region: string, { resourceId }: ColourTarget): Promise<number | undefined> {
  const { ScalableTargets = [] } = await (await aws.client("applicationAutoScaling", region)).describeScalableTargets({
    ServiceNamespace: ecs.ServiceNamespace,
    ResourceIds: [resourceId],
  });
  return ScalableTargets[0]?.MinCapacity;
}

/** Sets the fewest tasks, and leaves the most as they are. */
export async function setFewestTasks({ aws }: Updated, region: string, { resourceId }: ColourTarget, tasks: number): Promise<void> {
  const scaling = await aws.client("applicationAutoScaling", region);
  await scaling.registerScalableTarget({ ...ecs, ResourceId: resourceId, MinCapacity: tasks });
}
