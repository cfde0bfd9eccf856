/** What the reviewers of a merged pull request read of a stack, and whether a plan is that. */
import { markDigits } from "../review/changeSet.ts";
import { readStories } from "../review/comment.ts";
import { readMarker } from "../review/commentMarker.ts";
import { resourceBlocks, storyLines } from "../review/stackReport.ts";
import type { StackReview } from "../review/stackReview.ts";
import { shortType } from "../review/story.ts";
import { GitHub, type Pull } from "./github.ts";
import { commitBefore, variable } from "./variables.ts";

/** What the comment of one pull request says of a stack. */
export interface Read {
  /** First digits of the change set's hash. */
  readonly hash: string;
  /** Of each change; none of a change set that was too great for the comment. */
  readonly marks: ReadonlySet<string>;
  /** Its stories, as lines of Markdown. */
  readonly stories: readonly string[];
}

/** What the pull requests of a push say of a stack: one as a rule, several out of a merge queue. */
export interface Reading {
  readonly pulls: readonly Pull[];
  readonly read: readonly Read[];
}

/** Reads the pipeline's comments on the pull requests that brought a commit. @throws UserError when GitHub does not tell */
export async function readingOf(review: Pick<StackReview, "project" | "stack">, commit: string, github: GitHub): Promise<Reading> {
  const pulls = await github.mergedPulls(commitBefore(), commit);
  const read = await Promise.all(pulls.map((pull) => readIn(pull, review, github)));
  return { pulls, read: read.filter((one) => one !== undefined) };
}

async function readIn(
  { number }: Pull,
  { project, stack }: Pick<StackReview, "project" | "stack">,
  github: GitHub,
): Promise<Read | undefined> {
  const own = (await github.comments(number)).filter(({ user }) => user?.login === github.author);
  const found = own
    .map(({ body }) => ({ body: body ?? "", marker: readMarker(body ?? "") }))
    .find(({ marker }) => marker?.project === project);
  const hash = found?.marker?.stacks[stack];
  if (found === undefined || hash === undefined) return undefined;
  const marks = found.marker?.marks?.[stack]?.match(new RegExp(`.{${markDigits}}`, "g")) ?? [];
  return { hash, marks: new Set(marks), stories: readStories(found.body, stack) };
}

/** Whether all that a change set does was read: the whole of what stood there, or a part of it. */
export function wasRead(read: readonly Read[], { asRead }: Pick<StackReview, "asRead">): boolean {
  return read.length > 0 && (read.some(({ hash }) => asRead.hash.startsWith(hash)) || unreadIn(read, asRead).length === 0);
}

function unreadIn(read: readonly Read[], { marks }: StackReview["asRead"]): string[] {
  return Object.keys(marks).filter((urn) => marks[urn]?.some((mark) => !read.some((one) => one.marks.has(mark))));
}

/** A sentence, or both lists where what was read is another. Markdown. */
export function comparison({ pulls, read }: Reading, review: StackReview, commit: string): string {
  const { stack, asRead } = review;
  if (pulls.length === 0) return `${commit.slice(0, 12)} is of no pull request: nobody has reviewed this change set.`;
  const numbers = numbersOf(pulls);
  const has = pulls.length === 1 ? "has" : "have";
  if (read.length === 0) return `${numbers} ${has} no review of ${stack}: nobody has read this change set.`;
  if (read.some(({ hash }) => asRead.hash.startsWith(hash))) return `As reviewed in ${numbers}.`;
  const unread = new Set(unreadIn(read, asRead).map(typeAndName));
  if (unread.size === 0 && pulls.length > 1) return `As reviewed in ${numbers} together, or a part of that.`;
  if (unread.size === 0) return `A part of what was reviewed in ${numbers}; the rest is there already.`;
  const changes = review.changes.filter(({ type, name }) => unread.has(`${type}::${name}`));
  const list = (lines: readonly string[]) => (lines.length === 0 ? "- no change" : lines.join("\n"));
  const there = read.map(({ hash }) => `\`${hash.slice(0, 12)}\``).join(" and ");
  return [
    `**Differs from what was reviewed in ${numbers}**: change set ${there} there, \`${asRead.hash.slice(0, 12)}\` here. The branch, the state or what is live has moved since.`,
    `Reviewed there:\n${list(read.flatMap(({ stories }) => stories))}`,
    `Here:\n${list(storyLines(review).map(({ text }) => text))}`,
    `Here and not there:\n${list(resourceBlocks({ ...review, changes }).map(({ text }) => text))}`,
  ].join("\n\n");
}

/** `#12`, `#12 and #13`. */
export function numbersOf(pulls: readonly Pull[]): string {
  return pulls.map(({ number }) => `#${number}`).join(" and ");
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
