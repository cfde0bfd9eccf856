/** Evaluates IAM policies as AWS does within one account: a deny wins, and without an allow nothing is allowed. */
import type { PolicyStatement } from "../../components/access/policyDocument.ts";

/** Values of condition keys; a key that is not there was not in the request. */
export type Context = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One request. A pattern in place of an action or resource stands for all that it matches. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Context;
}

/** Whether a policy's statements allow a call. */
export function allows(statements: readonly PolicyStatement[], call: Call): boolean {
  const hit = statements.filter((statement) => applies(statement, call));
  return hit.some(({ Effect }) => Effect === "Allow") && hit.every(({ Effect }) => Effect === "Allow");
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

function applies(statement: PolicyStatement, { action, resource, context = {} }: Call): boolean {
  const { Effect, Action } = statement;
  const acts =
    matcher(Action, "si").test(action) ||
    // A pattern that only overlaps a denied one is denied in part.
    (Effect === "Deny" && /[*?]/.test(action) && Action.some((pattern) => matches(action, pattern)));
  const named = (patterns: readonly string[]) => matcher(patterns, "s").test(resource);
  if ("NotResource" in statement) return acts && !named(statement.NotResource);
  return (
    acts &&
    named(statement.Resource) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, [wanted].flat(), context[key])),
    )
  );
}

/** Tests of one value by operator. */
const tests: Readonly<Record<string, (wanted: string, value: string) => boolean>> = {
  StringEquals: (wanted, value) => wanted === value,
  StringLike: matches,
  ArnLike: matches,
  Bool: (wanted, value) => wanted === value,
};

function holds(operator: string, wanted: readonly string[], found: Context[string]): boolean {
  if (operator === "Null") return wanted.includes(String(found === undefined));
  const values = found === undefined ? [] : [found].flat();
  if (operator.endsWith("IfExists")) return found === undefined || holds(operator.slice(0, -"IfExists".length), wanted, found);
  const [set, name] = operator.includes(":") ? operator.split(":") : ["", operator];
  if (name === "StringNotEquals") return !values.some((value) => wanted.includes(value));
  const test = tests[name ?? ""];
  if (test === undefined) throw new Error(`no such operator here: ${operator}`);
  const passes = (value: string) => wanted.some((one) => test(one, value));
  return set === "ForAllValues" ? values.every(passes) : values.some(passes);
}

const matchers = new WeakMap<readonly string[], RegExp>();

/** Whether one of a statement's patterns matches all of a text. A statement has the same list for every call. */
function matcher(patterns: readonly string[], flags: "s" | "si"): RegExp {
  const known = matchers.get(patterns) ?? new RegExp(`^(?:${patterns.map(sourceOf).join("|")})$`, flags);
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
