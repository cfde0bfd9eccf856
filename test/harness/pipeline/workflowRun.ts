/** One run of a workflow, step by step as the file has them, with GitHub's approvals, artefacts and re-runs. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandResult } from "../host/commandProcess.ts";
import { type Contexts, type Ended, filledIn, holds, listOf } from "./expression.ts";
import type { Machine, Moment, Variables } from "./machine.ts";
import { type Job, needsOf, type Step, type Workflow } from "./workflow.ts";

/** What a run is of. */
export interface RunOptions {
  readonly machine: Machine;
  readonly workflow: Workflow;
  /** Contexts `github`, `vars` and `secrets`. */
  readonly contexts: Contexts;
  /** What GitHub sets in every job. */
  readonly variables: Variables;
  /** A new folder with the commit's files. */
  readonly checkout: () => string;
  /** Environments that wait for somebody's approval. */
  readonly guarded: readonly string[];
  /** Told 1 as jobs begin and -1 as they end: a run that waits is not at work. */
  readonly working: (change: 1 | -1) => void;
}

/** A script that was run; one that is no command of Slipway's is only noted, as a success. */
export interface EndedStep extends CommandResult {
  readonly script: string;
}

/** One job, or one leg of its matrix. */
export interface Leg {
  readonly ended: Ended | "waiting";
  /** Scripts that were run, in their order. */
  readonly steps: readonly EndedStep[];
  /** What stands on the run's page. */
  readonly summary: string;
}

/** What one run of the jobs is told beside the workflow. */
export interface Extra {
  /** Flags after the command of `ci apply`: what would make a test wait for minutes. */
  readonly flags?: readonly string[];
  /** Happens in the update of `ci apply`. */
  readonly moment?: Moment;
}

interface JobRun {
  readonly legs: readonly Leg[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** A run, from its start to its last approval. */
export class WorkflowRun {
  readonly #options: RunOptions;
  readonly #artefacts = mkdtempSync(join(tmpdir(), "slipway-run-"));
  readonly #jobs = new Map<string, JobRun>();
  readonly #approved = new Set<string>();
  #current = "";

  constructor(options: RunOptions) {
    this.#options = options;
  }

  /** How a job ended; undefined before it could begin. */
  ended(job: string): Leg["ended"] | undefined {
    const legs = this.#jobs.get(job)?.legs;
    if (legs === undefined) return undefined;
    const ends = legs.map(({ ended }) => ended);
    return (["waiting", "failure", "cancelled", "success"] as const).find((end) => ends.includes(end)) ?? "skipped";
  }

  /** How each job ended that could begin. */
  get jobs(): Readonly<Record<string, Leg["ended"] | undefined>> {
    return Object.fromEntries([...this.#jobs.keys()].map((job) => [job, this.ended(job)]));
  }

  /** The script that is at work. */
  get current(): string {
    return this.#current;
  }

  /** The only leg of a job. @throws Error when it has none, or several */
  leg(job: string): Leg {
    const [leg, ...others] = this.#jobs.get(job)?.legs ?? [];
    if (leg === undefined || others.length > 0) throw new Error(`${job} has not one leg`);
    return leg;
  }

  /** First digits of the hash of what was planned. @throws Error when nothing was */
  hash(): string {
    const [, hash] = /change sets? [\w-]+ `([0-9a-f]{12})`/.exec(this.leg("plan").summary) ?? [];
    if (hash === undefined) throw new Error(`No change set was planned:\n${this.said()}`);
    return hash;
  }

  /** Everything that the run's scripts have said, by job. */
  said(): string {
    const steps = [...this.#jobs].flatMap(([job, { legs }]) => legs.flatMap((leg) => leg.steps.map((step) => ({ job, ...step }))));
    return steps
      .map(({ job, script, stdout, stderr, exitCode }) => [`${job}$ ${script}`, stdout, stderr, `exit code ${exitCode}`].join("\n"))
      .join("\n");
  }

  /** Runs what can be run: all that waits for no approval. */
  async start(extra: Extra = {}): Promise<this> {
    this.#options.working(1);
    for (const [name, job] of Object.entries(this.#options.workflow.jobs)) {
      const needs = needsOf(job);
      const open = needs.some((need) => ["waiting", undefined].includes(this.ended(need)));
      if (open || !["waiting", undefined].includes(this.ended(name))) continue;
      this.#jobs.set(name, await this.#job(job, extra));
    }
    this.#options.working(-1);
    return this;
  }

  /** Somebody approves what waits for an environment. */
  approve(environment: string, extra: Extra = {}): Promise<this> {
    this.#approved.add(environment);
    return this.start(extra);
  }

  /** Runs jobs again, as GitHub's buttons do: those that failed and what needs them, or all. An approval was for the attempt before. */
  again(which: "failed" | "all", extra: Extra = {}): Promise<this> {
    const { jobs } = this.#options.workflow;
    const gone = new Set(Object.keys(jobs).filter((job) => which === "all" || this.ended(job) === "failure"));
    for (const [name, job] of Object.entries(jobs)) if (needsOf(job).some((need) => gone.has(need))) gone.add(name);
    for (const job of gone) this.#jobs.delete(job);
    this.#approved.clear();
    return this.start(extra);
  }

  remove(): void {
    rmSync(this.#artefacts, { recursive: true, force: true });
  }

  async #job(job: Job, extra: Extra): Promise<JobRun> {
    const needs = needsOf(job);
    const contexts = {
      ...this.#options.contexts,
      needs: Object.fromEntries(needs.map((need) => [need, { result: this.ended(need), outputs: this.#jobs.get(need)?.outputs ?? {} }])),
    };
    const before = needs.map((need) => this.ended(need)).filter((end) => end !== undefined && end !== "waiting");
    if (!holds(job.if, contexts, before)) return { legs: [], outputs: {} };
    const matrix = job.strategy === undefined ? [{}] : matrixOf(job.strategy.matrix, contexts);
    const runs: { readonly leg: Leg; readonly outputs: JobRun["outputs"] }[] = [];
    for (const one of matrix) runs.push(await this.#leg(job, { ...contexts, matrix: one }, extra));
    return { legs: runs.map(({ leg }) => leg), outputs: Object.assign({}, ...runs.map(({ outputs }) => outputs)) as JobRun["outputs"] };
  }

  async #leg(job: Job, contexts: Contexts, extra: Extra): Promise<{ readonly leg: Leg; readonly outputs: JobRun["outputs"] }> {
    const environment = filledIn(job.environment ?? "", contexts);
    if (this.#options.guarded.includes(environment) && !this.#approved.has(environment))
      return { leg: { ended: "waiting", steps: [], summary: "" }, outputs: {} };
    const place = mkdtempSync(join(tmpdir(), "slipway-job-"));
    const [summary, output] = [join(place, "summary.md"), join(place, "output")];
    const files = { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output };
    const steps: EndedStep[] = [];
    const ends: Ended[] = [];
    const outputs: Record<string, Record<string, string>> = {};
    let folder = "";
    for (const step of job.steps) {
      const known = { ...contexts, steps: Object.fromEntries(Object.entries(outputs).map(([id, own]) => [id, { outputs: own }])) };
      if (!holds(step.if, known, ends)) continue;
      if (step.uses !== undefined) {
        if (step.uses.startsWith("actions/checkout@")) folder = this.#options.checkout();
        else ends.push(this.#action(step, folder, known));
        continue;
      }
      writeFileSync(output, "");
      const result = await this.#script(step, folder, { ...job.env, ...step.env }, files, known, extra);
      steps.push(result);
      ends.push(result.exitCode === 0 ? "success" : "failure");
      if (step.id !== undefined) outputs[step.id] = linesOf(readFileSync(output, "utf8"));
    }
    const known = { ...contexts, steps: Object.fromEntries(Object.entries(outputs).map(([id, own]) => [id, { outputs: own }])) };
    const ofJob = Object.fromEntries(Object.entries(job.outputs ?? {}).map(([key, value]) => [key, filledIn(value, known)]));
    const leg: Leg = {
      ended: ends.includes("failure") ? "failure" : "success",
      steps,
      summary: existsSync(summary) ? readFileSync(summary, "utf8") : "",
    };
    rmSync(place, { recursive: true });
    return { leg, outputs: ofJob };
  }

  async #script(step: Step, folder: string, own: Variables, files: Variables, contexts: Contexts, extra: Extra): Promise<EndedStep> {
    const filled = Object.fromEntries(Object.entries(own).map(([name, value]) => [name, filledIn(value, contexts)]));
    // The gate and its like are what runs this.
    if (step.run?.includes("ops/slipway.js") !== true) return { script: step.run ?? "", exitCode: 0, stdout: "", stderr: "" };
    const applies = step.run?.includes(" ci apply ") === true;
    const script = applies ? [step.run ?? "", ...(extra.flags ?? [])].join(" ") : (step.run ?? "");
    const variables = { ...this.#options.variables, ...files, ...filled };
    this.#current = script;
    return { script, ...(await this.#options.machine.run(folder, script, variables, applies ? extra.moment : undefined)) };
  }

  /** @throws Error for an action that nobody has said anything of */
  #action({ uses = "", with: given = {} }: Step, folder: string, contexts: Contexts): Ended {
    const {
      name = "",
      path = "",
      pattern,
    } = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, filledIn(String(value), contexts)]));
    const [action] = uses.split("@");
    if (action === "aws-actions/configure-aws-credentials") return "success"; // the machine has them
    if (action === "actions/upload-artifact") {
      if (existsSync(join(folder, path))) {
        rmSync(join(this.#artefacts, name), { recursive: true, force: true });
        cpSync(join(folder, path), join(this.#artefacts, name), { recursive: true });
      }
      return "success";
    }
    if (action !== "actions/download-artifact") throw new Error(`A run of a workflow does not know what ${uses} does`);
    if (pattern !== undefined) {
      // Every artefact here is of that pattern; each gets a folder of its name.
      mkdirSync(join(folder, path), { recursive: true });
      cpSync(this.#artefacts, join(folder, path), { recursive: true });
      return "success";
    }
    if (!existsSync(join(this.#artefacts, name))) return "failure";
    cpSync(join(this.#artefacts, name), join(folder, path), { recursive: true });
    return "success";
  }
}

/** The legs of a matrix with one axis. */
function matrixOf(matrix: Readonly<Record<string, string>>, contexts: Contexts): Readonly<Record<string, unknown>>[] {
  const [axis, ...others] = Object.entries(matrix);
  if (axis === undefined || others.length > 0) throw new Error("A matrix of one axis is known here, and no other");
  const [name, values] = axis;
  return listOf(values, contexts).map((value) => ({ [name]: value }));
}

/** What a step has written as its outputs, `name=value` by line. */
function linesOf(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line.includes("="));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}
