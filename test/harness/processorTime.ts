/** How much processor time a process used, with all processes that it started and that have ended. */
import { existsSync, readFileSync } from "node:fs";

/** Clock ticks of Linux a second, in which it counts the time of ended children. */
const ticksPerSecond = 100;
const selfStatus = "/proc/self/stat";

/** Seconds of user and system time since the start of this process. Without children where the system does not tell (macOS). */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + childrenSeconds();
}

function childrenSeconds(): number {
  if (!existsSync(selfStatus)) return 0;
  // proc_pid_stat(5): the name stands in brackets and may hold anything; `cutime` and `cstime` are the 14th and 15th after it.
  const fields = (readFileSync(selfStatus, "utf8").split(")").at(-1) ?? "").trim().split(" ");
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
}
