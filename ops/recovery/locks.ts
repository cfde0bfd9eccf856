/** Locks of a stack: who holds it, what is left of those that hold nothing any more, and one of our own for a moment. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, uptime, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { pulumiCommand } from "../../infra/config/pulumiCommand.ts";
import { staleMinutes } from "../ci/unlockMode.ts";
import { type LocalBackend, stateAddress, stateFolder } from "../engine/backend.ts";
import type { Session } from "../engine/session.ts";
import { type LockOwner, type StackLock, StackLocks } from "../engine/stackLocks.ts";
import { readsFiles } from "../engine/stateFiles.ts";
import type { StackFlags } from "../project/stack.ts";
import { rollbackCommand } from "../rollback/rollback.ts";
import { UserError } from "../userError.ts";

/** Whose locks are looked at. */
type Locked = Pick<Session, "backend" | "project" | "stack">;

/** What a person is told about, and how commands name it again. */
interface HeldStack extends StackFlags {
  readonly stack: string;
  /** Services whose traffic can move all the same. @default none */
  readonly services?: readonly string[];
}

/** Time that a process may seem to have started after it took a lock: `ps` counts in whole seconds. */
const clockTolerance = 2_000;

/**
 * Removes locks whose process is gone from this machine. On a shared backend only the caller's own: machines may share a name,
 * and those of a pipeline do; `slipway ci unlock` is for them. At a backend whose files are not read here all stay, unknown.
 * @param remove otherwise they are only passed over. @default true
 * @returns how many were removed, and the first that stays
 */
export async function releaseDeadLocks(session: Locked, remove = true): Promise<{ readonly released: number; readonly held?: StackLock }> {
  const { backend } = session;
  const locks = locksOf(session);
  const all = (await locks?.list()) ?? [];
  const dead = all.filter(({ owner }) => isDead(owner) && (backend.kind !== "shared" || (owner !== undefined && isOwn(owner))));
  if (remove) for (const lock of dead) await locks?.remove(lock);
  const held = all.find((lock) => !dead.includes(lock));
  return { released: remove ? dead.length : 0, ...(held === undefined ? {} : { held }) };
}

/**
 * Ends a command beside an update that runs. What that one has begun looks like what a crash leaves, and nobody may put it right.
 * @param command a preview changes nothing: only a lock that may be a running update's ends it
 * @throws UserError that says who holds the stack, and since when
 */
export function refuseHeld(flags: HeldStack, { owner }: StackLock, command: string): void {
  const age = owner === undefined ? 0 : Date.now() - owner.timestamp.getTime();
  const stale = owner?.hostname !== hostname() && age > staleMinutes * 60_000;
  if (command === "preview" && stale) return;
  throw heldStack(flags, owner);
}

function heldStack({ services = [], ...flags }: HeldStack, owner: LockOwner | undefined): UserError {
  const { stack } = flags;
  const who = owner && `by ${owner.username} on ${owner.hostname} (process ${owner.pid}) since ${owner.timestamp.toISOString()}`;
  return new UserError(
    [
      `${stack} is being changed ${who ?? "by somebody whose lock cannot be read"}.`,
      "Nothing was changed. Wait until that ends.",
      ...services.map((service) => `Traffic waits for no lock:          ${rollbackCommand(service, flags, "the stack is locked")}`),
      `If nobody works on it any more:   ${pulumiCommand(`cancel --stack ${stack}`)}   (docs/runbooks/unlock.md)`,
    ].join("\n"),
  );
}

/**
 * Reads and writes a local state while no engine can.
 * @throws UserError when somebody has the stack
 */
export async function underLock<T>(session: Locked & { readonly backend: LocalBackend }, act: () => T): Promise<T> {
  const { backend, project, stack } = session;
  const key = `.pulumi/locks/organization/${project.name}/${stack}/${crypto.randomUUID()}.json`;
  const file = join(stateFolder(backend), key);
  const owner = { pid: process.pid, username: userInfo().username, hostname: hostname(), timestamp: new Date() };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(owner));
  try {
    // As engines do: first take it, then look whether somebody else has. Two at once both give way.
    const other = (await locksOf(session)?.list())?.find((lock) => lock.key !== key);
    if (other !== undefined) throw heldStack({ stack }, other.owner);
    return act();
  } finally {
    rmSync(file, { force: true });
  }
}

/** The locks of a stack; undefined at a backend whose files are not read here. */
export function locksOf({ backend, project, stack }: Locked): StackLocks | undefined {
  const address = stateAddress(backend);
  return readsFiles(address) ? new StackLocks(address, project.name, stack) : undefined;
}

/** Taken here by the caller's own hand, since the machine was started. */
function isOwn({ username, timestamp }: LockOwner): boolean {
  const started = Date.now() - uptime() * 1_000;
  return process.env.GITHUB_ACTIONS === undefined && username === userInfo().username && timestamp.getTime() > started;
}

/** Whether the engine that took a lock is gone from this machine. A lock that cannot be read is one that an engine was killed while writing. */
export function isDead(owner: LockOwner | undefined): boolean {
  if (owner === undefined) return true;
  if (owner.hostname !== hostname()) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  const started = startOf(owner.pid);
  return started !== undefined && started > owner.timestamp.getTime() + clockTolerance;
}

/**
 * When a process started, as far as `ps` tells, in milliseconds of the epoch: numbers of processes are given out again. One that has
 * ended, and whose parent has not taken note of it (`Z`: in a container perhaps nobody ever does), starts never.
 */
function startOf(pid: number): number | undefined {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-o", "etime=", "-p", String(pid)], { encoding: "utf8" });
  const [, stat = "", days = 0, hours = 0, minutes, seconds] = /^\s*(\S+)\s+(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+)\s*$/.exec(stdout ?? "") ?? [];
  if (stat.startsWith("Z")) return Number.POSITIVE_INFINITY;
  if (minutes === undefined) return undefined;
  return Date.now() - (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}
