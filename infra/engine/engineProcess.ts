/** The engine that runs this program, as Linux shows it: other systems tell nothing of a process without starting another. */
import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/** Processes between the program and its engine: the language host, and the wrapper that gives it its flags. */
const levels = 4;

/** A process of `pulumi`. */
interface EngineProcess {
  /** What it was called with. */
  readonly args: readonly string[];
  /** The folder that it works in, which `--cwd` changes: that of the project, or one below it. */
  readonly folder: string;
}

/**
 * The nearest `pulumi` above this process; undefined when none is seen.
 * @param from process whose ancestors are looked at. @default the one that started this one
 */
export function engineProcess(from = process.ppid): EngineProcess | undefined {
  try {
    for (let pid = from, level = 0; pid > 1 && level < levels; level++) {
      const [command = "", ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      if (basename(command) === "pulumi") return { args, folder: readlinkSync(`/proc/${pid}/cwd`) };
      // Of `pid (name) state parent …` the name may hold spaces and parentheses.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      pid = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    }
  } catch {
    // No /proc, or a process that is gone.
  }
  return undefined;
}
