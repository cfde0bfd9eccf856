/** Slipway's commands beside the engine's own: what is done before and after the engine runs must cost little. */
import { join } from "node:path";
import { execa } from "execa";
import { changesOf } from "../ops/engine/changes.ts";
import type { EngineResult } from "../ops/engine/session.ts";
import { UserError } from "../ops/userError.ts";
import type { PackageName } from "../sandbox/sandbox.ts";
import type { Say } from "./compare.ts";
import { type Measured, measure, type Subject } from "./measure.ts";

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

/** The stack that the pairs are measured on. It exists. */
export interface MeasuredStack {
  /** Folder of the project. */
  readonly folder: string;
  readonly stack: string;
  /** AWS account, 12 digits. */
  readonly account: string;
  /** Providers whose real plugins both sides use. @default all are simulated */
  readonly real?: readonly PackageName[];
  /** Whole environment of both sides. @default this process's */
  readonly environment?: Readonly<Record<string, string>>;
  /** Writes the share of one service's candidate into the stack file. */
  readonly setWeight: (percent: number) => void;
}

type CommandSide = "slipway" | "plain";

/** Measures the pairs in turn; both sides start a process and in it the simulated providers. */
export async function commandPairs(measuredStack: MeasuredStack, rounds: number, say: Say): Promise<CommandPairs> {
  const { folder, stack, account, real = [], environment, setWeight } = measuredStack;
  const start = async (side: CommandSide, args: readonly string[]): Promise<EngineResult> => {
    const { script, words } = {
      slipway: { script: "../ops/slipway.js", words: [...args, "--stack", stack, ...real.flatMap((name) => ["--real", name])] },
      plain: { script: "plainEngine.ts", words: [stack, account, ...real, ...args] },
    }[side];
    const command = [join(import.meta.dirname, script), ...words, "--non-interactive"];
    const variables = environment === undefined ? {} : { env: environment, extendEnv: false };
    const {
      exitCode = 1,
      stdout,
      stderr,
    } = await execa(process.execPath, command, { cwd: folder, reject: false, stdin: "ignore", ...variables });
    return { exitCode, stdout, stderr };
  };
  const subject = (side: CommandSide, args: readonly string[]): Subject => ({
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
    setWeight(weight);
  };
  const step = pair(["up", "--yes", "--skip-preview"], () => ({ prepare: next, verify: moved }));
  const measured = async (what: string, subjects: Readonly<Record<CommandSide, Subject>>) =>
    measure(rounds, subjects, (side, round) => say(`${what} ${round} of ${rounds}: ${side}`));
  setWeight(5);
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
