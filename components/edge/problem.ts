/** What is wrong with an edge's declaration, in a form that components and config both tell. */
import type { BrokenRule } from "../contract/rule.ts";

/** Something about the edge that cannot be used, or that only Cloudflare can judge. */
export interface EdgeProblem {
  /** Keys from the edge's arguments down: `["rules", "sqli", "mode"]`. */
  readonly path: readonly (string | number)[];
  /** What was found, worded to follow the path. */
  readonly found: `${"is" | "has"} ${string}`;
  readonly allowed: string;
  /** A warning refuses nothing. @default "error" */
  readonly severity?: "error" | "warning";
  /** A value that would do at that path. */
  readonly better?: string | number | boolean;
  /** What to choose between, where several values would do. */
  readonly choose?: string;
}

/** The same problem, as a rule of a contract. */
export function brokenBy({ path, found, allowed, better, choose, severity = "error" }: EdgeProblem): BrokenRule {
  const fix = choose !== undefined ? { path, choose } : better === undefined ? undefined : { path, value: better };
  return { path, found, allowed, severity, ...(fix === undefined ? {} : { fix }) };
}
