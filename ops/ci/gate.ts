/** Whose word an apply needs beside its plan: what nobody has read, and what is grave, is not applied on a merge alone. */
import { acknowledgementLine } from "../review/acknowledgement.ts";
import { verdicts } from "../review/overview.ts";
import { isGrave } from "../review/risk.ts";
import type { StackReview } from "../review/stackReview.ts";
import { type Acknowledgements, acknowledgedBy, acknowledgements } from "./acknowledgements.ts";
import { GitHub } from "./github.ts";
import { comparison, numbersOf, type Reading, readingOf, wasRead } from "./reviewed.ts";
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
  const plans = approved.status === "changes" ? [now, approved] : [now];
  const isRead = plans.some((plan) => wasRead(reading.read, plan));
  const approver = isGrave(now.risk) ? undefined : await github.approver(variable("GITHUB_RUN_ID"), variable("SLIPWAY_ENVIRONMENT"));
  const isApproved = approver !== undefined && approved.status === "changes";
  if (!isGrave(now.risk) && (isApproved || (isRead && approver === undefined)))
    return { kind: "given", lines: [isApproved ? `Approved by ${approver}.` : comparison(reading, now, commit)] };
  const words = await acknowledgements(github, reading.pulls);
  const by =
    acknowledgedBy(
      words,
      plans.flatMap(({ hash, asRead }) => [hash, asRead.hash]),
    ) ?? (isRead ? byReaders(words, reading, plans) : undefined);
  if (by !== undefined) return { kind: "given", lines: [`Acknowledged by ${by}.`] };
  const why = isGrave(now.risk)
    ? `${now.stack}: ${verdicts[now.risk]}, and nobody who wrote no part of it has acknowledged that. Nothing was changed.`
    : `${now.stack}: nobody has read all of this change set, nor approved it. Nothing was changed.`;
  const mend = approved.status === "changes" ? byWord(reading, approved) : anew;
  return { kind: "missing", lines: [why, "", comparison(reading, now, commit), "", ...mend, ...words.passedOver] };
}

/** Who acknowledged, before the merge, all that is grave in one of the plans. */
function byReaders(words: Acknowledgements, { read }: Reading, plans: readonly StackReview[]): string | undefined {
  const taken = read.flatMap((one) => {
    const by = acknowledgedBy(words, [one.hash]);
    return by === undefined ? [] : [{ one, by }];
  });
  const covered = plans.some((plan) =>
    wasRead(
      taken.map(({ one }) => one),
      graveOf(plan),
    ),
  );
  return covered ? taken.map(({ by }) => by).join(", ") : undefined;
}

/** A plan with its grave changes alone; with all of them where a grave line names none. */
function graveOf(plan: StackReview): Pick<StackReview, "asRead"> {
  const grave = plan.stories.filter(({ risk }) => isGrave(risk));
  const urns = new Set(grave.flatMap((story) => story.urns));
  if (grave.length === 0 || grave.some((story) => story.urns.length === 0)) return plan;
  const marks = Object.entries(plan.asRead.marks).filter(([urn]) => urns.has(urn));
  return { asRead: { hash: plan.asRead.hash, marks: Object.fromEntries(marks) } };
}

const anew = [
  "The plan was made beside an earlier run, before that had changed anything, and says no change: that is all that was approved.",
  'Run the whole workflow again ("Re-run all jobs"): it plans anew.',
];

function byWord(reading: Reading, { hash }: StackReview): string[] {
  if (reading.pulls.length === 0) return ["Revert the commit, and bring it by a pull request: its comment is where this is acknowledged."];
  return [
    `Somebody with write access who wrote no commit of ${numbersOf(reading.pulls)} reads the plan on this run's page and writes a comment there with the line`,
    `    ${acknowledgementLine(hash)}`,
    'Then run this job again ("Re-run failed jobs").',
  ];
}

/** Before the apply, for its approver: whether a grave plan has the word that the apply will ask for. Never throws: no plan waits for it. */
export async function graveWord(plan: StackReview): Promise<string | undefined> {
  if (plan.status !== "changes" || !isGrave(plan.risk)) return undefined;
  try {
    const { kind, lines } = await wordOn({ approved: plan, now: plan });
    return kind === "given" ? lines.join("\n") : ["**The apply will end red until this word is there.**", ...lines].join("\n");
  } catch (error) {
    return `Whether this was acknowledged could not be asked: ${error instanceof Error ? error.message : String(error)}`;
  }
}
