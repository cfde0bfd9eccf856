/** Evaluates IAM policies as AWS documents it for a role within one account; test/unit/access/evaluator.test.ts holds it to that. */
import type { PolicyStatement } from "../../components/access/policyDocument.ts";

/** Values of condition keys; a key that is not there was not in the request. */
export type Context = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One request. A pattern in place of an action or resource stands for all that it matches. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Context;
}

/** A statement as other policies than the stack's own may have it. */
type AnyStatement =
  | PolicyStatement
  | (Omit<Extract<PolicyStatement, { Resource: unknown }>, "Action"> & { readonly NotAction: readonly string[] });

/** All policies that have a say. */
export interface Policies {
  readonly identity: readonly AnyStatement[];
  /** @default none bounds the role */
  readonly boundary?: readonly AnyStatement[] | undefined;
  /** Of the session, given when the role was taken. @default none */
  readonly session?: readonly AnyStatement[] | undefined;
  /** Of the resource, with the role as principal. @default it has none */
  readonly resource?: readonly AnyStatement[] | undefined;
}

/** What becomes of a call: by a statement that denies it, or for want of one that allows it. */
export type Decision = "allow" | "explicitDeny" | "implicitDeny";

/**
 * The decision on a call. A resource's policy that names a role is limited by the role's boundary and its session's policy, as the
 * role's own policies are.
 */
export function decisionOn({ identity, boundary, session, resource = [] }: Policies, call: Call): Decision {
  const effects = (statements: readonly AnyStatement[]) =>
    new Set(statements.filter((statement) => applies(statement, call)).map(({ Effect }) => Effect));
  const [own, ...limits] = [[...identity, ...resource], boundary, session].filter((statements) => statements !== undefined).map(effects);
  const all = [own ?? new Set(), ...limits];
  if (all.some((found) => found.has("Deny"))) return "explicitDeny";
  return all.every((found) => found.has("Allow")) ? "allow" : "implicitDeny";
}

/** Whether a role with these statements alone may make a call. */
export function allows(statements: readonly AnyStatement[], call: Call): boolean {
  return decisionOn({ identity: statements }, call) === "allow";
}

/** Statements of a policy's text, with single values written as lists. */
export function statementsOf(policy: unknown): PolicyStatement[] {
  const { Statement: all } = JSON.parse(String(policy)) as { readonly Statement: PolicyStatement | readonly PolicyStatement[] };
  const list = (value: string | readonly string[]) => (typeof value === "string" ? [value] : value);
  return [all].flat().map((one) => {
    const Action = list(one.Action);
    return "NotResource" in one ? { ...one, Action, NotResource: list(one.NotResource) } : { ...one, Action, Resource: list(one.Resource) };
  });
}

function applies(statement: AnyStatement, { action, resource, context = {} }: Call): boolean {
  if (!actsOn(statement, action)) return false;
  const named = (patterns: readonly string[]) => matcher(patterns, arnSource, "s").test(resource);
  if ("NotResource" in statement) return !named(statement.NotResource);
  if (!named(statement.Resource)) return false;
  const values = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, [wanted].flat(), values.get(key.toLowerCase()))),
  );
}

function actsOn(statement: AnyStatement, action: string): boolean {
  if ("NotAction" in statement) return !matcher(statement.NotAction, sourceOf, "si").test(action);
  const { Effect, Action } = statement;
  // A pattern that only overlaps a denied one is denied in part.
  const overlaps = () => Effect === "Deny" && /[*?]/.test(action) && Action.some((pattern) => matches(action, pattern));
  return matcher(Action, sourceOf, "si").test(action) || overlaps();
}

const equals = (wanted: string, value: string) => wanted === value;

/** Tests of one value by operator. */
const tests: Readonly<Record<string, (wanted: string, value: string) => boolean>> = {
  StringEquals: equals,
  StringEqualsIgnoreCase: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
  StringLike: matches,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
};

function holds(operator: string, wanted: readonly string[], found: Context[string]): boolean {
  if (operator === "Null") return wanted.includes(String(found === undefined));
  if (operator.endsWith("IfExists")) return found === undefined || holds(operator.slice(0, -"IfExists".length), wanted, found);
  const [set, name = ""] = operator.includes(":") ? operator.split(":") : ["", operator];
  const test = tests[name.replace("Not", "")];
  if (test === undefined) throw new Error(`no such operator here: ${operator}`);
  const any = (value: string) => wanted.some((one) => test(one, value));
  // A negated operator asks that none matches, and so holds for a key that is not there.
  const passes = name.includes("Not") ? (value: string) => !any(value) : any;
  const values = found === undefined ? [] : [found].flat();
  const every = set === "ForAllValues" || (set === "" && name.includes("Not"));
  return every ? values.every(passes) : values.some(passes);
}

/** Each of an ARN's six parts by itself. */
function arnLike(pattern: string, arn: string): boolean {
  const [wanted, found] = [partsOf(pattern), partsOf(arn)];
  return wanted.length === found.length && wanted.every((part, index) => matches(part, found[index] ?? ""));
}

function partsOf(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

const matchers = new WeakMap<readonly string[], RegExp>();

/** Whether one of a statement's patterns matches all of a text. A statement has the same list for every call. */
function matcher(patterns: readonly string[], source: (pattern: string) => string, flags: "s" | "si"): RegExp {
  const known = matchers.get(patterns) ?? new RegExp(`^(?:${patterns.map(source).join("|")})$`, flags);
  matchers.set(patterns, known);
  return known;
}

const compiled = new Map<string, RegExp>();

/** Whether a pattern with stars and question marks matches all of a text. */
function matches(pattern: string, text: string): boolean {
  const known = compiled.get(pattern) ?? new RegExp(`^${sourceOf(pattern)}$`, "s");
  compiled.set(pattern, known);
  return known.test(text);
}

function sourceOf(pattern: string): string {
  return pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
}

/** As the Resource element has it: a star goes beyond a colon only where it ends its part of the ARN. */
function arnSource(pattern: string): string {
  return pattern.replaceAll(/[.+^${}()|[\]\\*?]/g, (found, at: number) => {
    if (found === "?") return "[^:]";
    if (found !== "*") return `\\${found}`;
    return /^[^:]/.test(pattern.slice(at + 1)) ? "[^:]*" : ".*";
  });
}
