/** `ci comment`: the one comment of a pull request, edited in place. */
import { commentText } from "../review/comment.ts";
import { readMarker } from "../review/commentMarker.ts";
import { escaped } from "../review/phrase.ts";
import { readReviews } from "../review/review.ts";
import { GitHub } from "./github.ts";
import { reviewerWarnings } from "./reviewer.ts";
import { pullRequest, runAddress, variable } from "./variables.ts";

/** What was done. */
export type Upsert = "created" | "updated" | "left" | "unchanged";

/**
 * Writes the comment for all stacks. The one to edit is found by its marker among those that this token's author wrote,
 * on every page; one that a later run has written is left.
 * @param names stacks that were to be previewed: one without a review is told as lost
 */
export async function commentOnPullRequest(folder: string, project: string, names: readonly string[]): Promise<Upsert> {
  const { number, commit, base } = pullRequest();
  const reviews = readReviews(folder);
  const run = Number(variable("GITHUB_RUN_NUMBER"));
  const missing = names.filter((name) => !reviews.some(({ stack }) => stack === name));
  const github = new GitHub();
  const warnings = await github
    .changedFiles(number)
    .then(reviewerWarnings, (error: unknown) => [
      `⚠ **Whether this pull request changes the reviewer is not known.** ${escaped(error instanceof Error ? error.message : String(error))}`,
    ]);
  const body = commentText({ project, commit, base, run, reviews, missing, warnings, reports: runAddress() });

  const own = (await github.comments(number)).filter(({ user }) => user?.login === github.author);
  const before = own.find((comment) => readMarker(comment.body ?? "")?.project === project);
  if (before === undefined) {
    await github.comment(number, body);
    return "created";
  }
  if ((readMarker(before.body ?? "")?.run ?? 0) > run) return "left";
  if (before.body === body) return "unchanged";
  await github.editComment(before.id, body);
  return "updated";
}
