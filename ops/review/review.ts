/** `slipway review`: the story of one preview in the terminal, or one comment out of several. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { pulumiCommand } from "../../infra/config/pulumiCommand.ts";
import { textIn } from "../../infra/config/textFile.ts";
import type { EngineCommandOptions } from "../engine/commands.ts";
import { findProject, stackFilePath } from "../project/project.ts";
import { writeText } from "../textFile.ts";
import { UserError } from "../userError.ts";
import { commentText } from "./comment.ts";
import { readDigest } from "./digest.ts";
import { reviewStack } from "./preview.ts";
import { reviewPreview, type StackReview, stackReviewSchema } from "./stackReview.ts";
import { terminalText } from "./terminal.ts";

/** Flags of `slipway review`. */
export interface ReviewFlags extends EngineCommandOptions {
  /** Output of `pulumi preview --json`; with it no engine runs. */
  readonly digest?: string;
  /** Folder to leave the artefact in. */
  readonly out?: string;
}

/** Prints the review of a stack. @returns exit code: 1 when the preview failed */
export async function review(flags: ReviewFlags): Promise<number> {
  const found = flags.digest === undefined ? await reviewed(flags) : fromFile(flags.digest, flags.stack);
  if (flags.out !== undefined) writeArtefact(flags.out, found);
  console.log(terminalText(found));
  return found.status === "failed" ? 1 : 0;
}

async function reviewed(flags: ReviewFlags): Promise<StackReview> {
  stackFilePath(findProject(), flags.stack); // a wrong name is a mistake of the person, not a failed preview
  return reviewStack(flags);
}

function fromFile(digest: string, stack = "stack"): StackReview {
  const stdout = textIn(digest);
  if (readDigest(stdout) === undefined)
    throw new UserError(`${digest} holds no digest of a preview. Make one: ${pulumiCommand(`preview --json > ${digest}`)}`, 2);
  return reviewPreview({ project: "", stack, exitCode: 0, stdout, stderr: "" });
}

/** Files of a stack's artefact: the review for the next job, and the whole report for people. Neither holds state. */
export function writeArtefact(folder: string, found: StackReview, commit = ""): void {
  mkdirSync(folder, { recursive: true });
  writeText(join(folder, "review.json"), `${JSON.stringify(found, null, 2)}\n`);
  const report = commentText({ project: found.project, commit, reviews: [found], budget: Number.POSITIVE_INFINITY });
  writeText(join(folder, "report.md"), `${report}\n`);
}

/** Flags of `slipway review comment`. */
export interface CommentFlags {
  /** Folder with a folder of artefacts for each stack. */
  readonly in: string;
  readonly out: string;
  /** @default not said */
  readonly commit?: string;
}

/** Writes one comment out of the reviews below a folder. */
export function writeComment({ in: folder, out, commit = "" }: CommentFlags): void {
  const reviews = readReviews(folder);
  if (reviews.length === 0)
    throw new UserError(
      `${folder} has no review.json in it or in a folder of it. Make one: slipway review --out ${join(folder, "<stack>")}`,
    );
  mkdirSync(dirname(out), { recursive: true });
  writeText(out, `${commentText({ project: reviews[0]?.project ?? "", commit, reviews })}\n`);
}

/** The reviews of a folder and of the folders in it, by stack. */
export function readReviews(folder: string): StackReview[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file === "review.json" || file.endsWith("/review.json"))
    .map((file) => readReview(join(folder, file)))
    .sort((a, b) => (a.stack < b.stack ? -1 : 1));
}

/** One artefact. @throws UserError when it is not one */
export function readReview(file: string): StackReview {
  try {
    return stackReviewSchema.parse(JSON.parse(textIn(file)));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    const why = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    throw new UserError(
      `${file} is no review of this version: ${why}\nMake it anew: slipway review --stack <stack> --out ${dirname(file)}`,
      2,
    );
  }
}
