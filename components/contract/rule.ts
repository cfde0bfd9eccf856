/** Rules between the fields of one contract, or between the areas of an environment: what was found, what is allowed, and the value that would do. */
import type { z } from "./zod.ts";

/** Names and indices within the contract's object. */
export type RulePath = readonly (string | number)[];

/** One change to a value: what it would be, what a person chooses it from, or nothing for what has to go. */
export interface Change {
  readonly path: RulePath;
  readonly value?: string | number | boolean;
  /** What to choose between, where only a person knows: the command has a gap in the value's place. */
  readonly choose?: string;
}

/** A rule that values break together. */
export interface BrokenRule {
  readonly path: RulePath;
  /** What was found, worded to follow the path: `is true without a replica`. */
  readonly found: `${"is" | "has"} ${string}`;
  /** Why it is refused, when what is allowed does not say it. */
  readonly reason?: string;
  readonly allowed: string;
  /** What would do: one change, or several in their order. @default a person has to choose */
  readonly fix?: Change | readonly Change[];
  /** A warning is told where areas are read together, and refuses nothing. @default "error" */
  readonly severity?: "error" | "warning";
}

/** The changes of a fix. */
export function changesOf(fix: BrokenRule["fix"]): readonly Change[] {
  if (fix === undefined) return [];
  return "path" in fix ? [fix] : fix;
}

/** A rule of a contract where its fields stand within something larger. */
export function below(at: RulePath, broken: BrokenRule): BrokenRule {
  const { path, fix, ...said } = broken;
  const moved = changesOf(fix).map((change) => ({ ...change, path: [...at, ...change.path] }));
  return { ...said, path: [...at, ...path], ...(fix === undefined ? {} : { fix: moved }) };
}

/** A found value for people: short, on one line. */
export function showValue(value: unknown): string {
  if (value === undefined) return "missing";
  const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A rule that is broken in one place, as rules tell it. */
export function broken(rule: BrokenRule): BrokenRule[] {
  return [rule];
}

let heldBack = false;

/** Reads values whose fields are good and whose rules are broken, so that rules of other contracts see them too. */
export function withoutRules<Read>(read: () => Read): Read {
  heldBack = true;
  try {
    return read();
  } finally {
    heldBack = false;
  }
}

/** A contract's rules as zod holds them: `z.strictObject(…).superRefine(holds(cacheRules))`. Fields come first: rules see values of the right types. */
export function holds<Fields>(rules: (fields: Fields) => readonly BrokenRule[]) {
  return (fields: Fields, context: z.core.$RefinementCtx): void => {
    if (heldBack) return;
    for (const broken of rules(fields))
      context.addIssue({
        code: "custom",
        path: [...broken.path],
        params: { broken },
        message: brokenText(broken),
      });
  };
}

/** What is said of it where nobody tells the fix. */
export function brokenText({ found, allowed }: BrokenRule): string {
  return `${found}; give ${allowed}`;
}

/** The rule that an issue is about. @returns undefined when it is about one field */
export function brokenRule(issue: z.core.$ZodIssue): BrokenRule | undefined {
  return issue.code === "custom" ? (issue.params?.broken as BrokenRule | undefined) : undefined;
}

/** A value that breaks two rules is one problem to a person: of several problems at one path, the first is told. */
export function oncePerPath<Problem>(problems: readonly Problem[], pathOf: (problem: Problem) => string): Problem[] {
  return [...new Map(problems.toReversed().map((problem) => [pathOf(problem), problem])).values()].reverse();
}
