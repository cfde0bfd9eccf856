/** `ci preview`: one stack's review as an artefact. Only the masked review leaves the job, never the engine's digest. */
import { backendOf } from "../engine/backend.ts";
import { findProject } from "../project/project.ts";
import { commentText } from "../review/comment.ts";
import { reviewStack } from "../review/preview.ts";
import { writeArtefact } from "../review/review.ts";
import { terminalText } from "../review/terminal.ts";
import { blankedCopy } from "./blankedState.ts";
import { graveWord } from "./gate.ts";
import { untilFree } from "./quiet.ts";
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

/** How long an update that is at work is waited for, seconds: the plan's job may take 30 minutes. */
const longestWait = { seconds: 1200, everyMilliseconds: 1000 };

/** Previews a stack and leaves `review.json` and `report.md`. @returns exit code: 1 when the preview failed */
export async function previewStack({ stack, out, withoutSecrets, reviewed }: PreviewOptions): Promise<number> {
  const project = findProject();
  // A merge beside the apply of the one before is planned on what that leaves. After the longest wait the preview says who has the stack.
  if (!withoutSecrets) await untilFree({ project, stack, backend: backendOf(project) }, longestWait);
  const review = await reviewStack(withoutSecrets ? { stack, backend: await blankedCopy(project, stack) } : { stack });
  const commit = process.env.GITHUB_SHA ?? "";
  writeArtefact(out, review, commit);
  if (reviewed) {
    const word = [await asReviewed(review, commit), await graveWord(review)].filter((one) => one !== undefined).join("\n\n");
    summarise(`\`${stack}\`: ${word}`);
    console.log(word);
  }
  summarise(commentText({ project: review.project, commit, reviews: [review] }));
  console.log(terminalText(review));
  return review.status === "failed" ? 1 : 0;
}
