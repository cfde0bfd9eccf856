/** A repository on GitHub with one stack: commits of its stack file, merges, and the runs of its workflows. */
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Edits } from "../config.ts";
import { FakeGitHub } from "../fakeGitHub.ts";
import { setInStackFile } from "../stackFile.ts";
import type { Machine, Variables } from "./machine.ts";
import { readWorkflow } from "./workflow.ts";
import { type Extra, WorkflowRun } from "./workflowRun.ts";

/** What of `SLIPWAY_STACKS` differs from a stack that has nothing to wait for but its approval. */
export interface StackSettings {
  readonly backup?: boolean;
  readonly health?: readonly string[];
}

const environment = "production";
const role = "arn:aws:iam::123456789012:role/pipeline";

/** One repository. `main` begins at the stack file as it is in the machine's checkouts. */
export class Repository {
  readonly github = new FakeGitHub();
  readonly machine: Machine;
  readonly #file: string;
  readonly #folders: string[] = [];
  readonly #runs: WorkflowRun[] = [];
  /** Text of the stack file by commit. */
  readonly #commits = new Map<string, string>();
  #variables: Variables = {};

  constructor(machine: Machine) {
    this.machine = machine;
    this.#file = `Pulumi.${machine.stack}.yaml`;
    this.#commit(readFileSync(join(this.#folder(), this.#file), "utf8"));
  }

  async start(): Promise<void> {
    this.#variables = await this.github.start();
  }

  /** Merges a pull request that changes values of the stack file. */
  merge(values: Edits): void {
    const file = join(this.checkout(), this.#file);
    setInStackFile(file, values);
    this.#commit(readFileSync(file, "utf8"));
  }

  /** Takes the newest merge back by another, as `git revert` does. */
  revert(): void {
    const [before] = [...this.#commits.values()].slice(-2);
    this.#commit(before ?? "");
  }

  /** A new folder with the files of a commit. @default the newest of `main` */
  checkout(commit = this.github.head): string {
    const folder = this.#folder();
    writeFileSync(join(folder, this.#file), this.#commits.get(commit) ?? "");
    return folder;
  }

  /** What a push to `main` starts: every job of `deploy.yml` that waits for no approval. */
  deploy(settings: StackSettings = {}, extra: Extra = {}): Promise<WorkflowRun> {
    const commit = this.github.head;
    return this.#run("deploy.yml", commit, { event_name: "push", event: { after: commit } }, settings, extra);
  }

  /** The run that was started last. @throws Error before the first */
  get newest(): WorkflowRun {
    const run = this.#runs.at(-1);
    if (run === undefined) throw new Error("nothing has run yet");
    return run;
  }

  /** Somebody else acknowledges on the merged pull request what a run has planned. */
  acknowledge(run: WorkflowRun): void {
    this.github.seed("grace", `ack ${run.hash()}`);
  }

  /** What a merge queue starts for the commit that it tries. */
  queue(): Promise<WorkflowRun> {
    const event = { merge_group: { head_sha: this.github.head, base_ref: "refs/heads/main" } };
    return this.#run("pr.yml", this.github.head, { event_name: "merge_group", event }, {}, {});
  }

  remove(): void {
    this.github.stop();
    for (const run of this.#runs) run.remove();
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }

  async #run(file: string, commit: string, event: object, settings: StackSettings, extra: Extra): Promise<WorkflowRun> {
    const { machine } = this;
    const target = { stack: machine.stack, backend: machine.backend, region: "us-east-1", wave: "production", environment, ...settings };
    const roles = { previewRole: role, planRole: role, driftRole: role, applyRole: role };
    const number = this.#runs.length + 1;
    const run = new WorkflowRun({
      machine,
      workflow: readWorkflow(file),
      contexts: {
        github: {
          ...event,
          sha: commit,
          repository: "o/r",
          ref: "refs/heads/main",
          token: this.#variables.GITHUB_TOKEN,
          run_id: `${number}`,
        },
        vars: { SLIPWAY_STACKS: JSON.stringify([{ ...target, ...roles }]) },
        secrets: {},
      },
      variables: { ...this.#variables, GITHUB_SHA: commit, GITHUB_RUN_ID: `${number}`, GITHUB_RUN_NUMBER: `${number}` },
      checkout: () => this.checkout(commit),
      guarded: [environment],
      working: (change) => {
        this.github.running += change;
      },
    });
    this.#runs.push(run);
    return run.start(extra);
  }

  #commit(text: string): void {
    const commit = createHash("sha1").update(`${this.#commits.size} ${text}`).digest("hex");
    this.#commits.set(commit, text);
    this.github.head = commit;
  }

  #folder(): string {
    const folder = this.machine.checkout();
    this.#folders.push(folder);
    return folder;
  }
}
