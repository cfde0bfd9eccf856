/** Locks of the local backend that outlived the engine which took them. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { stateFolder } from "../engine/backend.ts";
import type { Session } from "../engine/session.ts";

interface Lock {
  readonly pid: number;
  readonly hostname: string;
}

/**
 * Removes locks whose process is gone from this machine; a lock of a living process or of another machine stays.
 * @returns how many were removed
 */
export function releaseDeadLocks(session: Session): number {
  if (session.backend.kind === "shared") return 0;
  const folder = join(stateFolder(session.backend), ".pulumi", "locks", "organization", session.project.name, session.stack);
  if (!existsSync(folder)) return 0;
  const dead = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => join(folder, file))
    .filter((file) => isDead(lockIn(file)));
  for (const file of dead) {
    rmSync(file, { force: true });
    rmSync(`${file}.attrs`, { force: true });
  }
  return dead.length;
}

/** @returns undefined for a file that an engine was killed while writing */
function lockIn(file: string): Lock | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Lock;
  } catch {
    return undefined;
  }
}

function isDead(lock: Lock | undefined): boolean {
  if (lock === undefined) return true;
  if (lock.hostname !== hostname()) return false;
  try {
    process.kill(lock.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
