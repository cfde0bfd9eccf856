/** A deployed stack whose pull requests are tried one after the other. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { readStackFile } from "../../infra/config/stackFile.ts";
import type { JsonObject } from "../../ops/review/propertyValue.ts";
import type { PreviewOutput } from "../../ops/review/stackReview.ts";
import { StackUnderTest } from "../harness/stack.ts";
import type { Edit } from "./trials.ts";

type Place = Extract<Edit, { config: unknown }>["config"][number];

/** One of the stacks, deployed when it is opened. */
export class TrialStack implements Disposable {
  readonly #stack: StackUnderTest;

  private constructor(stack: StackUnderTest) {
    this.#stack = stack;
  }

  static async open(name: Edit["stack"]): Promise<TrialStack> {
    const stack = new StackUnderTest(name);
    await stack.prepare();
    return new TrialStack(stack);
  }

  /** What the engine says of a pull request's preview; its files are as they were afterwards. */
  async preview(edit: Edit): Promise<PreviewOutput> {
    const before = new Map(["base.yaml", `Pulumi.${this.#stack.stack}.yaml`, "Pulumi.yaml"].flatMap((file) => this.#read(file)));
    try {
      return "config" in edit ? await this.#previewConfig(edit.config) : await this.#previewSources(edit);
    } finally {
      for (const [path, text] of before) writeFileSync(path, text);
    }
  }

  [Symbol.dispose](): void {
    this.#stack.remove();
  }

  #read(file: string): [string, string][] {
    try {
      return [[join(this.#stack.folder, file), readFileSync(join(this.#stack.folder, file), "utf8")]];
    } catch {
      return []; // a stack without a base
    }
  }

  async #previewConfig(places: readonly Place[]): Promise<PreviewOutput> {
    for (const [file, some] of Map.groupBy(places, (place) => (place.in === "base" ? "base.yaml" : `Pulumi.${this.#stack.stack}.yaml`))) {
      const path = join(this.#stack.folder, file);
      const document = parseDocument(readFileSync(path, "utf8"));
      for (const { at, to } of some) {
        const [area, ...rest] = at.split(".");
        const keys = ["config", `slipway:${area}`, ...rest];
        if (to !== undefined) document.setIn(keys, document.createNode(to));
        else if (!document.deleteIn(keys)) throw new Error(`${file} has nothing at ${at}`);
      }
      writeFileSync(path, document.toString({ lineWidth: 0 }));
    }
    return this.#said(await this.#stack.slipway(...this.#words));
  }

  async #previewSources(edit: Exclude<Edit, { config: unknown }>): Promise<PreviewOutput> {
    const path = join(this.#stack.folder, "Pulumi.yaml");
    const project = parseDocument(readFileSync(path, "utf8"));
    project.set("main", join(import.meta.dirname, "editedProgram.ts"));
    writeFileSync(path, project.toString());
    process.env.SLIPWAY_TRIAL = JSON.stringify(edit);
    try {
      return this.#said(await this.#stack.slipwayAlone("", ...this.#words));
    } finally {
      delete process.env.SLIPWAY_TRIAL;
    }
  }

  get #words(): string[] {
    return ["preview", "--stack", this.#stack.stack, "--json", "--show-replacement-steps", "--non-interactive"];
  }

  #said({ exitCode, stdout, stderr }: Awaited<ReturnType<StackUnderTest["slipway"]>>): PreviewOutput {
    // The command's first line says which cloud it is; the review asks the engine itself and has none.
    const rest = stderr.replace(/^.*the simulated cloud in .*$\n?/m, "").replaceAll(this.#stack.folder, ".");
    const config = readStackFile(join(this.#stack.folder, `Pulumi.${this.#stack.stack}.yaml`)).raw as JsonObject;
    return { project: "x", stack: this.#stack.stack, exitCode, stdout, stderr: rest, config };
  }
}
