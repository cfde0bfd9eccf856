/** Who holds the stack, and whether anybody is still behind it. */
import { hostname } from "node:os";
import { staleMinutes } from "../ci/unlockMode.ts";
import { stateAddress } from "../engine/backend.ts";
import type { LockOwner } from "../engine/stackLocks.ts";
import { isDead, locksOf } from "../recovery/locks.ts";
import type { Asked } from "./asked.ts";

/** One lock. A lock that cannot be read has nobody's name. */
export interface HeldLock {
  /** `user on machine (process 123)`. */
  readonly holder: string;
  /** ISO 8601. */
  readonly since?: string;
  /** `dead`: its process is gone from this machine; `old`: of another machine, and older than any job; `alive`: as far as anybody knows. */
  readonly life: "alive" | "dead" | "old";
}

/** Locks of the stack. @throws Error where the backend's files are not read here */
export async function heldLocks({ stack: { backend, project, name } }: Pick<Asked, "stack">): Promise<HeldLock[]> {
  const locks = locksOf({ backend, project, stack: name });
  if (locks === undefined) throw new Error(`${stateAddress(backend)} tells its locks to the engine alone`);
  return (await locks.list()).map(({ owner }) => ({
    holder: owner === undefined ? "somebody whose lock cannot be read" : `${owner.username} on ${owner.hostname} (process ${owner.pid})`,
    ...(owner === undefined ? {} : { since: owner.timestamp.toISOString() }),
    life: lifeOf(owner),
  }));
}

function lifeOf(owner: LockOwner | undefined): HeldLock["life"] {
  if (isDead(owner)) return "dead";
  const minutes = owner === undefined ? 0 : (Date.now() - owner.timestamp.getTime()) / 60_000;
  return owner?.hostname !== hostname() && minutes > staleMinutes ? "old" : "alive";
}
