/** Whose word an apply needs beside its plan: what nobody has read, and what is grave, is not applied on a merge alone. */
import { acknowledgementLine } from "../review/acknowledgement.ts";
import { verdicts } from "../review/overview.ts";
import { isGrave } from "../review/risk.ts";
import type { StackReview } from "../review/stackReview.ts";
import { acknowledgedBy, acknowledgements } from "./acknowledgements.ts";
import { GitHub } from "./github.ts";
import { comparison, type Reading, readingOf, wasRead } from "./reviewed.ts";
import { variable } from "./variables.ts";

/** Whether an update may be made, and what there is to say of it. */
export interface Word {
  readonly kind: "given" | "missing";
  readonly lines: readonly string[];
}

/** What is about to be applied. */
export interface Asked {
  /** The plan. */
  readonly approved: StackReview;
  /** What the update would do now: the plan, or a part of it. */
  readonly now: StackReview;
}

/**
 * Asks GitHub for the words on a change set. A grave one needs an acknowledgement, whatever else was approved. Any other one needs
 * that its pull request's reviewers read it, that somebody approved the environment in this run, or an acknowledgement. An
 * approval of a plan without a change is none of what an earlier run has left.
 * @throws UserError when GitHub does not tell
 */
export async function wordOn({ approved, now }: Asked): Promise<Word> {
  const github = new GitHub();
  const commit = variable("GITHUB_SHA");
  const reading = await readingOf(now, commit, github);
  const isRead = wasRead(reading, now) || (approved.status === "changes" && wasRead(reading, approved));
  const approver = await github.approver(variable("GITHUB_RUN_ID"), variable("SLIPWAY_ENVIRONMENT"));
  const isApproved = approver !== undefined && approved.status === "changes";
  const enough = isApproved || (isRead && approver === undefined);
  if (enough && !isGrave(now.risk))
    return { kind: "given", lines: [isApproved ? `Approved by ${approver}.` : comparison(reading, now, commit)] };
  const given = reading.kind === "noPull" ? { given: [], passedOver: [] } : await acknowledgements(github, reading.pull);
  const hashes = [approved, now].flatMap(({ hash, asRead }) => [hash, asRead.hash]);
  const by = acknowledgedBy(given, reading.kind === "read" && isRead ? [...hashes, reading.hash] : hashes);
  if (by !== undefined) return { kind: "given", lines: [`Acknowledged by ${by}.`] };
  const why = isGrave(now.risk)
    ? `${now.stack}: ${verdicts[now.risk]}, and nobody who wrote no part of it has acknowledged that. Nothing was changed.`
    : `${now.stack}: nobody has read all of this change set, nor approved it. Nothing was changed.`;
  const mend = approved.status === "changes" ? byWord(reading, approved) : anew;
  return { kind: "missing", lines: [why, "", comparison(reading, now, commit), "", ...mend, ...given.passedOver] };
}

const anew = [
  "The plan was made beside an earlier run, before that had changed anything, and says no change: that is all that was approved.",
  'Run the whole workflow again ("Re-run all jobs"): it plans anew.',
];

function byWord(reading: Reading, { hash }: StackReview): string[] {
  if (reading.kind === "noPull") return ["Revert the commit, and bring it by a pull request: its comment is where this is acknowledged."];
  return [
    `Somebody with write access who wrote no commit of #${reading.pull.number} reads the plan on this run's page and writes a comment there with the line`,
    `    ${acknowledgementLine(hash)}`,
    'Then run this job again ("Re-run failed jobs").',
  ];
}
