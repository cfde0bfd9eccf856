/** Whether somebody wants the debug messages of the SDK. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** Processes between the program and its engine: the language host, and the wrapper that gives it its flags. */
const levels = 4;

/**
 * Whether the engine that runs this program was called with `--debug`. The engine does not tell the program: it takes every
 * message and shows those that were asked for. So its command line is read, which Linux alone offers without another process;
 * elsewhere `SLIPWAY_SDK_DEBUG=1` says the same.
 * @param from process whose ancestors are looked at. @default the one that started this one
 */
export function debugWanted(environment: NodeJS.ProcessEnv = process.env, from = process.ppid): boolean {
  if (environment.SLIPWAY_SDK_DEBUG !== undefined) return true;
  try {
    for (let pid = from, level = 0; pid > 1 && level < levels; level++) {
      const [command = "", ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      if (basename(command) === "pulumi") return args.some((arg) => /^(?:--debug(?:=true)?|-[a-z]*d)$/.test(arg));
      // Of `pid (name) state parent …` the name may hold spaces and parentheses.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      pid = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    }
  } catch {
    // No /proc, or a process that is gone: nobody is known to want them.
  }
  return false;
}
