/** A service on Kubernetes behind a route, as a release reads it and asks it: pods by the Deployment, their number by the autoscaler. */
import type { Healthy } from "../../components/release/capacity.ts";
import type { Deployment } from "../../components/release/deployment.ts";
import { namedTypes } from "../../infra/config/physicalNames.ts";
import { type Colour, colours, otherColour, type Weights, weightsOf } from "../../infra/config/release.ts";
import type { State, StateResource } from "../engine/state.ts";
import type { ObjectPlace } from "../kubernetes/cluster.ts";
import { forEverybody, type RouteRule, selectedIn, sharesIn } from "../recovery/traffic.ts";
import { placeOf, weightedRules } from "../recovery/trafficDrift.ts";
import { UserError } from "../userError.ts";
import { wholeShares } from "../verify/traffic.ts";
import type { ColourScaling, LiveColourDeployment, LiveDeployments, ReleasedConfig, ReleasedService, Updated } from "./releasedService.ts";

/** Of what has the bounds of a colour's pods. */
export const autoscalerType = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";

type Live = Readonly<Record<string, unknown>>;

/** What is read of a Deployment. */
interface LiveDeployment {
  readonly metadata?: { readonly generation?: number };
  readonly spec?: DeploymentSpec;
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly conditions?: readonly { readonly type: string; readonly reason?: string }[];
  };
}

/** Services on the stack's cluster that have a route, or a Service whose selector is the switch. */
export function clusterServices({ config, state, cluster }: Updated<ReleasedConfig>): ReleasedService[] {
  const namespace = config.kubernetes.cluster?.namespace;
  const byId = (type: string, id: string) => state.resources.find((one) => one.type === type && one.id === id && one.delete !== true);
  return Object.entries(config.services).flatMap(([service, { compute, release, scaling }]): ReleasedService[] => {
    if (compute !== "kubernetes" || namespace === undefined) return [];
    const own = rulesOf(state, namespace, service);
    if (own.length === 0) return [];
    const ofColour = (type: string, colour: Colour) => byId(type, `${namespace}/${service}-${colour}`);
    const pods = new Pods(cluster, (colour) => ({ type: namedTypes.deployment, namespace, name: `${service}-${colour}` }));
    return [
      {
        ...{ service, region: config.aws.region, where: service, balancer: "The route" },
        ...{ live: release.live, candidateWeight: release.candidateWeight, minimumTasks: scaling.minimum },
        weights: async () => (await liveRule(service, own, cluster)).weights,
        split: async () => {
          const rule = await liveRule(service, own, cluster);
          // No route of a cluster makes clients stay (`stickinessSeconds` is refused there).
          return { weights: rule.weights, sticky: false, giveAll: (receiver) => giveWeights(rule, weightsOf(receiver, 0), cluster) };
        },
        healthy: () => pods.ready(),
        deployments: () => pods.deployments((colour) => ofColour(namedTypes.deployment, colour)),
        scaling: (colour) => scalingOf(ofColour(autoscalerType, colour), `${service}-${colour}`, cluster),
        reasonToStay: (receiver) => pods.reasonToStay(receiver),
        giveWeights: async (weights) => giveWeights(await liveRule(service, own, cluster), weights, cluster),
      },
    ];
  });
}

/** What splits the traffic of a service on a cluster, in the state: its route, or the Service whose selector is the switch. */
export function rulesOf(state: State, namespace: string, service: string): StateResource[] {
  const ids = [`${namespace}/${service}`, `${namespace}/${service}-service`];
  return weightedRules(state).filter(({ id = "" }) => ids.includes(id));
}

/** The object that splits a service's traffic, as it is live. */
interface LiveRule {
  readonly place: ObjectPlace;
  readonly object: Live;
  readonly weights: Weights;
}

/** @throws UserError where none can be read, or none splits traffic */
async function liveRule(service: string, rules: readonly StateResource[], cluster: Updated["cluster"]): Promise<LiveRule> {
  const read = await Promise.all(rules.map(async (rule) => [placeOf(rule), await cluster.read(placeOf(rule))] as const));
  for (const [place, object] of read) {
    const weights = weightsIn(object, service);
    if (object !== undefined && weights !== undefined) return { place, object, weights };
  }
  throw new UserError(`${read.map(([{ namespace, name }]) => `${namespace}/${name}`).join(" and ")}: no object splits traffic any more.`);
}

/** Whole percent by colour; undefined for an object that splits no traffic of the service. */
export function weightsIn(object: Live | undefined, service: string): Weights | undefined {
  const selected = colours.find((colour) => selectedIn(object).includes(colour));
  if (selected !== undefined) return weightsOf(selected, 0);
  const names = { blue: `${service}-blue`, green: `${service}-green` };
  const live = new Map(sharesIn(object).map(({ to, weight }) => [to, weight]));
  return colours.some((colour) => live.has(names[colour])) ? wholeShares(live, names) : undefined;
}

/** The pods of a service's colours. */
class Pods {
  readonly #cluster: Updated["cluster"];
  readonly #place: (colour: Colour) => ObjectPlace;

  constructor(cluster: Updated["cluster"], place: (colour: Colour) => ObjectPlace) {
    this.#cluster = cluster;
    this.#place = place;
  }

  /** By colour; none of a colour that cannot be read. */
  async ready(): Promise<Healthy> {
    const counted = colours.map(async (colour) => {
      try {
        return [[colour, await this.#ready(colour)] as const];
      } catch (error) {
        if (error instanceof UserError) return [];
        throw error;
      }
    });
    return Object.fromEntries((await Promise.all(counted)).flat());
  }

  async #ready(colour: Colour): Promise<number> {
    return count((await this.#read(colour))?.status?.readyReplicas);
  }

  async #read(colour: Colour): Promise<LiveDeployment | undefined> {
    return this.#cluster.read(this.#place(colour));
  }

  /** @param deployed a colour's Deployment in the state @throws UserError when one cannot be read */
  async deployments(deployed: (colour: Colour) => StateResource | undefined): Promise<LiveDeployments> {
    const found = colours.map(async (colour) => {
      const digest = digestIn(deployed(colour)?.inputs?.spec as DeploymentSpec | undefined);
      const live = digest === undefined ? undefined : await this.#read(colour);
      return digest === undefined || live === undefined ? [] : [[colour, deploymentOf(digest, live)] as const];
    });
    return Object.fromEntries((await Promise.all(found)).flat());
  }

  async reasonToStay(receiver: Colour): Promise<string | undefined> {
    const { namespace, name } = this.#place(receiver);
    const look = `kubectl -n ${namespace} describe deployment ${name}`;
    const other = otherColour(receiver);
    try {
      if ((await this.#ready(receiver)) > 0) return undefined;
      const serving = await this.#ready(other);
      return serving === 0
        ? `Neither colour has a ready pod: no weight helps, get pods to run: ${look}`
        : `${receiver} has no ready pod, and ${other} has ${serving}: users are served by ${other}. Leave the weights, and get pods of ${receiver} to run first: ${look}`;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return `The pods of ${receiver} cannot be read (${error.message}): look before you move traffic there: ${look}`;
    }
  }
}

/** What is read of a Deployment's inputs, too. */
interface DeploymentSpec {
  readonly replicas?: number;
  readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
}

/** Digest of the image that a Deployment's pods run. */
function digestIn(spec: DeploymentSpec | undefined): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(String(spec?.template?.spec?.containers?.[0]?.image))?.[1];
}

/** The API server leaves out a number that is 0. */
function count(number: number | undefined): number {
  return number ?? 0;
}

/** What the controller says of a rollout once it ended; until then it is under way. */
const ends: Readonly<Record<string, Deployment["state"]>> = { NewReplicaSetAvailable: "completed", ProgressDeadlineExceeded: "failed" };

/**
 * A rollout as `kubectl rollout status` reads it. The digest is the revision: what else a pod template has the controller's own word covers.
 * Of ready pods as many are new as there are more than old ones: old pods go only when new ones are ready (`maxUnavailable: 0`).
 */
function deploymentOf(digest: string, { metadata, spec, status = {} }: LiveDeployment): LiveColourDeployment {
  const [updated, old] = [count(status.updatedReplicas), count(status.replicas) - count(status.updatedReplicas)];
  const observed = count(status.observedGeneration) >= count(metadata?.generation);
  const tasks = observed ? Math.max(0, Math.min(updated, count(status.readyReplicas) - old)) : 0;
  const reason = status.conditions?.find(({ type }) => type === "Progressing")?.reason ?? "";
  return {
    digest,
    wanted: { revision: digest, tasks: spec?.replicas ?? 1 },
    running: { revision: tasks > 0 ? (digestIn(spec) ?? "") : "", tasks },
    state: (observed ? ends[reason] : undefined) ?? "inProgress",
  };
}

/** The colour's autoscaler: its minimum is a number of pods that it keeps whatever its metrics say. Nobody else writes `spec.replicas`. */
function scalingOf(autoscaler: StateResource | undefined, runner: string, cluster: Updated["cluster"]): ColourScaling | undefined {
  if (autoscaler === undefined) return undefined;
  const bounds = autoscaler.inputs?.spec as { readonly minReplicas?: number; readonly maxReplicas?: number } | undefined;
  const place = placeOf(autoscaler);
  return {
    ...{ urn: autoscaler.urn, property: "spec.minReplicas", runner },
    declared: Number(bounds?.minReplicas),
    maximum: Number(bounds?.maxReplicas),
    fewest: async () => ((await cluster.read(place))?.spec as { readonly minReplicas?: number } | undefined)?.minReplicas,
    keep: (tasks) => cluster.patch(place, { spec: { minReplicas: tasks } }),
  };
}

interface RouteSpec {
  readonly rules: readonly RouteRule[];
}

/** Nobody else may have written it since it was read: rules are replaced as a whole. */
async function giveWeights({ place, object }: LiveRule, weights: Weights, cluster: Updated["cluster"]): Promise<void> {
  const { resourceVersion } = object.metadata as { readonly resourceVersion?: string };
  const metadata = { resourceVersion };
  if (selectedIn(object).length > 0) {
    const version = weights.green === 100 ? "green" : "blue";
    await cluster.patch(place, { metadata, spec: { selector: { version } } });
    return;
  }
  const { rules } = object.spec as RouteSpec;
  const everybody = rules.find(forEverybody);
  const weighed = everybody?.backendRefs?.map((backend) => {
    const colour = colours.find((one) => backend.name?.endsWith(`-${one}`));
    return colour === undefined ? backend : { ...backend, weight: weights[colour] };
  });
  const written = rules.map((rule) => (rule === everybody ? { ...rule, backendRefs: weighed } : rule));
  await cluster.patch(place, { metadata, spec: { rules: written } });
}
