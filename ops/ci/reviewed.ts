/** Whether a plan is what the reviewers of the merged pull request read. */
import { readMarker } from "../review/commentMarker.ts";
import type { StackReview } from "../review/stackReview.ts";
import { GitHub } from "./github.ts";

/** One sentence on it. Never throws: it is a word to the approver, and no plan waits for it. */
export async function asReviewed(review: StackReview, commit: string): Promise<string> {
  try {
    return await compared(review, commit, new GitHub());
  } catch (error) {
    return `Whether this was reviewed could not be asked: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function compared({ project, stack, hash }: StackReview, commit: string, github: GitHub): Promise<string> {
  const pull = await github.mergedPull(commit);
  if (pull === undefined) return `${commit.slice(0, 12)} is of no pull request: nobody has reviewed this change set.`;
  const markers = (await github.comments(pull)).flatMap(({ user, body }) =>
    user?.login === github.author ? (readMarker(body ?? "") ?? []) : [],
  );
  const reviewed = markers.find((marker) => marker.project === project)?.stacks[stack];
  if (reviewed === undefined) return `#${pull} has no review of ${stack}: nobody has read this change set.`;
  if (hash.startsWith(reviewed)) return `As reviewed in #${pull}.`;
  return [
    `**Differs from what was reviewed in #${pull}**: change set \`${reviewed.slice(0, 12)}\` there, \`${hash.slice(0, 12)}\` here.`,
    "The branch, the state or what is live has moved since, or a secret differs, which a pull request's preview does not read.",
  ].join(" ");
}
