/** Locks of a stack that outlived the engine which took them. */
import { hostname, userInfo } from "node:os";
import { type Backend, stateAddress } from "../engine/backend.ts";
import type { Session } from "../engine/session.ts";
import { type StackLock, StackLocks } from "../engine/stackLocks.ts";
import { readsFiles } from "../engine/stateFiles.ts";

/**
 * Removes locks whose process is gone from this machine; a lock of a living process, of another machine or of another user stays.
 * At a backend whose files are not read here all stay.
 * @returns how many were removed
 */
export async function releaseDeadLocks({ backend, project, stack }: Pick<Session, "backend" | "project" | "stack">): Promise<number> {
  const address = stateAddress(backend);
  if (!readsFiles(address)) return 0;
  const locks = new StackLocks(address, project.name, stack);
  const dead = (await locks.list()).filter((lock) => isDead(lock, backend));
  for (const lock of dead) await locks.remove(lock);
  return dead.length;
}

function isDead({ owner }: StackLock, { kind }: Backend): boolean {
  // Cut off while an engine was killed writing it. Where others write too, it may be one of theirs.
  if (owner === undefined) return kind !== "shared";
  // Machines of one name are rare, and of one name and user rarer: where others work too, both have to be this one's.
  if (owner.hostname !== hostname() || (kind === "shared" && owner.username !== userInfo().username)) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
