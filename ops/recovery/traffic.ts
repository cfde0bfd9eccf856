/** Who is sent where, read out of a rule's properties as the engine keeps them. Pure. */
import { isSealed, secretSignature } from "../engine/sealed.ts";
import type { StateResource } from "../engine/state.ts";

/** Properties of a rule, of a route, of a Service. */
export type Properties = Readonly<Record<string, unknown>> | undefined;

/** Where a share of the traffic goes: an ARN or the name of a Service. AWS answers a set, whose order means nothing. */
interface Share {
  readonly to: string;
  readonly weight: number;
}

/** The rule of a route that asks for no header is the one for everybody. */
export interface RouteRule {
  readonly matches?: readonly { readonly headers?: readonly unknown[] }[];
  readonly backendRefs?: readonly { readonly name?: string; readonly weight?: number }[];
}

interface ForwardAction {
  /** A group that gets everything may be named here alone. */
  readonly targetGroupArn?: string | null;
  readonly forward?: {
    readonly targetGroups?: readonly { readonly arn?: string; readonly weight?: number }[];
    readonly stickiness?: { readonly enabled?: boolean; readonly duration?: number } | null;
  } | null;
}

/** Whether two readings of one rule send traffic the same way. Where one place gets everything, its weight means nothing. */
export function sameTraffic(was: Properties, is: Properties): boolean {
  const key = (properties: Properties) => {
    const shares = sharesIn(properties);
    return JSON.stringify([shares.length === 1 ? shares.map(({ to }) => to) : shares, selectedIn(properties)]);
  };
  return key(was) === key(is);
}

/** Whether a listener rule is live as the state has it, with all that decides which requests it takes and who is sent where. */
export function sameRule({ inputs, outputs = inputs }: StateResource, live: Properties): boolean {
  if (!sameTraffic(outputs, live) || stickySeconds(outputs) !== stickySeconds(live) || Number(outputs?.priority) !== live?.priority)
    return false;
  // A condition with a secret header may make the whole list a secret of the state; the inputs then tell the others, unless it is one there, too.
  const known = [outputs, inputs].find((properties) => !isSealed(properties?.conditions));
  if (known === undefined) return true;
  const was = conditionsIn(known);
  const is = conditionsIn(live);
  return was.length === is.length && was.every((condition) => condition.includes(secretSignature) || is.includes(condition));
}

function stickySeconds(properties: Properties): number {
  const actions = (properties?.actions ?? []) as readonly ForwardAction[];
  const sticky = actions.map(({ forward }) => forward?.stickiness).find((found) => found?.enabled === true);
  return sticky?.duration ?? 0;
}

/** Conditions as text, without what says nothing. */
function conditionsIn(properties: Properties): string[] {
  return ((properties?.conditions ?? []) as readonly unknown[]).map((condition) => JSON.stringify(bare(condition)));
}

/** A value without what is empty, keys and texts in order. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.every((item) => typeof item === "string") ? value.toSorted() : value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => key !== "__defaults" && item != null && !(Array.isArray(item) && item.length === 0))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, bare(item)]),
  );
}

/** Where traffic goes, in few characters: `95/5`, or the colour that a selector names. */
export function trafficIn(properties: Properties): string {
  return [...sharesIn(properties).map(({ weight }) => weight), ...selectedIn(properties)].join("/");
}

interface SelectingService {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly selector?: Readonly<Record<string, string>> };
}

/** The colour that a Service selects, unless the Service itself belongs to that colour for ever. */
export function selectedIn(properties: SelectingService | undefined): string[] {
  const colour = properties?.spec?.selector?.version;
  return colour === undefined || properties?.metadata?.labels?.version !== undefined ? [] : [colour];
}

/** In the order of their names: blue, green. */
export function sharesIn(properties: Properties): Share[] {
  const actions = (properties?.actions ?? []) as readonly ForwardAction[];
  const { rules } = (properties?.spec ?? {}) as { readonly rules?: readonly RouteRule[] };
  // Rules that ask for a secret are one secret in the state.
  const everybody = Array.isArray(rules) ? rules.find(forEverybody) : undefined;
  return [
    ...actions.flatMap(groupsOf).map(({ arn = "", weight = 1 }) => ({ to: arn, weight })),
    ...(everybody?.backendRefs ?? []).map(({ name = "", weight = 1 }) => ({ to: name, weight })),
  ].sort((a, b) => (a.to < b.to ? -1 : 1));
}

/** Whether a route's rule asks for no header. */
export function forEverybody({ matches = [] }: RouteRule): boolean {
  return matches.every(({ headers = [] }) => headers.length === 0);
}

function groupsOf({ forward, targetGroupArn }: ForwardAction): readonly { readonly arn?: string; readonly weight?: number }[] {
  return forward?.targetGroups ?? (targetGroupArn == null || targetGroupArn === "" ? [] : [{ arn: targetGroupArn }]);
}
