/**
 * Whether a colour on a cluster that an update gives more traffic has a pod to take it: asked of the cluster itself, before anything is
 * changed. Unlike ECS nothing here asks for pods and waits: the autoscaler's minimum keeps them, and one that is ready is what is asked.
 */
import { type Colour, colours, otherColour, type Weights, weightsOf } from "../../infra/config/release.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { State } from "../engine/state.ts";
import type { Cluster, ObjectPlace } from "../kubernetes/cluster.ts";
import { selectedIn, sharesIn } from "../recovery/traffic.ts";
import { placeOf, weightedRules } from "../recovery/trafficDrift.ts";
import { UserError } from "../userError.ts";

type Reads = Pick<Cluster, "read">;
type Services = StackConfig["services"];

/** What an update asks with. */
interface Asked {
  readonly config: Pick<StackConfig, "services" | "kubernetes">;
  readonly state: State;
  readonly cluster: Reads;
}

/** @throws UserError naming every colour that has no pod for the traffic that the config gives it */
export async function requireReadyPods({ config, state, cluster }: Asked): Promise<void> {
  const namespace = String(config.kubernetes.cluster?.namespace);
  const own = Object.entries(config.services).filter(([, { compute }]) => compute === "kubernetes");
  const problems = await Promise.all(own.map(([name, service]) => refusalOf(name, service, namespace, state, cluster)));
  const refused = problems.filter((one) => one !== undefined);
  if (refused.length > 0) throw new UserError([...refused, "Nothing was changed, and traffic is where it was."].join("\n"));
}

/** Why a service's traffic stays; undefined where it may move, or where nothing gets more. */
async function refusalOf(
  name: string,
  { release }: Services[string],
  namespace: string,
  state: State,
  cluster: Reads,
): Promise<string | undefined> {
  const ids = [`${namespace}/${name}`, `${namespace}/${name}-service`];
  const rules = weightedRules(state).filter(({ id = "" }) => ids.includes(id));
  const wanted = weightsOf(release.live, release.candidateWeight);
  // What cannot be read the engine meets as well, and says so.
  const objects = await Promise.all(rules.map((rule) => cluster.read(placeOf(rule)).catch(() => undefined)));
  const shares = objects.map((object) => sharesOf(object)).find((found) => found !== undefined);
  const riser = shares === undefined ? undefined : colours.find((colour) => wanted[colour] > shares[colour]);
  if (shares === undefined || riser === undefined) return undefined;
  const deployment = `${name}-${riser}`;
  const place = { type: "kubernetes:apps/v1:Deployment", namespace, name: deployment };
  if ((await hasReadyPods(cluster, place, riser === release.live)) !== false) return undefined;
  const other = otherColour(riser);
  return `${name}: ${riser} has no ready pod, and would get ${wanted[riser]} % of the traffic; ${other} has ${shares[other]} % of it now: kubectl -n ${namespace} describe deployment ${deployment}`;
}

/** Percent by colour; undefined for an object that splits no traffic. */
export function sharesOf(object: Record<string, unknown> | undefined): Weights | undefined {
  const selected = selectedIn(object).map((version) => ({ to: `-${version}`, weight: 100 }));
  const colour = (one: Colour) => (share: { readonly to: string }) => share.to.endsWith(`-${one}`);
  const shares = [...selected, ...sharesIn(object).filter((share) => colours.some((one) => colour(one)(share)))];
  const of = (one: Colour) => shares.find(colour(one))?.weight ?? 0;
  return shares.length === 0 ? undefined : { blue: of("blue"), green: of("green") };
}

/** Whether one is ready; undefined where nobody can tell, which holds no way back. @throws UserError where that would be a way forward */
async function hasReadyPods(cluster: Reads, place: ObjectPlace, back: boolean): Promise<boolean | undefined> {
  try {
    const { status } = ((await cluster.read(place)) ?? {}) as { readonly status?: { readonly readyReplicas?: number } };
    return Boolean(status?.readyReplicas);
  } catch (error) {
    if (back && error instanceof UserError) return undefined;
    throw error;
  }
}
