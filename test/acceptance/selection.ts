/** What a run of the acceptance covers: the project's own stacks and each of the example stacks, or those that are named. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { binariesVariable } from "./kubernetes/binaries.ts";

/** Name of the project's own two stacks in `--only`. */
export const ownStacks = "stacks";
/** Name in `--only` of what Slipway's commands cost. Never a part of everything: it wants the machine for itself. */
export const commandCosts = "commands";

/** Name in `--only` of the stack whose state is in a bucket. */
export const sharedState = "state";

/** Name in `--only` of the pipeline's runs. */
export const pipelineRuns = "pipeline";

/** Name in `--only` of the trial of an account, here one on the API server. */
export const accountTrial = "account";

/** Name in `--only` of a release at twelve tasks that take time. */
export const twelveTasks = "ramp";

/** Name in `--only` of what prepares an account. */
export const accountBootstrap = "bootstrap";

/** Name in `--only` of what the API server refuses. */
export const refusals = "refusals";

/** Name in `--only` of two stacks in one account. */
export const neighbours = "neighbours";

/** Name in `--only` of what the person on call runs. Never a part of everything: its figures want the machine for themselves. */
export const personOnCall = "oncall";

/** Name in `--only` of a service on a Kubernetes cluster. */
export const kubernetesCluster = "kubernetes";

/** What was asked for cannot be run. The message says what can. */
export class NoSuchPart extends Error {}

/** One example system, with the stages of it that are run. */
export interface Example {
  /** `coinestate`. */
  readonly system: string;
  /** Folder of its `Pulumi.yaml`. */
  readonly folder: string;
  /** Stages by stack name, production first. */
  readonly stages: readonly string[];
}

export interface Selection {
  /** The project's own stacks, with the release and the comparison. */
  readonly own: boolean;
  /** A stack whose state is in a bucket. */
  readonly state: boolean;
  /** Runs of the pipeline's workflow. */
  readonly pipeline: boolean;
  /** A release at twelve tasks that take time. */
  readonly ramp: boolean;
  /** What prepares an account. */
  readonly bootstrap: boolean;
  /** The trial of an account: on the API server, or of the one that the environment names, where somebody has agreed to the cost or not. */
  readonly account: "none" | "server" | "real" | "real, agreed";
  /** What the API server refuses as AWS does. */
  readonly refused: boolean;
  /** Two stacks in one account. */
  readonly beside: boolean;
  /** A service on a Kubernetes cluster; part of everything where the programs of one are here. */
  readonly kubernetes: boolean;
  readonly examples: readonly Example[];
  /** What Slipway's commands cost beside the engine alone. */
  readonly commands: boolean;
  /** What the person on call runs, on the largest example. */
  readonly onCall: boolean;
  /** Nothing was left out, so that a list of known lacks can be held against what was found. */
  readonly everything: boolean;
}

const folder = join(import.meta.dirname, "..", "..", "examples");

const every: readonly Example[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "Pulumi.yaml")))
  .map(({ name }) => ({ system: name, folder: join(folder, name), stages: ["production", "staging"] }));

const nothing: Selection = {
  own: false,
  state: false,
  pipeline: false,
  ramp: false,
  bootstrap: false,
  account: "none",
  refused: false,
  beside: false,
  kubernetes: false,
  examples: [],
  commands: false,
  onCall: false,
  everything: false,
};

/**
 * Reads `--only examples/coinestate --only stacks`, or `--account --yes`; without any, everything is selected that costs nothing.
 * @throws NoSuchPart naming the parts that there are
 */
export function selectionOf(args: readonly string[], environment: NodeJS.ProcessEnv = process.env): Selection {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: "string", multiple: true, default: [] }, account: flag, yes: flag },
  });
  if (values.account && values.only.length > 0) throw new NoSuchPart("--account stands alone: without --only.");
  if (values.yes && !values.account) throw new NoSuchPart("--yes agrees to what --account costs; without it, nothing costs anything.");
  if (values.account) return { ...nothing, account: values.yes ? "real, agreed" : "real" };
  const wanted = values.only.map((part) => part.replace(/\/$/, ""));
  for (const part of wanted) if (!names().includes(part)) throw new NoSuchPart(`There is no part ${part}. Parts: ${names().join(", ")}.`);
  if (wanted.length === 0) {
    const all = { own: true, state: true, pipeline: true, ramp: true, bootstrap: true, refused: true, beside: true } as const;
    const kubernetes = Boolean(environment[binariesVariable]);
    return { ...nothing, ...all, kubernetes, account: "server", examples: every, everything: true };
  }
  const examples = every.map((example) => ({ ...example, stages: stagesIn(example, wanted) })).filter(({ stages }) => stages.length > 0);
  return {
    own: wanted.includes(ownStacks),
    state: wanted.includes(sharedState),
    pipeline: wanted.includes(pipelineRuns),
    ramp: wanted.includes(twelveTasks),
    bootstrap: wanted.includes(accountBootstrap),
    account: wanted.includes(accountTrial) ? "server" : "none",
    refused: wanted.includes(refusals),
    beside: wanted.includes(neighbours),
    kubernetes: wanted.includes(kubernetesCluster),
    examples,
    commands: wanted.includes(commandCosts),
    onCall: wanted.includes(personOnCall),
    everything: false,
  };
}

/** Whether a run speaks to AWS, or to what stands in its place. */
export function needsAws(selection: Selection): boolean {
  const { everything: _all, kubernetes: _cluster, ...parts } = selection;
  return Object.entries(parts).some(([part, asked]) =>
    Array.isArray(asked) ? asked.length > 0 : asked !== nothing[part as keyof Selection],
  );
}

function names(): string[] {
  return [
    ownStacks,
    sharedState,
    pipelineRuns,
    twelveTasks,
    accountBootstrap,
    accountTrial,
    refusals,
    neighbours,
    kubernetesCluster,
    commandCosts,
    personOnCall,
    "examples",
    ...every.flatMap(({ system, stages }) => [`examples/${system}`, ...stages.map((stage) => `examples/${system}/${stage}`)]),
  ];
}

function stagesIn({ system, stages }: Example, wanted: readonly string[]): string[] {
  return stages.filter((stage) => ["examples", `examples/${system}`, `examples/${system}/${stage}`].some((part) => wanted.includes(part)));
}
