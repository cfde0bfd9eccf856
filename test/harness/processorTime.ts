/** How much processor time a process used, with all processes that it started. */
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

/** Clock ticks of Linux a second, in which it counts the time of processes. */
const ticksPerSecond = 100;

/** Children that are asked while they live; the system itself counts those that have ended. */
const living = new Set<number>();

/**
 * Seconds of user and system time since the start of this process, with its ended children and those that `countAlive` was told of.
 * Without children where the system does not tell (macOS).
 */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  const alive = [...living].map((pid) => secondsIn(pid, 0, 4)).reduce((sum, seconds) => sum + seconds, 0);
  return (user + system) / 1e6 + secondsIn("self", 2, 4) + alive;
}

/** Counts a child's time also before it ends. */
export function countAlive(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  living.add(pid);
  child.once("exit", () => living.delete(pid));
}

/** Sum of `utime`, `stime`, `cutime` and `cstime`, from one of them to before another. */
function secondsIn(pid: number | "self", from: number, to: number): number {
  try {
    // proc_pid_stat(5): the name stands in brackets and may hold anything; `utime` is the 12th after it.
    const fields = (readFileSync(`/proc/${pid}/stat`, "utf8").split(")").at(-1) ?? "").trim().split(" ");
    return fields.slice(11 + from, 11 + to).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
  } catch {
    return 0; // no such system, or it has just ended
  }
}

/** Row that sums a run in the table that it ends with: `  all   529.2  of  840`, seconds. */
export const sumName = "all";

/** What a line says a run has used in all, seconds; undefined when it is another line. */
export function sumIn(line: string): number | undefined {
  const [, seconds] = new RegExp(`^ {2}${sumName} +(\\d+\\.\\d)`).exec(line) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}
