/** Ends a process and everything that it started. */
import { spawnSync } from "node:child_process";

/** At once, without a chance to tidy up: provider plugins live in process groups of their own and would go on without it. */
export function killTree(root: number): void {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const processes = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const doomed = [root];
  for (const parent of doomed) doomed.push(...processes.flatMap(([pid, ppid]) => (ppid === parent && pid !== undefined ? [pid] : [])));
  for (const pid of doomed) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it ended by itself meanwhile
    }
  }
}
