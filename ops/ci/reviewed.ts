/** What the reviewers of a merged pull request read of a stack, and whether a plan is that. */
import { markDigits } from "../review/changeSet.ts";
import { readStories } from "../review/comment.ts";
import { readMarker } from "../review/commentMarker.ts";
import { resourceBlocks, storyLines } from "../review/stackReport.ts";
import type { StackReview } from "../review/stackReview.ts";
import { shortType } from "../review/story.ts";
import { GitHub, type Pull } from "./github.ts";
import { variable } from "./variables.ts";

/** What a commit's pull request says of a stack. */
export type Reading =
  | { readonly kind: "noPull" }
  | { readonly kind: "unread"; readonly pull: Pull }
  | {
      readonly kind: "read";
      readonly pull: Pull;
      /** First digits of the change set's hash. */
      readonly hash: string;
      /** Of each change; none of a change set that was too great for the comment. */
      readonly marks: ReadonlySet<string>;
      /** Its stories, as lines of Markdown. */
      readonly stories: readonly string[];
    };

/** Reads the pipeline's comment on the pull request that brought a commit. @throws UserError when GitHub does not tell */
export async function readingOf(
  { project, stack }: Pick<StackReview, "project" | "stack">,
  commit: string,
  github: GitHub,
): Promise<Reading> {
  const pull = await github.mergedPull(commit);
  if (pull === undefined) return { kind: "noPull" };
  const own = (await github.comments(pull.number)).filter(({ user }) => user?.login === github.author);
  const found = own
    .map(({ body }) => ({ body: body ?? "", marker: readMarker(body ?? "") }))
    .find(({ marker }) => marker?.project === project);
  const hash = found?.marker?.stacks[stack];
  if (found === undefined || hash === undefined) return { kind: "unread", pull };
  const marks = found.marker?.marks?.[stack]?.match(new RegExp(`.{${markDigits}}`, "g")) ?? [];
  return { kind: "read", pull, hash, marks: new Set(marks), stories: readStories(found.body, stack) };
}

/** Whether all that a change set does was read: the whole of what stood there, or a part of it. */
export function wasRead(reading: Reading, review: StackReview): boolean {
  return reading.kind === "read" && (isSame(reading.hash, review) || unreadIn(reading.marks, review).length === 0);
}

function isSame(hash: string, { asRead }: StackReview): boolean {
  return asRead.hash.startsWith(hash);
}

function unreadIn(marks: ReadonlySet<string>, { asRead }: StackReview): string[] {
  return Object.keys(asRead.marks).filter((urn) => asRead.marks[urn]?.some((mark) => !marks.has(mark)));
}

/** A sentence, or both lists where what was read is another. Markdown. */
export function comparison(reading: Reading, review: StackReview, commit: string): string {
  const { stack } = review;
  if (reading.kind === "noPull") return `${commit.slice(0, 12)} is of no pull request: nobody has reviewed this change set.`;
  const number = `#${reading.pull.number}`;
  if (reading.kind === "unread") return `${number} has no review of ${stack}: nobody has read this change set.`;
  if (isSame(reading.hash, review)) return `As reviewed in ${number}.`;
  if (wasRead(reading, review)) return `A part of what was reviewed in ${number}; the rest is there already.`;
  const urns = new Set(unreadIn(reading.marks, review).map(typeAndName));
  const changes = review.changes.filter(({ type, name }) => urns.has(`${type}::${name}`));
  const list = (lines: readonly string[]) => (lines.length === 0 ? "- no change" : lines.join("\n"));
  return [
    `**Differs from what was reviewed in ${number}**: change set \`${reading.hash.slice(0, 12)}\` there, \`${review.asRead.hash.slice(0, 12)}\` here. The branch, the state or what is live has moved since.`,
    `Reviewed there:\n${list(reading.stories)}`,
    `Here:\n${list(storyLines(review).map(({ text }) => text))}`,
    `Here and not there:\n${list(resourceBlocks({ ...review, changes }).map(({ text }) => text))}`,
  ].join("\n\n");
}

/** By which a review tells its resources. */
function typeAndName(urn: string): string {
  const [types = "", name = ""] = urn.split("::").slice(2);
  return `${shortType(types.split("$").at(-1) ?? "")}::${name}`;
}

/** A word on both for the approver. Never throws: no plan waits for it. */
export async function asReviewed(review: StackReview, commit: string): Promise<string> {
  try {
    const github = new GitHub();
    const reading = await readingOf(review, commit, github);
    return [...(await behind(commit, variable("GITHUB_REF_NAME"), github)), comparison(reading, review, commit)].join("\n\n");
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
