/** Rules between the fields of one contract: what was found, what is allowed, and the value that would do. */
import type { z } from "./zod.ts";

/** Names and indices within the contract's object. */
type Path = readonly (string | number)[];

/** A rule that a contract's fields break together. */
export interface BrokenRule {
  readonly path: Path;
  /** What was found, worded to follow the path: `is true without a replica`. */
  readonly found: `${"is" | "has"} ${string}`;
  /** Why it is refused, when what is allowed does not say it. */
  readonly reason?: string;
  readonly allowed: string;
  /** One change that would do: the value to set, or nothing for what has to go. @default a person has to choose */
  readonly fix?: { readonly path: Path; readonly value?: string | number | boolean };
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
