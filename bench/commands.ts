/** Slipway's commands beside the engine's own: what is done before and after the engine runs must cost little. */
import { join } from "node:path";
import { execa } from "execa";
import { changesOf } from "../ops/engine/changes.ts";
import type { EngineResult } from "../ops/engine/session.ts";
import { UserError } from "../ops/userError.ts";
import { type Say, type Stage, withWeight } from "./compare.ts";
import { type Measured, measure, type Subject } from "./measure.ts";
import { stack } from "./projects.ts";
import { account, type Scratch, setStack } from "./scratch.ts";

/** One command of Slipway, and of the engine. */
interface CommandPair {
  /** Name of its ratios. */
  readonly title: string;
  readonly commands: { readonly slipway: string; readonly plain: string };
  readonly slipway: Measured;
  readonly plain: Measured;
}

export interface CommandPairs {
  /** The preview of a canary step. */
  readonly preview: CommandPair;
  /** The step itself, to and fro. */
  readonly step: CommandPair;
}

const program = { slipway: ["ops/slipway.js"], plain: ["bench/plainEngine.ts", stack, account] };

/** Measures the pairs in turn on Slipway's own project; both sides start a process and in it the simulated providers. */
export async function commandPairs(
  { projects: { slipway: project } }: Stage,
  scratch: Scratch,
  rounds: number,
  say: Say,
): Promise<CommandPairs> {
  const start = async (side: keyof typeof program, args: readonly string[]): Promise<EngineResult> => {
    const [script = "", ...fixed] = program[side];
    const named = side === "slipway" ? ["--stack", stack] : [];
    const command = [join(scratch.source.folder, script), ...fixed, ...args, ...named, "--non-interactive"];
    const {
      exitCode = 1,
      stdout,
      stderr,
    } = await execa(process.execPath, command, { cwd: project.folder, reject: false, stdin: "ignore" });
    return { exitCode, stdout, stderr };
  };
  const subject = (side: keyof typeof program, args: readonly string[]): Subject => ({
    title: `${side}: ${args.join(" ")}`,
    work: () => start(side, args),
  });
  const pair = (args: readonly string[], more: () => Pick<Subject, "prepare" | "verify">) => ({
    slipway: { ...subject("slipway", args), ...more() },
    plain: { ...subject("plain", args), ...more() },
  });

  const previewed = (result: EngineResult) => {
    const { changes } = changesOf(result);
    if (changes.length !== 1) throw new UserError(`A canary step would change ${changes.length} resources, not 1.`);
  };
  const preview = pair(["preview", "--json"], () => ({ verify: previewed }));
  let weight = 0;
  const moved = ({ stdout }: EngineResult) => {
    if (!/~ 1 updated/.test(stdout)) throw new UserError(`A canary step did not change one resource:\n${stdout.slice(-2000)}`);
  };
  const next = () => {
    weight = weight === 5 ? 25 : 5;
    setStack(project, withWeight(scratch.model, weight));
  };
  const step = pair(["up", "--yes", "--skip-preview"], () => ({ prepare: next, verify: moved }));
  const measured = async (what: string, subjects: Readonly<Record<keyof typeof program, Subject>>) =>
    measure(rounds, subjects, (side, round) => say(`${what} ${round} of ${rounds}: ${side}`));
  return {
    preview: {
      title: "slipway preview / pulumi preview",
      commands: { slipway: "slipway preview", plain: "pulumi preview" },
      ...(await measured("preview", preview)),
    },
    step: {
      title: "weight step by slipway up / pulumi up",
      commands: { slipway: "slipway up, one weight", plain: "pulumi up, one weight" },
      ...(await measured("weight step", step)),
    },
  };
}
