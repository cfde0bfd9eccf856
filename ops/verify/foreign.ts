/** Whether the cloud has what the state says, and no more: rules, records and policies that somebody made or deleted by hand. */
import type { AskedWithState } from "../status/asked.ts";
import { commandsOn, type Named } from "../status/commands.ts";
import { type Foreign, foreignFindings, foreignOf, foreignPatience, foreignSubjects } from "../status/foreign.ts";
import type { Check, Finding } from "./check.ts";

const expected: Readonly<Record<keyof Foreign, string>> = {
  rules: "none that no state holds",
  records: "all there, and no second ones",
  policies: "none that no state holds",
};

const subjects = ["rules", "records", "policies"] as const satisfies readonly (keyof Foreign)[];

/** A row for each. What cannot be read is not asked: no preview shows it, so nobody knows. */
export async function foreignChecks(asked: AskedWithState, flags: Named): Promise<Check[]> {
  const foreign = await foreignOf(asked, foreignPatience);
  return subjects.map((subject) => ({ what: foreignSubjects[subject], expected: expected[subject], ...judged(foreign, subject, flags) }));
}

function judged(foreign: Foreign, subject: keyof Foreign, flags: Named): Finding {
  const { [subject]: read } = foreign;
  if (read.answer === "unread")
    return { found: read.reason, verdict: "not asked", advice: "It could not be read: fix that, then run this again." };
  const found = foreignFindings({ [subject]: read }, commandsOn(flags));
  if (found.length === 0) return { found: "as the state has it", verdict: "good" };
  const commands = [...new Set(found.map(({ command }) => command))];
  return { found: found.map(({ what }) => what).join("\n"), verdict: "failed", advice: commands.join("\n") };
}
