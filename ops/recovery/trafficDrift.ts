/**
 * Traffic weights that are live but not in the state: after an interrupted update, or an edit in the console. The engine
 * compares config with state only, so without this a rollback to what the state says would do nothing.
 */
import { liveOutputs } from "../engine/changes.ts";
import type { Session } from "../engine/session.ts";
import type { State, StateResource } from "../engine/state.ts";
import { UserError } from "../userError.ts";

/** What is needed of a session: running the engine, its output captured. */
type EngineRun = Pick<Session, "capture">;

type Properties = Readonly<Record<string, unknown>> | undefined;

/** Types whose objects may split traffic. */
const ruleTypes = ["aws:lb/listenerRule:ListenerRule", "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"];

const serviceType = "kubernetes:core/v1:Service";

/**
 * Rules that forward to target groups, or split traffic between Services, and Services whose selector names the colour. A rule
 * with one group counts: an automatic rollback takes the candidate out where clients stick to it.
 */
export function weightedRules(state: State): StateResource[] {
  return state.resources.filter(
    ({ type, inputs }) =>
      (ruleTypes.includes(type) && sharesIn(inputs).length > 0) || (type === serviceType && selectedIn(inputs).length > 0),
  );
}

/**
 * Whether the live weights differ from the state, or cannot be read now. Changes nothing. Only the weights count: a real
 * provider may read other properties in another form than it was given them.
 */
export async function trafficDrifted(session: EngineRun, state: State): Promise<boolean> {
  const rules = weightedRules(state);
  if (rules.length === 0) return false;
  const live = liveOutputs(await session.capture(["refresh", "--preview-only", "--json", ...targets(rules.map(({ urn }) => urn))]));
  return rules.some((rule) => live === undefined || !sameTraffic(stateOf(rule), live.get(rule.urn)));
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
    return [`${rule.urn.split("::").at(-1)}: the state said ${trafficIn(was)}, live is ${trafficIn(is) || "gone"}`];
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
    const { exitCode, stdout, stderr } = await session.capture(["refresh", "--yes", "--skip-preview", ...targets(urns)], env);
    if (exitCode === 0) return;
    if (attempt === tries)
      throw new UserError(
        `The live traffic weights could not be read in ${tries} tries, so nothing was changed:\n${lastLines(stdout)}\n${lastLines(stderr)}\nRun the command again.`,
      );
  }
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-12).join("\n");
}

function targets(urns: Iterable<string>): string[] {
  return [...urns].flatMap((urn) => ["--target", urn]);
}

/** Where a share of the traffic goes: an ARN or the name of a Service. AWS answers a set, whose order means nothing. */
interface Share {
  readonly to: string;
  readonly weight: number;
}

/** The first rule of a route is the one for everybody; the others are reached by header. */
interface RouteSpec {
  readonly rules?: readonly { readonly backendRefs?: readonly { readonly name?: string; readonly weight?: number }[] }[];
}

interface ForwardAction {
  readonly forward?: { readonly targetGroups?: readonly { readonly arn?: string; readonly weight?: number }[] };
}

/** Whether two readings of one rule send traffic the same way. */
function sameTraffic(was: Properties, is: Properties): boolean {
  const key = (properties: Properties) => JSON.stringify([sharesIn(properties), selectedIn(properties)]);
  return key(was) === key(is);
}

/** Where traffic goes, in few characters: `95/5`, or the colour that a selector names. */
function trafficIn(properties: Properties): string {
  return [...sharesIn(properties).map(({ weight }) => weight), ...selectedIn(properties)].join("/");
}

interface SelectingService {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly selector?: Readonly<Record<string, string>> };
}

/** The colour that a Service selects, unless the Service itself belongs to that colour for ever. */
function selectedIn(properties: SelectingService | undefined): string[] {
  const colour = properties?.spec?.selector?.version;
  return colour === undefined || properties?.metadata?.labels?.version !== undefined ? [] : [colour];
}

/** In the order of their names: blue, green. */
function sharesIn(properties: Properties): Share[] {
  const actions = (properties?.actions ?? []) as readonly ForwardAction[];
  const [everybody] = (properties?.spec as RouteSpec | undefined)?.rules ?? [];
  return [
    ...actions.flatMap(({ forward }) => forward?.targetGroups ?? []).map(({ arn = "", weight = 1 }) => ({ to: arn, weight })),
    ...(everybody?.backendRefs ?? []).map(({ name = "", weight = 1 }) => ({ to: name, weight })),
  ].sort((a, b) => (a.to < b.to ? -1 : 1));
}
