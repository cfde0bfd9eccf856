/** `ci preview`: one stack's review as an artefact. Only the masked review leaves the job, never the engine's digest. */
import { findProject } from "../project/project.ts";
import { commentText } from "../review/comment.ts";
import { reviewStack } from "../review/preview.ts";
import { writeArtefact } from "../review/review.ts";
import { terminalText } from "../review/terminal.ts";
import { blankedCopy } from "./blankedState.ts";
import { summarise } from "./variables.ts";

/**
 * Previews a stack and leaves `review.json` and `report.md`.
 * @param blank on a copy of the state without its secrets, for those who may not read them
 * @returns exit code: 1 when the preview failed
 */
export async function previewStack(stack: string, out: string, blank: boolean): Promise<number> {
  const review = await reviewStack(blank ? { stack, backend: await blankedCopy(findProject(), stack) } : { stack });
  const commit = process.env.GITHUB_SHA ?? "";
  writeArtefact(out, review, commit);
  summarise(commentText({ project: review.project, commit, reviews: [review] }));
  console.log(terminalText(review));
  return review.status === "failed" ? 1 : 0;
}
