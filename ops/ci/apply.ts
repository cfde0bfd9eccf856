/** `ci apply`: applies what was approved, and nothing else. */
import type { Fault } from "../../sandbox/sandbox.ts";
import { startBackup } from "../backup/backup.ts";
import { NothingBackedUp } from "../backup/vaults.ts";
import { engineCommand } from "../engine/commands.ts";
import { isPartOf } from "../review/changeSet.ts";
import { reviewStack } from "../review/preview.ts";
import { readReview } from "../review/review.ts";
import type { StackReview } from "../review/stackReview.ts";
import { terminalText } from "../review/terminal.ts";
import { UserError } from "../userError.ts";
import { type Asked, type Word, wordOn } from "./gate.ts";
import { GitHub } from "./github.ts";
import { waitForHealth } from "./health.ts";
import { untilFree, watched } from "./quiet.ts";
import { appliedBy, approvalMessage } from "./usedApproval.ts";
import { runAddress, summarise, variable } from "./variables.ts";

/** What an apply is told. */
export interface ApplyOptions {
  readonly stack: string;
  /** The review that was approved, `review.json`. */
  readonly approved: string;
  /** Take a backup first. */
  readonly backup: boolean;
  /** Addresses that must answer 200 afterwards. */
  readonly health: readonly string[];
  /** How long they may take, seconds. */
  readonly healthSeconds: number;
  /** How long another update of the stack is waited for, seconds. */
  readonly lockSeconds: number;
  /** What goes wrong in the simulated cloud during the update. @default nothing */
  readonly fault?: readonly Fault[];
}

/** What an apply does, one after the other. */
export interface ApplySteps {
  readonly preview: typeof reviewStack;
  readonly backUp: typeof startBackup;
  readonly update: typeof engineCommand;
  /** The branch's newest commit; undefined outside of GitHub, where nobody is asked. */
  readonly newest: () => Promise<string | undefined>;
  /** Whose word there is on it; undefined outside of GitHub, where nobody is asked. */
  readonly word: (asked: Asked) => Promise<Word | undefined>;
  /** When the approval was used, ISO 8601 in UTC. */
  readonly used: typeof appliedBy;
  /** Waits for who changes the stack. */
  readonly free: (stack: string, seconds: number) => Promise<unknown>;
}

const applySteps: ApplySteps = {
  ...{ preview: reviewStack, backUp: startBackup, update: engineCommand, newest, word, used: appliedBy },
  // Where the time is over the preview says who has the stack.
  free: (stack, lockSeconds) => untilFree(watched(stack), { seconds: lockSeconds }),
};

async function newest(): Promise<string | undefined> {
  return isOnGitHub() ? new GitHub().newestCommit(variable("GITHUB_REF_NAME")) : undefined;
}

async function word(asked: Asked): Promise<Word | undefined> {
  return isOnGitHub() ? wordOn(asked) : undefined;
}

function isOnGitHub(): boolean {
  return process.env.GITHUB_REPOSITORY !== undefined;
}

/** Exit code when what would happen is not what was approved, was applied already, or is no longer what the branch says. */
export const notApproved = 3;

/**
 * Previews again and compares with what was approved, takes the backup and compares again, updates, waits for health. What only returns
 * traffic to the live colour waits for nothing of that but the comparison: it is right at any commit, and users wait for it.
 * @param flags handed to the engine's update as they are
 * @returns exit code: 3 when the change set is no part of the approved one, or the branch has a newer commit
 */
export async function applyStack(options: ApplyOptions, flags: readonly string[], steps = applySteps): Promise<number> {
  const { stack, backup, health, healthSeconds, lockSeconds, fault = [] } = options;
  const approved = readReview(options.approved);
  if (approved.stack !== stack) throw new UserError(`${options.approved} is about ${approved.stack}, not ${stack}.`, 2);
  if (approved.status === "failed") throw new UserError(`The preview of ${stack} failed; there is nothing that could have been approved.`);
  await steps.free(stack, lockSeconds);
  let next = await compared(approved, steps);
  if (typeof next !== "number" && backup && !next.returnsTraffic) {
    await takeBackup(approved, steps);
    // It may have taken an hour, in which somebody else may have changed something.
    next = await compared(approved, steps);
  }
  const ending = typeof next === "number" ? next : undefined;
  const own = ["--yes", "--skip-preview", "--non-interactive", "--message", approvalMessage(approved)];
  const exitCode = ending ?? (await steps.update("up", { stack, whole: true, fault }, [...own, ...flags]));
  if (exitCode !== 0) return exitCode;
  // Also where nothing was left to apply: a run that is repeated because users were not served is green only when they are.
  await waitForHealth(health, healthSeconds);
  if (ending === undefined) summarise(`Applied change set \`${approved.hash.slice(0, 12)}\` to \`${stack}\`.`);
  return 0;
}

/** Previews and compares. @returns what the update would do, or the exit code where there is none to make */
async function compared(approved: StackReview, { preview, newest, word, used }: ApplySteps): Promise<StackReview | number> {
  const now = await preview({ stack: approved.stack }, approved.plan);
  if (now.status === "failed") {
    console.error(terminalText(now));
    return 1;
  }
  if (now.status === "same") {
    console.log(`${terminalText(now)}; nothing to apply`); // also a second run of a job whose first has applied it
    return 0;
  }
  const usedAt = await used(approved);
  if (usedAt !== undefined) return spent(approved, now, usedAt);
  const whole = now.hash === approved.hash;
  // A plan that says no change may have been made before an earlier run had applied what this commit takes back.
  const isEarly = approved.status === "same";
  if (!whole && !isEarly && !isPartOf(now.plan, approved.plan)) return refuse(approved, now);
  if (now.engine !== approved.engine && !now.returnsTraffic) return otherEngine(approved, now);
  const head = now.returnsTraffic && !isEarly ? undefined : await newest();
  if (head !== undefined && head !== variable("GITHUB_SHA")) return superseded(approved, head);
  const words = now.returnsTraffic ? undefined : await word({ approved, now });
  if (words?.kind === "missing") return say(...words.lines);
  if (isEarly && words === undefined && !now.returnsTraffic) return refuse(approved, now);
  for (const line of words?.lines ?? []) console.log(line);
  console.log(terminalText(now));
  if (!whole && !isEarly)
    console.log(`A part of change set ${approved.hash.slice(0, 12)}: the rest of what was approved is there already.`);
  return now;
}

function spent(approved: StackReview, now: StackReview, at: string): number {
  return say(
    `${stackLine(approved)} was applied at ${at}, and its approval is good for that one apply. Nothing was changed.`,
    "",
    "Since then something has changed, so that this would happen again:",
    terminalText(now),
    "",
    'Run the whole workflow again ("Re-run all jobs"): it plans anew and asks for another approval.',
  );
}

function superseded(approved: StackReview, head: string): number {
  return say(
    `${stackLine(approved)} is of ${variable("GITHUB_SHA").slice(0, 12)}, superseded by ${head.slice(0, 12)}. Nothing was changed.`,
    `The run of ${head.slice(0, 12)} plans and applies what the branch says now. To return to what this commit says, revert what came after it.`,
  );
}

function otherEngine(approved: StackReview, now: StackReview): number {
  return say(
    `${stackLine(approved)} was planned by engine ${approved.engine}, and this is ${now.engine}. Nothing was changed.`,
    "Plan and apply on one version: SLIPWAY_ENGINE in the workflow names it. Run the workflow again: it plans anew.",
  );
}

function refuse(approved: StackReview, now: StackReview): number {
  return say(
    `${stackLine(approved)} was approved, and now something else would happen. Nothing was changed.`,
    "",
    "Approved:",
    terminalText(approved),
    "",
    "Now:",
    terminalText(now),
    "",
    "The account, the state or the config has changed in between. Run the workflow again: it previews anew and asks for another approval.",
  );
}

function say(...lines: readonly string[]): number {
  const text = lines.join("\n");
  console.error(text);
  summarise(`\`\`\`text\n${text}\n\`\`\``);
  return notApproved;
}

function stackLine({ stack, hash }: StackReview): string {
  return `Change set ${hash.slice(0, 12)} of ${stack}`;
}

/**
 * A stack that backs nothing up yet has none to take: the update may be the one that makes its first store.
 * @throws UserError when a backup was asked for and cannot be had: an update without it is not what was agreed
 */
async function takeBackup({ stack, hash }: StackReview, { backUp }: ApplySteps): Promise<void> {
  // A tag of AWS takes letters, digits, spaces and _ . : / = + - @ alone.
  const reason = `before change set ${hash.slice(0, 12)}: ${runAddress()}`;
  const failed = await backUp({ stack, store: [], reason }).then(
    (exitCode) => (exitCode === 0 ? undefined : "a store has no backup"),
    (error: unknown) => {
      if (!(error instanceof NothingBackedUp)) return error instanceof Error ? error.message : String(error);
      console.log(`${error.message.split(":")[0]}; no backup was taken before the update.`);
      return undefined;
    },
  );
  if (failed === undefined) return;
  throw new UserError(
    `The backup before the update of ${stack} failed: ${failed}\nSo nothing was changed. See slipway backup --help, or turn "backup" off in SLIPWAY_STACKS.`,
  );
}
