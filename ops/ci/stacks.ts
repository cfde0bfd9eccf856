/** The stacks that a repository's pipeline runs, from its variable `SLIPWAY_STACKS`. */
import { z } from "zod";
import type { StackReview } from "../review/stackReview.ts";
import { appendText, jsonOf } from "../textFile.ts";
import { UserError } from "../userError.ts";

const role = z.string().regex(/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/, { error: "the ARN of a role" });

const stack = z.strictObject({
  /** One of the Pulumi.<stack>.yaml files. */
  stack: z.string().regex(/^[\w.-]{1,100}$/, { error: "a stack's name" }),
  /** `staging` stacks are applied on merge, `production` ones after those and after an approval. */
  wave: z.enum(["staging", "production"]),
  /** GitHub environment of the apply; its rules say who approves. */
  environment: z.string().regex(/^[\w.-]{1,100}$/, { error: "a GitHub environment" }),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: "an AWS region" }),
  /** State, `s3://bucket?region=us-east-1`. */
  backend: z.string().regex(/^(s3|file):\/\/\S+$/, { error: "s3://<bucket>?region=<region>" }),
  /** Role of pull requests. */
  previewRole: role,
  /** Role of plans and of unlocking: jobs of the deployed branch. */
  planRole: role,
  /** Role of the search for drift: the drift workflow of the deployed branch. */
  driftRole: role,
  /** Role of jobs of the environment. */
  applyRole: role,
  /** Addresses that must answer 200 after an update. */
  health: z.array(z.url({ error: "a web address" })).default([]),
  /** Take a backup before the update: `slipway backup start`. */
  backup: z.boolean().default(false),
});

/** One stack of the pipeline. */
export type PipelineStack = z.infer<typeof stack>;

/** Reads the variable. @throws UserError with everything that is wrong with it */
export function readStacks(text: string): PipelineStack[] {
  const { data, error } = z
    .array(stack)
    .min(1)
    .safeParse(jsonOf(text, "SLIPWAY_STACKS", "docs/ci.md shows a whole one."));
  if (data === undefined)
    throw new UserError(
      [
        "SLIPWAY_STACKS cannot be used (docs/ci.md shows a whole one):",
        ...(error?.issues ?? []).map(({ path, message }) => `  ${path.join(".") || "the list"}: ${message}`),
      ].join("\n"),
      2,
    );
  const twice = data.filter(({ stack: name }, index) => data.findIndex((other) => other.stack === name) !== index);
  if (twice.length > 0)
    throw new UserError(`SLIPWAY_STACKS names ${twice.map((one) => one.stack).join(", ")} twice: one stack, one run.`, 2);
  return data;
}

/** The stack of a name. @throws UserError naming those there are */
export function onlyStack(stacks: readonly PipelineStack[], name: string): PipelineStack[] {
  const found = stacks.filter(({ stack: own }) => own === name);
  if (found.length === 0) throw new UserError(`SLIPWAY_STACKS has no ${name}: it has ${stacks.map((one) => one.stack).join(", ")}.`, 2);
  return found;
}

/** Writes the matrix of all stacks, and their names, as outputs of the step. */
export function writeMatrices(stacks: readonly PipelineStack[], outputFile: string | undefined): void {
  writeOutputs({ all: stacks, names: stacks.map(({ stack: name }) => name) }, outputFile);
}

/**
 * Stacks that are to be applied, in two waves: what a plan changes, each with the plan that passed. A stack whose traffic only returns to the
 * live colour waits for no other, and stands by itself.
 * @param isAlone whether no earlier deployment is at work. Beside one a plan that changes nothing may have been made too early, and is
 *   applied as well: it is refused when it was.
 */
export function changedStacks(stacks: readonly PipelineStack[], reviews: readonly StackReview[], isAlone: boolean) {
  const planned = stacks.flatMap((one) => {
    const review = reviews.find(({ stack: name }) => name === one.stack);
    const taken = review?.status === "changes" || (review?.status === "same" && !isAlone);
    return review !== undefined && taken ? [{ one, wave: review.returnsTraffic ? ("returns" as const) : one.wave }] : [];
  });
  const of = (wanted: "returns" | PipelineStack["wave"]) => planned.flatMap(({ one, wave }) => (wave === wanted ? [one] : []));
  return { returns: of("returns"), staging: of("staging"), production: of("production") };
}

/** Writes values as outputs of the step. Outside of GitHub they are printed. */
export function writeOutputs(values: Readonly<Record<string, unknown>>, outputFile: string | undefined): void {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  if (outputFile === undefined || outputFile === "") console.log(lines.join("\n"));
  else appendText(outputFile, `${lines.join("\n")}\n`);
}
