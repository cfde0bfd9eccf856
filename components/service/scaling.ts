/** How many tasks one colour of a service has. */
import { Policy, type PolicyArgs } from "@pulumi/aws/appautoscaling/policy.js";
import { Target } from "@pulumi/aws/appautoscaling/target.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output, type Unwrap } from "@pulumi/pulumi";
import { Component, type Regional } from "../component.ts";
import type { Accepted } from "../contract/accepted.ts";
import { requestsPerTarget } from "../metrics/applicationLoadBalancer.ts";
import { averageUse } from "../metrics/ecs.ts";
import type { colourRelease } from "../release/contract.ts";
import type { scaling } from "./contract.ts";

/** Arguments of `Scaling`: bounds and aims, and these. */
export interface ScalingArgs extends Accepted<typeof scaling>, Regional {
  readonly clusterName: Input<string>;
  readonly serviceName: Input<string>;
  /** Load balancer and target group of the colour, as metrics name them. */
  readonly loadBalancerArnSuffix: Input<string>;
  readonly targetGroupArnSuffix: Input<string>;
  /** `zero` keeps the colour without tasks. */
  readonly capacity: Accepted<typeof colourRelease>["capacity"];
}

/** A colour whose tasks may be asked for: a rollback does, before traffic comes back to it. */
export interface ScaledColour {
  /** ARN of its ECS service. */
  readonly serviceArn: Output<string>;
  /** ARN of its scalable target. */
  readonly targetArn: Output<string>;
  readonly minimum: number;
  readonly maximum: number;
}

/** Fewest and most tasks of a colour. Pure. */
export function taskBounds({ capacity, minimum, maximum }: Pick<ScalingArgs, "capacity" | "minimum" | "maximum">): {
  readonly minimum: number;
  readonly maximum: number;
} {
  return capacity === "zero" ? { minimum: 0, maximum: 0 } : { minimum, maximum };
}

/**
 * Target tracking by CPU, memory and requests. Application Auto Scaling moves the number of tasks into its bounds as soon
 * as they change, so a colour comes and goes by its bounds alone.
 */
export class Scaling extends Component {
  /** ARN of the scalable target. */
  readonly targetArn: Output<string>;

  constructor(name: string, args: ScalingArgs, opts?: ComponentResourceOptions) {
    super("slipway:service:Scaling", name, args, opts);
    const bounds = taskBounds(args);
    const target = this.child(Target, name, {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: interpolate`service/${args.clusterName}/${args.serviceName}`,
      minCapacity: bounds.minimum,
      maxCapacity: bounds.maximum,
    });
    const follow = (part: string, targetValue: number, followed: FollowedMetric) =>
      this.child(Policy, `${name}-${part}`, {
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: { targetValue, scaleInCooldown: 300, scaleOutCooldown: 60, ...followed },
      });
    const use = (predefinedMetricType: string) => ({ predefinedMetricSpecification: { predefinedMetricType } });
    follow("cpu", args.cpuPercent, use(averageUse.cpu));
    follow("memory", args.memoryPercent, use(averageUse.memory));
    if (args.requestsPerMinutePerTask !== undefined)
      follow("requests", args.requestsPerMinutePerTask, requestsOrNone(args.loadBalancerArnSuffix, args.targetGroupArnSuffix));
    this.targetArn = target.arn;
    this.registerOutputs();
  }
}

type FollowedMetric = Omit<Unwrap<NonNullable<PolicyArgs["targetTrackingScalingPolicyConfiguration"]>>, "targetValue">;

/**
 * Requests of a target, 0 where there were none. The metric that AWS has ready for this has no data points then, which holds the colour
 * at its most tasks for ever: all policies have to be ready to scale in, and one without data is not.
 */
function requestsOrNone(loadBalancer: Input<string>, targetGroup: Input<string>) {
  const { namespace, name: metricName, statistic: stat, dimensions = {} } = requestsPerTarget(loadBalancer, targetGroup);
  const metric = { namespace, metricName, dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })) };
  return {
    customizedMetricSpecification: {
      metrics: [
        { id: "requests", metricStat: { metric, stat }, returnData: false },
        { id: "filled", expression: "FILL(requests, 0)", returnData: true },
      ],
    },
  };
}
