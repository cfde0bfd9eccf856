/** Whether a plan is what the reviewers of the merged pull request read, and of the branch's newest commit. */
import { readMarker } from "../review/commentMarker.ts";
import type { StackReview } from "../review/stackReview.ts";
import { GitHub } from "./github.ts";
import { variable } from "./variables.ts";

/** A sentence on each. Never throws: it is a word to the approver, and no plan waits for it. */
export async function asReviewed(review: StackReview, commit: string): Promise<string> {
  try {
    const github = new GitHub();
    return [await compared(review, commit, github), ...(await behind(commit, variable("GITHUB_REF_NAME"), github))].join(" ");
  } catch (error) {
    return `Whether this was reviewed could not be asked: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function behind(commit: string, branch: string, github: GitHub): Promise<string[]> {
  const commits = await github.commitsAfter(commit, branch);
  if (commits === 0) return [];
  return [
    `**${commit.slice(0, 12)} is ${commits} ${commits === 1 ? "commit" : "commits"} behind ${branch}**: only traffic that returns is applied of it.`,
  ];
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
