/** A service as it is now: weights, healthy targets, and what each colour was told to run and runs. */
import type { Healthy } from "../../components/release/capacity.ts";
import type { Deployment } from "../../components/release/deployment.ts";
import { namedTypes, trafficNames } from "../../infra/config/physicalNames.ts";
import { type Colour, colours, type Weights } from "../../infra/config/release.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";
import { UserError } from "../userError.ts";
import { verifiedCloud } from "../verify/cloud.ts";
import { namedIn, type ServicePlace } from "../verify/places.ts";
import { percentages } from "../verify/traffic.ts";

/** What runs in a colour. */
export interface LiveColourDeployment extends Deployment {
  /** Digest that the state's revision has. */
  readonly digest: string;
}

/** Deployments by colour; none of a colour that state or ECS has no service of. */
export type LiveDeployments = Readonly<Partial<Record<Colour, LiveColourDeployment>>>;

/** A service whose rule is there. */
export type RuledPlace = ServicePlace & { readonly ruleArn: string };

/** Weights as the load balancer has them, whole percent. @throws UserError when they cannot be read */
export async function liveWeights({ ruleArn, region, groupArns }: RuledPlace, aws: Aws): Promise<Weights> {
  const { blue, green } = percentages(await verifiedCloud(aws).weights({ arn: ruleArn, region }), groupArns);
  const whole = Math.round(blue);
  return blue + green === 0 ? { blue: 0, green: 0 } : { blue: whole, green: 100 - whole };
}

/** Healthy targets by colour; none of a colour that cannot be read. */
export async function healthyTargets({ groupArns, region }: ServicePlace, aws: Aws): Promise<Healthy> {
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

/** What each colour was told to run, and what runs. @throws UserError when ECS cannot be asked */
export async function liveDeployments(
  { region, service }: ServicePlace,
  config: StackConfig,
  state: State,
  aws: Aws,
): Promise<LiveDeployments> {
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
    const { taskDefinition = "", rolloutState = "" } = primary;
    const tasks = Number(primary.runningCount);
    const running = { revision: tasks > 0 ? taskDefinition : "", tasks };
    const state = states[rolloutState] ?? "inProgress";
    return [[colour, { digest, wanted: { revision, tasks: Number(live?.desiredCount) }, running, state }] as const];
  });
  return Object.fromEntries(found);
}
