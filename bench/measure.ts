/** Runs engine commands and keeps what they cost. Subjects of one comparison run in turn, so that each meets the same machine. */
import type { EngineResult, Session } from "../ops/engine/session.ts";
import { UserError } from "../ops/userError.ts";
import { type Costs, ProcessWatch, type Role } from "./processes.ts";

/** Cost of one run, or the middle of several. */
export interface Measured {
  /** Time of the engine's command, seconds. */
  readonly seconds: number;
  readonly costs: Costs;
}

/** One thing to measure. */
export interface Subject {
  /** What it is, for messages. */
  readonly title: string;
  readonly work: () => Promise<EngineResult>;
  /** Environment that this subject's runs have besides. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Called before each run. */
  readonly prepare?: () => void;
  /** Called with what each run printed. @throws UserError when it did not do what it is measured for */
  readonly verify?: (result: EngineResult) => void;
}

/** A command of the engine on a session whose simulated providers run already. */
export function engineCommand(session: Session, args: readonly string[]): Pick<Subject, "title" | "work"> {
  return { title: `${args.join(" ")} in ${session.project.folder}`, work: () => session.capture(args) };
}

/** One run of a subject. @throws UserError when the command fails */
export async function run({ title, work, env = {}, prepare, verify }: Subject): Promise<Measured> {
  prepare?.();
  const before = Object.keys(env).map((key) => [key, process.env[key]] as const);
  Object.assign(process.env, env);
  const watch = new ProcessWatch();
  const started = performance.now();
  try {
    const result = await work();
    const seconds = (performance.now() - started) / 1000;
    if (result.exitCode !== 0) throw new UserError(`${title} failed:\n${result.stdout.slice(-2000)}\n${result.stderr}`);
    verify?.(result);
    return { seconds, costs: watch.stop() };
  } finally {
    watch.stop();
    for (const [key, value] of before) {
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
    }
  }
}

/**
 * Measures subjects in turn, round by round.
 * @param onRun called before each run with the subject's name
 * @returns the median of each figure, by subject
 */
export async function measure<Name extends string>(
  rounds: number,
  subjects: Readonly<Record<Name, Subject>>,
  onRun: (name: NoInfer<Name>, round: number) => void,
): Promise<Record<Name, Measured>> {
  const names = Object.keys(subjects) as Name[];
  const runs = new Map<Name, Measured[]>(names.map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const name of names) {
      onRun(name, round);
      runs.get(name)!.push(await run(subjects[name]));
    }
  }
  return Object.fromEntries(names.map((name) => [name, middleOf(runs.get(name)!)])) as Record<Name, Measured>;
}

/** Each figure's median. */
export function middleOf(runs: readonly Measured[]): Measured {
  const middle = (figure: (one: Measured) => number) => median(runs.map(figure));
  const role = (name: Role) => ({
    memory: middle(({ costs }) => costs[name].memory),
    processor: middle(({ costs }) => costs[name].processor),
  });
  return {
    seconds: middle(({ seconds }) => seconds),
    costs: {
      program: role("program"),
      languageHost: role("languageHost"),
      engine: role("engine"),
      command: role("command"),
      peak: middle(({ costs }) => costs.peak),
    },
  };
}

/** Processor time of all processes of a run together, seconds. */
export function processorOfAll({ costs }: Measured): number {
  return costs.program.processor + costs.languageHost.processor + costs.engine.processor + costs.command.processor;
}

/** Memory of the engine and what it starts together, MiB; each at its own peak. */
export function memoryOfAll({ costs }: Measured): number {
  return costs.program.memory + costs.languageHost.memory + costs.engine.memory;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
