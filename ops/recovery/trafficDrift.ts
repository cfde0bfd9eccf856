/**
 * Traffic weights that are live but not in the state: after an interrupted update, or an edit in the console. The engine
 * compares config with state only, so without this a rollback to what the state says would do nothing.
 */
import type { Session } from "../engine/session.ts";
import type { State, StateResource } from "../engine/state.ts";

/** Rules that split traffic between target groups. */
export function weightedRules(state: State): StateResource[] {
  return state.resources.filter(({ type, inputs }) => type === "aws:lb/listenerRule:ListenerRule" && weightsIn(inputs).length > 1);
}

/** Whether the live weights differ from the state. Changes nothing. */
export async function trafficDrifted(session: Session, state: State): Promise<boolean> {
  const rules = weightedRules(state);
  if (rules.length === 0) return false;
  const result = await session.capture(["refresh", "--preview-only", "--json", ...targets(rules)]);
  return result.exitCode === 0 && !/"changeSummary":\s*\{\s*(?:"same":\s*\d+\s*)?\}/.test(result.stdout);
}

/** Reads the live weights into the state. @returns one line for each rule whose weights were different */
export async function adoptLiveTraffic(session: Session, before: State, readAgain: () => Promise<State>): Promise<string[]> {
  const rules = weightedRules(before);
  if (rules.length === 0) return [];
  await session.capture(["refresh", "--yes", "--skip-preview", ...targets(rules)]);
  const now = new Map((await readAgain()).resources.map((resource) => [resource.urn, resource]));
  return rules.flatMap((rule) => {
    const [was, is] = [weightsIn(rule.outputs ?? rule.inputs).join("/"), weightsIn(now.get(rule.urn)?.outputs).join("/")];
    return was === is ? [] : [`${rule.urn.split("::").at(-1)}: the state said ${was}, live is ${is === "" ? "gone" : is}`];
  });
}

function targets(rules: readonly StateResource[]): string[] {
  return rules.flatMap(({ urn }) => ["--target", urn]);
}

interface ForwardAction {
  readonly forward?: { readonly targetGroups?: readonly { readonly weight?: number }[] };
}

function weightsIn(properties: Readonly<Record<string, unknown>> | undefined): number[] {
  const actions = (properties?.actions ?? []) as readonly ForwardAction[];
  return actions.flatMap(({ forward }) => (forward?.targetGroups ?? []).map(({ weight }) => weight ?? 1));
}
