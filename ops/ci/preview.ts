/** `ci preview`: one stack's review as an artefact. Only the masked review leaves the job, never the engine's digest. */
import { findProject } from "../project/project.ts";
import { commentText } from "../review/comment.ts";
import { reviewStack } from "../review/preview.ts";
import { writeArtefact } from "../review/review.ts";
import { terminalText } from "../review/terminal.ts";
import { blankedCopy } from "./blankedState.ts";
import { asReviewed } from "./reviewed.ts";
import { summarise } from "./variables.ts";

/** How a stack is previewed. */
export interface PreviewOptions {
  readonly stack: string;
  /** Folder of the artefact. */
  readonly out: string;
  /** On a copy of the state without its secrets, for those who may not read them. */
  readonly withoutSecrets: boolean;
  /** Say whether it is what the reviewers of the merged pull request read. */
  readonly reviewed: boolean;
}

/** Previews a stack and leaves `review.json` and `report.md`. @returns exit code: 1 when the preview failed */
export async function previewStack({ stack, out, withoutSecrets, reviewed }: PreviewOptions): Promise<number> {
  const review = await reviewStack(withoutSecrets ? { stack, backend: await blankedCopy(findProject(), stack) } : { stack });
  const commit = process.env.GITHUB_SHA ?? "";
  writeArtefact(out, review, commit);
  if (reviewed) {
    const word = await asReviewed(review, commit);
    summarise(`\`${stack}\`: ${word}`);
    console.log(word);
  }
  summarise(commentText({ project: review.project, commit, reviews: [review] }));
  console.log(terminalText(review));
  return review.status === "failed" ? 1 : 0;
}
