/**
 * What the processes of a run cost, read from `/proc` while they live. The kernel keeps each process's own peak
 * (`VmHWM`) and processor time, so a sample taken at any moment before the end misses only what comes after it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** What a process of a run is for; `command` is whatever is none of the others: the command line, the simulated providers. */
export type Role = "program" | "languageHost" | "engine" | "command";

/** Cost of one role in one run. */
export interface Cost {
  /** Largest resident memory of any process of the role, MiB; 0 when none was seen. */
  readonly memory: number;
  /** Processor time of all processes of the role, user and system, seconds. */
  readonly processor: number;
}

/** Cost by role, and together. */
export type Costs = Readonly<Record<Role, Cost>> & {
  /** Largest resident memory that all processes had at one moment, MiB. */
  readonly peak: number;
};

interface Seen extends Cost {
  readonly role: Role;
  /** Resident memory at this moment, MiB. */
  readonly resident: number;
}

/** Time between two samples, milliseconds. A sample takes well under one. */
const interval = 20;
/** The kernel counts processor time in hundredths of a second on every platform that has `/proc`. */
const ticksPerSecond = 100;

/** Whether this platform has what {@link ProcessWatch} reads; without it all costs are 0. */
export const canWatch = existsSync("/proc/self/task");

/** Watches everything that this process starts, until `stop`. What it has started before, such as an API server, is none of the run. */
export class ProcessWatch {
  readonly #before = new Set(childrenOf(process.pid));
  readonly #seen = new Map<number, Seen>();
  readonly #timer: NodeJS.Timeout;
  #peak = 0;

  constructor() {
    this.#timer = setInterval(() => this.#sample(), interval);
  }

  /** Ends the watch. @returns what each role cost */
  stop(): Costs {
    clearInterval(this.#timer);
    return {
      program: this.#costOf("program"),
      languageHost: this.#costOf("languageHost"),
      engine: this.#costOf("engine"),
      command: this.#costOf("command"),
      peak: this.#peak,
    };
  }

  #costOf(role: Role): Cost {
    const own = [...this.#seen.values()].filter((seen) => seen.role === role);
    return {
      memory: Math.max(0, ...own.map(({ memory }) => memory)),
      processor: own.reduce((sum, { processor }) => sum + processor, 0),
    };
  }

  #sample(): void {
    if (!canWatch) return;
    const waiting = childrenOf(process.pid).filter((pid) => !this.#before.has(pid));
    let resident = 0;
    for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
      const seen = look(pid);
      // Between fork and exec a process still looks like its parent: what it is at last is what counts.
      if (seen !== undefined) this.#seen.set(pid, seen);
      resident += seen?.resident ?? 0;
      waiting.push(...childrenOf(pid));
    }
    this.#peak = Math.max(this.#peak, resident);
  }
}

function look(pid: number): Seen | undefined {
  try {
    const role = roleOf(readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0"));
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const mebibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
    const memory = mebibytes("VmHWM");
    if (Number.isNaN(memory)) return undefined; // it has ended, and waits to be asked how
    // After the name in brackets, user and system time are the 12th and 13th field.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return { role, memory, resident: mebibytes("VmRSS"), processor: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond };
  } catch {
    return undefined; // it has ended meanwhile
  }
}

function roleOf([command = "", ...args]: readonly string[]): Role {
  const name = basename(command);
  if (name === "pulumi") return "engine";
  if (name.startsWith("pulumi-language-")) return "languageHost";
  return name === "node" && args.some((arg) => /@pulumi\/pulumi\/cmd\/run(\/index\.js)?$/.test(arg)) ? "program" : "command";
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8")
        .split(" ")
        .filter((child) => child !== "")
        .map(Number),
    );
  } catch {
    return [];
  }
}
