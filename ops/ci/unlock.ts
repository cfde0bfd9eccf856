/** `ci unlock`: frees a lock that nobody holds any more, and never a person's. */
import { hostname, userInfo } from "node:os";
import { type StackLock, StackLocks } from "../engine/stackLocks.ts";
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
  readonly now: Date;
}

/** Whether a lock may go, and why not. Pure. */
export function verdict({ owner }: StackLock, { mode, self, pipelineUser, staleMinutes, now }: UnlockRules): string | undefined {
  if (owner === undefined) return mode === "break-stale" ? undefined : "it cannot be read";
  if (mode === "release-own")
    return owner.hostname === self.hostname && owner.username === self.username
      ? undefined
      : `it belongs to ${owner.username} on ${owner.hostname}`;
  if (owner.username !== pipelineUser) return `it belongs to a person: ${owner.username} on ${owner.hostname}`;
  const minutes = (now.getTime() - owner.timestamp.getTime()) / 60_000;
  return minutes >= staleMinutes
    ? undefined
    : `it is ${Math.max(0, Math.round(minutes))} minutes old, and a job may run for ${staleMinutes}`;
}

/** What an unlock is told. */
export interface UnlockOptions {
  readonly project: string;
  readonly stack: string;
  readonly backend: string;
  readonly mode: UnlockMode;
  /** Why, in a person's words; kept on the run's page. */
  readonly reason: string;
  readonly staleMinutes: number;
  /** How long a process of this machine that holds a lock is waited for, seconds. @default 240 */
  readonly waitSeconds?: number;
}

/**
 * Frees what may be freed. @returns exit code: 1 when a lock stays
 * @throws UserError without a reason, or while a deployment runs
 */
export async function unlock(options: UnlockOptions): Promise<number> {
  const { project, stack, backend, mode, reason, staleMinutes } = options;
  if (mode === "break-stale" && reason.trim().length < 10)
    throw new UserError("Say why, in ten characters or more: it stays on the run's page.", 2);
  if (mode === "break-stale" && (await new GitHub().runsUnderWay("deploy.yml")) > 0)
    throw new UserError("A deployment is under way or waits. Its lock is alive: wait for it, or cancel it first.");
  const rules: UnlockRules = {
    mode,
    self: { hostname: hostname(), username: userInfo().username },
    pipelineUser: process.env.SLIPWAY_PIPELINE_USER ?? "runner",
    staleMinutes,
    now: new Date(),
  };
  const kept = await free(new StackLocks(backend, project, stack), rules);
  if (mode === "break-stale")
    summarise(`Lock of \`${stack}\` broken by \`${process.env.GITHUB_ACTOR ?? "somebody"}\`: ${JSON.stringify(reason)}\n\n${runAddress()}`);
  // At the end of a job a lock of somebody else is that one's business.
  return kept > 0 && mode === "break-stale" ? 1 : 0;
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
