/**
 * What the processes of a run cost, read from `/proc` while they live. The kernel keeps each process's own peak
 * (`VmHWM`) and processor time, so a sample taken at any moment before the end misses only what comes after it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** What a process of a Pulumi run is for. */
export type Role = "program" | "languageHost" | "engine";

/** Cost of one role in one run. */
export interface Cost {
  /** Largest resident memory of any process of the role, MiB; 0 when none was seen. */
  readonly memory: number;
  /** Processor time of all processes of the role, user and system, seconds. */
  readonly processor: number;
}

export type Costs = Readonly<Record<Role, Cost>>;

interface Seen {
  readonly role: Role;
  readonly memory: number;
  readonly processor: number;
}

/** Time between two samples, milliseconds. A sample takes well under one. */
const interval = 20;
/** The kernel counts processor time in hundredths of a second on every platform that has `/proc`. */
const ticksPerSecond = 100;

/** Whether this platform has what {@link ProcessWatch} reads; without it all costs are 0. */
export const canWatch = existsSync("/proc/self/task");

/** Watches everything that this process has started, until `stop`. */
export class ProcessWatch {
  readonly #seen = new Map<number, Seen>();
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#sample(), interval);
  }

  /** Ends the watch. @returns what each role cost */
  stop(): Costs {
    clearInterval(this.#timer);
    return { program: this.#costOf("program"), languageHost: this.#costOf("languageHost"), engine: this.#costOf("engine") };
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
    const waiting = childrenOf(process.pid);
    for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
      const seen = look(pid);
      // Between fork and exec a process still looks like its parent: what it is at last is what counts.
      if (seen !== undefined) this.#seen.set(pid, seen);
      else if (existsSync(`/proc/${pid}/exe`)) this.#seen.delete(pid);
      waiting.push(...childrenOf(pid));
    }
  }
}

function look(pid: number): Seen | undefined {
  try {
    const role = roleOf(readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0"));
    if (role === undefined) return undefined;
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    if (peak === undefined) return undefined;
    // After the name in brackets, user and system time are the 12th and 13th field.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return { role, memory: Number(peak) / 1024, processor: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond };
  } catch {
    return undefined; // it has ended meanwhile
  }
}

function roleOf([command = "", ...args]: readonly string[]): Role | undefined {
  const name = basename(command);
  if (name === "pulumi") return "engine";
  if (name.startsWith("pulumi-language-")) return "languageHost";
  return name === "node" && args.some((arg) => /@pulumi\/pulumi\/cmd\/run(\/index\.js)?$/.test(arg)) ? "program" : undefined;
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
