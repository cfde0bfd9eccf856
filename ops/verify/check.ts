/** One check: what was looked at, what should be, what is, and what to do about it. */
import { UserError } from "../userError.ts";

/** `degraded` still serves users; `not asked` could not be looked at from here, and so is not proved. */
export type Verdict = "good" | "degraded" | "failed" | "not asked";

/** One row of the report. */
export interface Check {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  readonly verdict: Verdict;
  /** What to do; a command where there is one. @default nothing */
  readonly advice?: string;
}

/** What a look found, to be joined with what was looked at. */
export type Finding = Pick<Check, "found" | "verdict" | "advice">;

/** Looks, and makes of a refusal a failed check, so that the other checks are still made. */
export async function checked(what: string, expected: string, look: () => Promise<Finding>): Promise<Check> {
  try {
    return { what, expected, ...(await look()) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { what, expected, found: error.message, verdict: "failed", advice: "It could not be read: fix that, then run this again." };
  }
}

/** Whether the whole may be called verified: nothing failed, and nothing was left unasked. */
export function passed(checks: readonly Check[]): boolean {
  return checks.every(({ verdict }) => verdict === "good" || verdict === "degraded");
}
