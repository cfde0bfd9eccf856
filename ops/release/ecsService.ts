/** A service on ECS behind the load balancer, as a release reads it and asks it. */
import type { ForwardActionConfig } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Healthy } from "../../components/release/capacity.ts";
import type { Deployment } from "../../components/release/deployment.ts";
import { everythingTo } from "../../components/release/withdrawal.ts";
import { namedTypes, trafficNames } from "../../infra/config/physicalNames.ts";
import { type Colour, colours, type Weights } from "../../infra/config/release.ts";
import type { Aws } from "../aws/aws.ts";
import { UserError } from "../userError.ts";
import { verifiedCloud } from "../verify/cloud.ts";
import { namedIn, type ServicePlace, servicePlaces } from "../verify/places.ts";
import { reasonToStay, wholeShares } from "../verify/traffic.ts";
import type { ColourScaling, LiveDeployments, ReleasedConfig, ReleasedService, Split, Updated } from "./releasedService.ts";

type Asked = Updated<ReleasedConfig>;

/** A service whose rule is there. */
type RuledPlace = ServicePlace & { readonly ruleArn: string };

/** Services on ECS that have a rule, in every region of the stack, the primary first. */
export function ecsServices(update: Asked): ReleasedService[] {
  return servicePlaces(update.config, update.state).flatMap(({ ruleArn, ...place }) =>
    ruleArn === undefined ? [] : [ecsService({ ruleArn, ...place }, update)],
  );
}

function ecsService(place: RuledPlace, update: Asked): ReleasedService {
  const { service, region, primary, live, candidateWeight, minimumTasks } = place;
  return {
    ...{ service, region, live, candidateWeight, minimumTasks },
    where: primary ? service : `${service} in ${region}`,
    balancer: "The load balancer",
    weights: async () => (await splitOf(place, update)).weights,
    split: () => splitOf(place, update),
    healthy: () => healthyTargets(place, update),
    deployments: () => deploymentsOf(place, update),
    scaling: (colour) => scalingOf(place, colour, update),
    reasonToStay: (receiver) => reasonToStay(receiver, place, verifiedCloud(update.aws)),
    giveWeights: (weights) => giveWeights(place, weights, update),
  };
}

async function splitOf({ ruleArn, region, groupArns }: RuledPlace, { aws }: Asked): Promise<Split> {
  const forward = await forwardOf(ruleArn, region, aws);
  const live = new Map((forward.TargetGroups ?? []).map(({ TargetGroupArn = "", Weight = 1 }) => [TargetGroupArn, Weight]));
  const sticky = forward.TargetGroupStickinessConfig?.Enabled === true;
  return {
    weights: wholeShares(live, groupArns),
    sticky,
    giveAll: async (receiver) => {
      const TargetGroups = everythingTo(receiver, sticky).flatMap(({ colour, weight }) => {
        const TargetGroupArn = groupArns[colour];
        return TargetGroupArn === undefined ? [] : [{ TargetGroupArn, Weight: weight }];
      });
      await writeForward(ruleArn, region, aws, { TargetGroups, TargetGroupStickinessConfig: { Enabled: false } });
    },
  };
}

/** A group that gets everything may be named beside the weights, or in place of them. */
async function forwardOf(ruleArn: string, region: string, aws: Aws): Promise<ForwardActionConfig> {
  const elb = await aws.client("elbv2", region);
  const { Rules = [] } = await aws.told(`The rule ${ruleArn} cannot be read`, elb.describeRules({ RuleArns: [ruleArn] }));
  const [action] = Rules[0]?.Actions ?? [];
  const alone = action?.TargetGroupArn === undefined ? [] : [{ TargetGroupArn: action.TargetGroupArn, Weight: 1 }];
  return { ...action?.ForwardConfig, TargetGroups: action?.ForwardConfig?.TargetGroups ?? alone };
}

async function writeForward(ruleArn: string, region: string, aws: Aws, ForwardConfig: ForwardActionConfig): Promise<void> {
  const elb = await aws.client("elbv2", region);
  const Actions = [{ Type: "forward" as const, ForwardConfig }];
  await aws.told(`The rule ${ruleArn} cannot be written`, elb.modifyRule({ RuleArn: ruleArn, Actions }));
}

async function healthyTargets({ groupArns, region }: RuledPlace, { aws }: Asked): Promise<Healthy> {
  const cloud = verifiedCloud(aws);
  const counted = colours.map(async (colour) => {
    const arn = groupArns[colour];
    if (arn === undefined) return [colour, 0] as const;
    const found = await cloud.targetHealth({ arn, region }).catch((error: unknown) => {
      if (error instanceof UserError) return undefined;
      throw error;
    });
    return [colour, found?.healthy] as const;
  });
  return Object.fromEntries((await Promise.all(counted)).filter(([, healthy]) => healthy !== undefined));
}

const states: Readonly<Record<string, Deployment["state"]>> = { COMPLETED: "completed", FAILED: "failed" };

async function deploymentsOf({ region, service }: RuledPlace, { config, state, aws }: Asked): Promise<LiveDeployments> {
  const { rule } = trafficNames(config, region, service);
  const wanted = colours.flatMap((colour) => {
    const outputs = namedIn(state, namedTypes.service, `${rule}-${colour}`)?.outputs;
    const task = namedIn(state, namedTypes.taskDefinition, `${rule}-${colour}`)?.outputs;
    const digest = /@(sha256:[0-9a-f]{64})/.exec(String(task?.containerDefinitions))?.[1];
    if (outputs === undefined || digest === undefined) return [];
    return [{ colour, cluster: String(outputs.cluster), name: String(outputs.name), digest, revision: String(task?.arn) }];
  });
  const [first] = wanted;
  if (first === undefined) return {};
  const ecs = await aws.client("ecs", region);
  const asked = ecs.describeServices({ cluster: first.cluster, services: wanted.map(({ name }) => name) });
  const { services = [] } = await aws.told(`The services of ${service} cannot be read`, asked);
  const found = wanted.flatMap(({ colour, name, digest, revision }) => {
    const live = services.find(({ serviceName }) => serviceName === name);
    const primary = live?.deployments?.find(({ status }) => status === "PRIMARY");
    if (primary === undefined) return [];
    const { taskDefinition = "", rolloutState = "", rolloutStateReason: why = "" } = primary;
    const tasks = Number(primary.runningCount);
    const running = { revision: tasks > 0 ? taskDefinition : "", tasks };
    const state = states[rolloutState] ?? "inProgress";
    return [
      [
        colour,
        { digest, wanted: { revision, tasks: Number(live?.desiredCount) }, running, state, ...(why === "" ? {} : { why }) },
      ] as const,
    ];
  });
  return Object.fromEntries(found);
}

const dimension = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

/** The colour's target of Application Auto Scaling, and the service itself. */
function scalingOf({ region, service }: RuledPlace, colour: Colour, { config, state, aws }: Asked): ColourScaling | undefined {
  const { rule } = trafficNames(config, region, service);
  const found = namedIn(state, "aws:appautoscaling/target:Target", `${rule}-${colour}`);
  if (found === undefined) return undefined;
  const { resourceId, maxCapacity } = found.outputs ?? {};
  const ResourceId = String(resourceId);
  const [, cluster, runner = ""] = ResourceId.split("/");
  const scaling = () => aws.client("applicationAutoScaling", region);
  return {
    ...{ urn: found.urn, property: "minCapacity", runner },
    declared: Number(found.inputs?.minCapacity),
    maximum: Number(maxCapacity),
    fewest: async () => {
      const asked = { ServiceNamespace: dimension.ServiceNamespace, ResourceIds: [ResourceId] };
      const { ScalableTargets = [] } = await (await scaling()).describeScalableTargets(asked);
      return ScalableTargets[0]?.MinCapacity;
    },
    keep: async (tasks) => (await scaling()).registerScalableTarget({ ...dimension, ResourceId, MinCapacity: tasks }),
    run: async (tasks) => (await aws.client("ecs", region)).updateService({ cluster, service: runner, desiredCount: tasks }),
  };
}

async function giveWeights({ ruleArn, region, groupArns }: RuledPlace, weights: Weights, { aws }: Asked): Promise<void> {
  const TargetGroups = colours.flatMap((colour) => {
    const TargetGroupArn = groupArns[colour];
    return TargetGroupArn === undefined ? [] : [{ TargetGroupArn, Weight: weights[colour] }];
  });
  const { TargetGroupStickinessConfig: stickiness } = await forwardOf(ruleArn, region, aws);
  await writeForward(ruleArn, region, aws, {
    TargetGroups,
    ...(stickiness === undefined ? {} : { TargetGroupStickinessConfig: stickiness }),
  });
}
