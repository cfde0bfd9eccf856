/**
 * Traffic that is live but not in the state: after an interrupted update, or an edit in the console. The engine
 * compares config with state only, so without this a rollback to what the state says would do nothing.
 */
import { resourceName } from "../../infra/config/resourceName.ts";
import type { Aws } from "../aws/aws.ts";
import type { Session } from "../engine/session.ts";
import type { State, StateResource } from "../engine/state.ts";
import type { Cluster, ObjectPlace } from "../kubernetes/cluster.ts";
import { UserError } from "../userError.ts";
import { listenerRule, liveListenerRules } from "./liveRules.ts";
import { lacksCredential, refreshed } from "./renewedCredential.ts";
import { type Properties, sameRule, sameTraffic, selectedIn, sharesIn, trafficIn } from "./traffic.ts";

/** What is needed of a session: running the engine, its output captured. */
type EngineRun = Pick<Session, "capture">;

/** What is asked of the clouds themselves. */
export interface Clouds {
  readonly aws: Aws;
  readonly cluster: Pick<Cluster, "read" | "patch">;
}

/** Types whose objects may split traffic. */
const ruleTypes = [listenerRule, "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"];

const serviceType = "kubernetes:core/v1:Service";

/**
 * Rules that forward to target groups, or split traffic between Services, and Services whose selector names the colour. A rule
 * with one group counts: an automatic rollback takes the candidate out where clients stick to it.
 */
export function weightedRules(state: Pick<State, "resources">): StateResource[] {
  return state.resources.filter(
    ({ type, inputs }) =>
      (ruleTypes.includes(type) && sharesIn(inputs).length > 0) || (type === serviceType && selectedIn(inputs).length > 0),
  );
}

/** Targets that name one service's rule, route or Service by its end, as far as a state has such: `**HTTPRoute::*-<service>`. */
export function trafficTargets(resources: State["resources"]): string[] {
  const types = new Set(
    weightedRules({ resources }).map(({ type }) => (type === serviceType ? "core/v1:Service" : type.split(":").at(-1))),
  );
  return [...types].map((type) => `**${type}::*-<service>`);
}

/** How live traffic compares with the state: other weights, rules that differ otherwise or are gone, or nobody could tell. */
export type TrafficDrift = "none" | "weights" | "rules" | "unread";

/**
 * Compares live traffic with the state. Changes nothing, and starts no engine; whatever keeps a cloud from answering is for the
 * engine to meet again and to say. On a cluster only the weights count: a server may answer other properties in another form than
 * it was given them.
 */
export async function trafficDrift(
  state: State,
  { aws, cluster }: Pick<Clouds, "aws"> & { readonly cluster: Pick<Cluster, "read"> },
): Promise<TrafficDrift> {
  const rules = weightedRules(state);
  const ofAws = rules.filter(({ type }) => type === listenerRule);
  const onAws = await driftOnAws(ofAws, aws);
  if (onAws !== "none") return onAws;
  return driftOnCluster(
    rules.filter(({ type }) => type !== listenerRule),
    cluster,
  );
}

async function driftOnAws(rules: readonly StateResource[], aws: Aws): Promise<TrafficDrift> {
  if (rules.length === 0) return "none";
  try {
    const live = await liveListenerRules(rules, aws);
    if (rules.some((rule) => !sameTraffic(stateOf(rule), live.get(rule.urn)))) return "weights";
    return rules.every((rule) => sameRule(rule, live.get(rule.urn))) ? "none" : "rules";
  } catch (error) {
    return error instanceof Error && error.name === "RuleNotFoundException" ? "rules" : "unread";
  }
}

/** How traffic on a cluster compares with the state. */
export async function driftOnCluster(rules: readonly StateResource[], cluster: Pick<Cluster, "read">): Promise<TrafficDrift> {
  try {
    const live = await Promise.all(rules.map((rule) => cluster.read(placeOf(rule))));
    return rules.every((rule, index) => sameTraffic(stateOf(rule), live[index])) ? "none" : "weights";
  } catch (error) {
    if (error instanceof UserError) return "unread";
    throw error;
  }
}

/** The provider's id of an object is its namespace and name. */
export function placeOf({ type, id = "" }: StateResource): ObjectPlace {
  const [namespace = "", name = ""] = id.split("/");
  return { type, namespace, name };
}

/** Reads the live weights into the state. @returns one line for each rule whose weights were different */
export async function adoptLiveTraffic(session: EngineRun, before: State, readAgain: () => Promise<State>): Promise<string[]> {
  const rules = weightedRules(before);
  if (rules.length === 0) return [];
  await readLiveTraffic(session, before);
  const now = new Map((await readAgain()).resources.map((resource) => [resource.urn, resource]));
  return rules.flatMap((rule) => {
    const [was, is] = [stateOf(rule), now.get(rule.urn)?.outputs];
    if (sameTraffic(was, is)) return [];
    return [`${resourceName(rule.urn)}: the state said ${trafficIn(was)}, live is ${trafficIn(is) || "gone"}`];
  });
}

/** What a rule was at the last update. */
function stateOf({ outputs, inputs }: StateResource): Properties {
  return outputs ?? inputs;
}

/** Tries of one read; a throttled one is worth another try. */
const tries = 3;

/**
 * Reads what is live at the rules into the state, and at nothing else.
 * @param others URNs that are read besides. @default none
 * @param env names another state than the stack's own. @default none
 * @throws UserError when they cannot be read: an update that does not know where traffic is could leave it there
 */
export async function readLiveTraffic(
  session: EngineRun,
  state: State,
  others: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const urns = new Set([...weightedRules(state).map(({ urn }) => urn), ...others]);
  if (urns.size === 0) return;
  for (let attempt = 1; ; attempt++) {
    const result = await refreshed(session, ["refresh", "--yes", "--skip-preview", ...targets(urns)], env);
    const { exitCode, stdout, stderr } = result;
    if (exitCode === 0) return;
    const refused = lacksCredential(result);
    if (attempt < tries && !refused) continue;
    const next = refused
      ? "The cluster takes neither the credential that the state has nor that of the config: renew it where slipway:kubernetes.cluster.access finds it."
      : "Run the command again.";
    const what = `The live traffic weights could not be read${refused ? "" : ` in ${tries} tries`}, so nothing was changed`;
    throw new UserError(`${what}:\n${lastLines(stdout)}\n${lastLines(stderr)}\n${next}`);
  }
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-12).join("\n");
}

function targets(urns: Iterable<string>): string[] {
  return [...urns].flatMap((urn) => ["--target", urn]);
}
