/**
 * Whether a colour on a cluster that an update gives more traffic has a pod to take it: asked of the cluster itself, before anything is
 * changed. Unlike ECS nothing here asks for pods and waits: the autoscaler's minimum keeps them, and one that is ready is what is asked.
 */
import { type Colour, colours, otherColour, weightsOf } from "../../infra/config/release.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { State } from "../engine/state.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
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
  const namespace = config.kubernetes.cluster?.namespace;
  const own = Object.entries(config.services).filter(([, { compute }]) => compute === "kubernetes");
  if (namespace === undefined || own.length === 0) return;
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
  const rules = weightedRules(state).filter(({ type, id = "" }) => type.startsWith("kubernetes:") && ids.includes(id));
  const wanted = weightsOf(release.live, release.candidateWeight);
  // What cannot be read the engine meets as well, and says so.
  const objects = await Promise.all(rules.map((rule) => cluster.read(placeOf(rule)).catch(() => undefined)));
  const shares = objects.map((object) => sharesOf(object)).find((found) => found !== undefined);
  const riser = shares === undefined ? undefined : colours.find((colour) => wanted[colour] > (shares[colour] ?? 0));
  if (riser === undefined) return undefined;
  const deployment = `${name}-${riser}`;
  const pods = await readyPods(cluster, { type: "kubernetes:apps/v1:Deployment", namespace, name: deployment }, riser === release.live);
  if (pods === undefined || pods > 0) return undefined;
  const other = otherColour(riser);
  return `${name}: ${riser} has no ready pod, and would get ${wanted[riser]} % of the traffic; ${other} has ${shares?.[other] ?? 0} % of it now: kubectl -n ${namespace} describe deployment ${deployment}`;
}

/** Percent by colour; undefined for an object that splits no traffic. */
function sharesOf(object: Record<string, unknown> | undefined): Partial<Record<Colour, number>> | undefined {
  const [selected] = selectedIn(object);
  if (selected !== undefined) return { [selected]: 100 };
  const shares = sharesIn(object).flatMap(({ to, weight }) => {
    const colour = colours.find((one) => to.endsWith(`-${one}`));
    return colour === undefined ? [] : [[colour, weight] as const];
  });
  return shares.length === 0 ? undefined : Object.fromEntries(shares);
}

/** Ready pods; undefined where nobody can tell, which holds no way back. @throws UserError where that would be a way forward */
async function readyPods(cluster: Reads, place: Parameters<Reads["read"]>[0], back: boolean): Promise<number | undefined> {
  try {
    const { status } = ((await cluster.read(place)) ?? {}) as { readonly status?: { readonly readyReplicas?: number } };
    return status?.readyReplicas ?? 0;
  } catch (error) {
    if (back && error instanceof UserError) return undefined;
    throw error;
  }
}
