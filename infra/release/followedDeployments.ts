/**
 * Deployments that this update's follow. The AWS provider deploys nothing where it sees no difference to its state, and sees none to what
 * has failed or was put back: so what runs is asked of ECS, and a deployment that is to be made, or made again, gets a revision of its own.
 */
import { getTaskDefinition } from "@pulumi/aws/ecs/getTaskDefinition.js";
import { getResources } from "@pulumi/aws/resourcegroupstaggingapi/getResources.js";
import { type InvokeOptions, log, RunError } from "@pulumi/pulumi";
import { colours } from "../../components/colours.ts";
import { Names } from "../../components/environment/names.ts";
import { deploymentAnswer } from "../../components/release/deployment.ts";
import { describeContainer } from "../../components/service/container.ts";
import { type LiveDeployment, liveDeployment } from "../../components/service/liveDeployment.ts";
import { askedVariable, partVariable } from "../config/commandVariables.ts";
import type { StackConfig } from "../config/stack.ts";
import { regionalConfigs } from "../config/standby.ts";
import { ecsServicesInState, type StateResources } from "./releaseInState.ts";
import { settingsFingerprint } from "./settingsFingerprint.ts";

/** What ECS has deployed before this update. */
export interface FollowedDeployments {
  /** Deployment that a colour's follows, by the whole name of its ECS service; none for the first. */
  readonly ids: ReadonlyMap<string, string>;
  /** Services may be left out of this update: they fail nothing. */
  readonly partly: boolean;
}

/** Of a first update. */
export const nothingFollowed: FollowedDeployments = { ids: new Map(), partly: false };

/** An ECS service as it is. */
export interface LiveService extends LiveDeployment {
  readonly serviceName: string;
  /** Of the revision that runs, or does not get to. */
  readonly container: ReturnType<typeof describeContainer>;
}

/**
 * Asks ECS in each region of the stack.
 * @param state names the services; undefined where nobody has seen it, and then their tags find them
 * @throws RunError when ECS cannot be read: a label that is lost would be a deployment
 */
export async function followedDeployments(
  config: StackConfig,
  state: StateResources | undefined,
  opts: InvokeOptions,
): Promise<FollowedDeployments> {
  const asked = (process.env[askedVariable] ?? "").split(",");
  const regions = regionalConfigs(config);
  try {
    const followed = (
      await Promise.all(regions.map(async (there) => followedIn(there, await liveServices(there, state, opts), asked)))
    ).flat();
    await Promise.all(followed.flatMap(({ repeated }) => (repeated === undefined ? [] : [log.warn(repeated)])));
    const ids = new Map(followed.flatMap(({ name, id }) => (id === "" ? [] : [[name, id] as const])));
    return { ids, partly: process.env[partVariable] !== undefined };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RunError(`Nobody can tell what ECS runs of this stack, so nothing was changed: ${reason}`);
  }
}

interface Followed {
  readonly name: string;
  /** Empty where nothing was deployed. */
  readonly id: string;
  /** Why what was deployed is deployed again. @default it is another, or runs */
  readonly repeated?: string;
}

/** Pure. @param config as it is in a region @param live by whole name @param asked names of ECS services whose tasks are on their way, though ECS may not tell yet */
export function followedIn(
  config: Pick<StackConfig, "services" | "system" | "environment" | "aws">,
  live: ReadonlyMap<string, LiveService>,
  asked: readonly string[] = [],
): Followed[] {
  const { services } = config;
  const names = new Names(config, config.aws.region);
  return Object.entries(services).flatMap(([service, wanted]) =>
    colours.flatMap((colour): Followed[] => {
      const name = `${names.regional(service)}-${colour}`;
      const one = live.get(name);
      if (one === undefined) return [];
      const { image, settings, follows } = one.container;
      const same = image === wanted.release[colour].image && settings === settingsFingerprint(wanted);
      const state = asked.includes(one.serviceName) ? "inProgress" : one.state;
      const { answer, reason } = deploymentAnswer({ ...one, state, wanted: { revision: one.running.revision, tasks: one.desired } });
      if (!same) return [{ name, id: one.id }];
      return answer === "repeat" ? [{ name, id: one.id, repeated: `${name} is deployed again: ${reason}.` }] : [{ name, id: follows }];
    }),
  );
}

/** An ECS service that may be there. */
interface NamedService {
  /** Whole name, as its resource has it. */
  readonly name: string;
  readonly clusterArn: string;
  readonly serviceName: string;
}

async function liveServices(
  config: StackConfig,
  state: StateResources | undefined,
  opts: InvokeOptions,
): Promise<ReadonlyMap<string, LiveService>> {
  const { region } = config.aws;
  const named = state === undefined ? await taggedServices(config, opts) : servicesInState(config, state);
  const services = await Promise.all(
    named.map(async ({ name, ...service }): Promise<[string, LiveService][]> => {
      const live = await liveDeployment({ ...service, region }, opts).catch((error: unknown) => {
        // Somebody removed it: there is nothing to follow.
        if (error instanceof Error && /couldn't find resource|no matching/i.test(error.message)) return undefined;
        throw error;
      });
      if (live === undefined) return [];
      const { containerDefinitions } = await getTaskDefinition({ taskDefinition: live.running.revision, region }, opts);
      return [[name, { ...live, serviceName: service.serviceName, container: describeContainer(containerDefinitions) }]];
    }),
  );
  return new Map(services.flat());
}

function servicesInState(config: StackConfig, state: StateResources): NamedService[] {
  const names = new Names(config, config.aws.region);
  const find = ecsServicesInState(state, config);
  return Object.keys(config.services).flatMap((service) =>
    colours.flatMap((colour) => {
      const found = find(service, colour);
      const name = `${names.regional(service)}-${colour}`;
      return found === undefined ? [] : [{ name, clusterArn: found.cluster, serviceName: found.name }];
    }),
  );
}

async function taggedServices({ system, environment, aws: { region } }: StackConfig, opts: InvokeOptions): Promise<NamedService[]> {
  const tagFilters = Object.entries({ System: system, Environment: environment }).map(([key, value]) => ({ key, values: [value] }));
  const { resourceTagMappingLists } = await getResources({ region, resourceTypeFilters: ["ecs:service"], tagFilters }, opts);
  return resourceTagMappingLists.map(({ resourceArn, tags: { Name: name = "" } }) => {
    const [, clusterArn = "", serviceName = ""] = resourceArn.split("/");
    return { name, clusterArn, serviceName };
  });
}
