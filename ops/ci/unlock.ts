/** `ci unlock`: frees a lock that nobody holds any more, and never a person's. */
import { hostname, userInfo } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { type LockOwner, type StackLock, StackLocks } from "../engine/stackLocks.ts";
import { isDead } from "../recovery/locks.ts";
import { UserError } from "../userError.ts";
import { GitHub } from "./github.ts";
import type { UnlockMode } from "./unlockMode.ts";
import { runAddress, summarise } from "./variables.ts";

/** What decides. */
export interface UnlockRules {
  readonly mode: UnlockMode;
  /** Who this machine's locks belong to. */
  readonly self: { readonly hostname: string; readonly username: string };
  /** User that pipeline runs work as; a person's user is another. */
  readonly pipelineUser: string;
  /** Age from which a lock is stale, minutes: longer than the longest job. */
  readonly staleMinutes: number;
  /** A person says why it is broken: its age does not matter, as no deployment is at work. */
  readonly hasReason: boolean;
  /** Whether the process that took a lock of this machine is gone. */
  readonly isDead: (owner: LockOwner) => boolean;
  readonly now: Date;
}

/** Whether a lock may go, and why not. Pure. */
export function verdict({ owner }: StackLock, rules: UnlockRules): string | undefined {
  const { mode, pipelineUser, staleMinutes, now } = rules;
  if (owner === undefined) return mode === "break-stale" ? undefined : "it cannot be read";
  if (mode === "release-own") {
    if (!isOwn(owner, rules)) return `it belongs to ${owner.username} on ${owner.hostname}`;
    return rules.isDead(owner) ? undefined : `process ${owner.pid} is at work still`;
  }
  if (owner.username !== pipelineUser) return `it belongs to a person: ${owner.username} on ${owner.hostname}`;
  if (rules.hasReason) return undefined;
  const minutes = (now.getTime() - owner.timestamp.getTime()) / 60_000;
  return minutes >= staleMinutes
    ? undefined
    : `it is ${Math.max(0, Math.round(minutes))} minutes old, and a job may run for ${staleMinutes}`;
}

function isOwn({ hostname: host, username }: LockOwner, { self }: UnlockRules): boolean {
  return host === self.hostname && username === self.username;
}

/** What an unlock is told. */
export interface UnlockOptions {
  readonly project: string;
  readonly stack: string;
  readonly backend: string;
  readonly mode: UnlockMode;
  /** Why, in a person's words; kept on the run's page. Without one only what is stale is broken. */
  readonly reason: string;
  readonly staleMinutes: number;
  /** How long a process of this machine that holds a lock is waited for, seconds. @default 240 */
  readonly waitSeconds?: number;
}

/**
 * Frees what may be freed. @returns exit code: 1 when a lock stays
 * @throws UserError for a reason that says nothing, or while a deployment runs
 */
export async function unlock(options: UnlockOptions): Promise<number> {
  const { project, stack, backend, mode, reason, staleMinutes, waitSeconds = 240 } = options;
  const hasReason = reason.trim() !== "";
  if (mode === "break-stale" && hasReason && reason.trim().length < 10)
    throw new UserError("Say why, in ten characters or more: it stays on the run's page.", 2);
  if (mode === "break-stale" && (await new GitHub().runsUnderWay("deploy.yml")) > 0)
    throw new UserError("A deployment is under way or waits. Its lock is alive: wait for it, or cancel it first.");
  const rules: UnlockRules = {
    mode,
    self: { hostname: hostname(), username: userInfo().username },
    pipelineUser: process.env.SLIPWAY_PIPELINE_USER ?? "runner",
    staleMinutes,
    hasReason,
    isDead,
    now: new Date(),
  };
  const store = new StackLocks(backend, project, stack);
  if (mode === "release-own") await ended(store, rules, waitSeconds);
  const kept = await free(store, rules);
  if (mode === "break-stale")
    summarise(
      `Lock of \`${stack}\` broken by \`${process.env.GITHUB_ACTOR ?? "somebody"}\`: ${hasReason ? JSON.stringify(reason) : "stale"}\n\n${runAddress()}`,
    );
  // At the end of a job a lock of somebody else is that one's business.
  return kept > 0 && mode === "break-stale" ? 1 : 0;
}

/** Waits for engines of this machine that are at work still: one that is told to stop takes its time to note what it did. */
async function ended(store: StackLocks, rules: UnlockRules, seconds: number): Promise<void> {
  const until = Date.now() + seconds * 1000;
  for (let said = false; ; said = true) {
    const owner = (await store.list()).map((lock) => lock.owner).find((one) => one !== undefined && isOwn(one, rules) && !isDead(one));
    if (owner === undefined || Date.now() >= until) return;
    if (!said) console.log(`waiting for process ${owner.pid}, which has the stack`);
    await pause(1000);
  }
}

async function free(store: StackLocks, rules: UnlockRules): Promise<number> {
  let kept = 0;
  const locks = await store.list();
  for (const lock of locks) {
    const why = verdict(lock, rules);
    if (why === undefined) await store.remove(lock);
    else kept += 1;
    console.log(why === undefined ? `freed ${lock.key}` : `kept ${lock.key}: ${why}`);
  }
  if (locks.length === 0) console.log("no lock");
  return kept;
}
