/** Application Auto Scaling: bounds of a service's tasks. */
import type { ApplicationAutoScaling } from "@aws-sdk/client-application-auto-scaling";
import { keepWithinBounds } from "../cloud/aws/rules.ts";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject } from "../cloud/liveStore.ts";
import type { Properties } from "../provider/values.ts";
import { type Asked, here, type OperationsOf } from "./operation.ts";

export const scalableTargets = {
  // API reference, DescribeScalableTargets: of what is not registered it says nothing.
  DescribeScalableTargets: ({ ResourceIds = [] }, asked) => ({
    ScalableTargets: ResourceIds.flatMap((ResourceId) => {
      const { minCapacity, maxCapacity } = liveTarget(ResourceId, asked)?.properties ?? {};
      if (minCapacity === undefined) return [];
      const own = {
        ServiceNamespace: "ecs",
        ScalableDimension: "ecs:service:DesiredCount",
        CreationTime: new Date(0),
        RoleARN: "",
      } as const;
      return [{ ...own, ResourceId, MinCapacity: Number(minCapacity), MaxCapacity: Number(maxCapacity) }];
    }),
  }),

  // API reference, RegisterScalableTarget: both bounds are asked for a new target alone; the number of tasks is kept within them.
  RegisterScalableTarget: ({ ResourceId = "", MinCapacity, MaxCapacity }, asked) => {
    const target = liveTarget(ResourceId, asked);
    if (target === undefined)
      throw new CloudError("ValidationException", "Capacity limits are required when registering a new scalable target");
    const { minCapacity, maxCapacity } = target.properties;
    const bounds = { minCapacity: MinCapacity ?? Number(minCapacity), maxCapacity: MaxCapacity ?? Number(maxCapacity) };
    if (bounds.minCapacity > bounds.maxCapacity)
      throw new CloudError("ValidationException", "Maximum capacity cannot be less than minimum capacity");
    const properties: Properties = { ...target.properties, ...bounds };
    asked.store.put({ ...target, properties });
    keepWithinBounds(properties, asked);
    return { ScalableTargetARN: String(properties.arn) };
  },
} satisfies OperationsOf<ApplicationAutoScaling>;

/** A target by what it scales: `service/<cluster>/<service>`. */
export function liveTarget(resourceId: string, asked: Asked): LiveObject | undefined {
  return here("aws:appautoscaling/target:Target", asked).find(({ properties }) => properties.resourceId === resourceId);
}
