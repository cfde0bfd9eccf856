/** `slipway review`: what an update would do, in words and by risk. */
import type { Command } from "commander";
import { ending, ofStack } from "../flags.ts";
import type { CommentFlags, ReviewFlags } from "./review.ts";

/** Adds the commands. */
export function addReview(program: Command): void {
  const parent = ofStack(program.command("review"))
    .description("tell what an update would do, in words and by risk")
    .option("--digest <file>", "output of pulumi preview --json; no engine runs")
    .option("--out <folder>", "leave review.json and report.md there")
    .action(ending(async (flags: ReviewFlags) => (await import("./review.ts")).review(flags)));
  parent
    .command("comment")
    .description("write the comment of a pull request out of several reviews")
    .requiredOption("--in <folder>", "folder with a folder for each stack, as review --out leaves them")
    .requiredOption("--out <file>", "Markdown file to write")
    .option("--commit <sha>", "commit that was previewed")
    .action(async (flags: CommentFlags) => (await import("./review.ts")).writeComment(flags));
}
