/** One comment for all stacks of a pull request: what matters first, never longer than GitHub takes, and honest about cuts. */
import { createHash } from "node:crypto";
import { acknowledgementLine } from "./acknowledgement.ts";
import { type CommentMarker, markerText } from "./commentMarker.ts";
import { gravestFirst, heading, table } from "./overview.ts";
import { escaped } from "./phrase.ts";
import { isGrave, type Risk, riskMeanings, risks } from "./risk.ts";
import { errorBlocks, lineBlock, type Piece, reachBlocks, refusalLines, resourceBlocks, storyLines, title } from "./stackReport.ts";
import type { StackReview } from "./stackReview.ts";

/** Characters that a comment may have; GitHub refuses more than 65,536. */
const commentBudget = 60_000;

/** What a comment is made from. */
export interface CommentInput {
  readonly project: string;
  /** Commit that was previewed, in full. */
  readonly commit: string;
  /** Commit of the target branch that it was merged into for the preview. @default not said */
  readonly base?: string;
  /** Number of the pipeline run, growing. @default 0 */
  readonly run?: number;
  readonly reviews: readonly StackReview[];
  /** Stacks that were to be previewed and left nothing, because their job died. @default none */
  readonly missing?: readonly string[];
  /** Markdown that stands before everything else, a paragraph each. @default none */
  readonly warnings?: readonly string[];
  /** Where the full reports are, a web address. @default not said */
  readonly reports?: string;
  /** Characters. @default 60,000 */
  readonly budget?: number;
}

/** A piece of one stack's section. */
interface Placed extends Piece {
  readonly stack: string;
  readonly part: "story" | "resource" | "reach";
  /** Stacks of which it holds too. @default none */
  readonly others?: readonly string[];
}

/** The comment as Markdown. The longest lists are cut from the least important end, and the comment says what is gone. */
export function commentText(input: CommentInput): string {
  const { reviews, missing = [], budget = commentBudget } = input;
  const loud = gravestFirst(reviews.filter(({ status, stories }) => status !== "same" || stories.length > 0));
  const pieces = saidOnce(
    loud.flatMap((review): Placed[] => [
      ...storyLines(review).map((piece) => ({ ...piece, stack: review.stack, part: "story" as const })),
      ...resourceBlocks(review).map((piece) => ({ ...piece, stack: review.stack, part: "resource" as const })),
      ...reachBlocks(review).map((piece) => ({ ...piece, stack: review.stack, part: "reach" as const })),
    ]),
  );
  const full = compose(input, loud, new Set(pieces), pieces, missing);
  if (full.length <= budget) return full;
  // Words before properties, grave before light: what is first in this order stays.
  const order = (["story", "resource", "reach"] as const).flatMap((part) =>
    risks.flatMap((risk: Risk) => pieces.filter((piece) => piece.part === part && piece.risk === risk)),
  );
  const kept = new Set<Placed>();
  let left = budget - compose(input, loud, kept, pieces, missing).length - 200 * loud.length;
  for (const piece of order) {
    if (piece.text.length + 1 > left) break;
    kept.add(piece);
    left -= piece.text.length + 1;
  }
  const text = compose(input, loud, kept, pieces, missing);
  return text.length <= budget ? text : `${text.slice(0, budget - 100)}\n\n… cut: the errors alone are longer than a comment may be.`;
}

/** What several stacks would change alike stands where the gravest of them does, with the names of the others. */
function saidOnce(pieces: readonly Placed[]): Placed[] {
  const alike = Map.groupBy(pieces, ({ part, text }) => `${part} ${text}`);
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    const others = [...new Set(same.map(({ stack }) => stack))].slice(1);
    if (first === undefined || others.length === 0 || first.part === "reach") return same;
    const [line = "", ...below] = first.text.split("\n");
    return [{ ...first, text: [`${line} *(also in ${others.map(escaped).join(", ")})*`, ...below].join("\n"), others }];
  });
}

function compose(
  input: CommentInput,
  loud: readonly StackReview[],
  kept: ReadonlySet<Placed>,
  pieces: readonly Placed[],
  missing: readonly string[],
): string {
  const quiet = input.reviews
    .filter(({ status, stories }) => status === "same" && stories.length === 0)
    .map(({ stack, unchanged }) => `${escaped(stack)} (${unchanged} resources)`);
  const sections = loud.map((review) => section(review, kept, pieces));
  return [
    markerText(markerOf(input)),
    ...(input.warnings ?? []),
    ...heading(loud, input.reviews.length + missing.length, missing.length),
    ...table(loud),
    ...missing.map((stack) => `### ${escaped(stack)}: no result\nIts preview ended before it could say anything. See the job's log.`),
    ...sections,
    ...(quiet.length > 0 ? [`No change: ${quiet.join(", ")}.`] : []),
    ...askedFor(loud),
    footer(input, pieces.length - kept.size, pieces),
  ].join("\n\n");
}

/** What a grave change set asks of its readers. */
function askedFor(loud: readonly StackReview[]): string[] {
  const grave = loud.filter(({ status, risk }) => status === "changes" && isGrave(risk));
  if (grave.length === 0) return [];
  const lines = grave.map(({ stack, hash }) => `\`${acknowledgementLine(hash)}\` (${escaped(stack)})`);
  return [
    `**Before the merge** somebody who wrote no part of it writes a comment with the line ${lines.join(", and the line ")}, and runs the check \`Risk\` again. The apply asks for it as well.`,
  ];
}

function section(review: StackReview, kept: ReadonlySet<Placed>, pieces: readonly Placed[]): string {
  const own = pieces.filter(({ stack }) => stack === review.stack);
  const of = (part: Placed["part"]) => own.filter((piece) => piece.part === part);
  const shown = (part: Placed["part"]) => of(part).filter((piece) => kept.has(piece));
  const stories = shown("story").map(({ text }) => text);
  const resources = shown("resource").map(({ text }) => text);
  const told = pieces.filter(({ part, others = [] }) => part === "story" && others.includes(review.stack)).length;
  const cutStories = of("story").length - stories.length;
  const cutResources = of("resource").length - resources.length;
  return [
    title(review),
    ...errorBlocks(review),
    ...(stories.length > 0 ? [stories.join("\n")] : []),
    ...(told > 0 ? [`*${told} ${told === 1 ? "line is" : "lines are"} told above.*`] : []),
    ...refusalLines(review),
    ...(cutStories > 0 ? [`*${cutStories} lines of least importance are left out.*`] : []),
    ...lineBlock(review),
    ...shown("reach").map(({ text }) => `<details><summary>What depends on what changes</summary>\n\n${text}\n\n</details>`),
    ...(of("resource").length > 0
      ? [
          `<details><summary>${of("resource").length === 1 ? "1 resource" : `${of("resource").length} resources`}, property by property${cutResources > 0 ? ` (${cutResources} left out, least important first)` : ""}</summary>`,
          resources.join("\n"),
          "</details>",
        ]
      : []),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

function footer(input: CommentInput, cut: number, pieces: readonly Placed[]): string {
  const { commit, base, reviews, reports } = input;
  const [oldest] = reviews.flatMap(({ at }) => (at === "" ? [] : [at])).sort();
  const used = risks.filter((risk) => pieces.some((piece) => piece.risk === risk));
  const legend = used.map((risk) => `- \`${risk}\`: ${riskMeanings[risk]}`);
  const hashes = reviews
    .filter(({ status }) => status === "changes")
    .map(({ stack, hash }) => `${escaped(stack)} \`${hash.slice(0, 12)}\``);
  const where = reports === undefined ? "" : `; [full reports](${encodeURI(reports)})`;
  return [
    ...(legend.length > 0 ? ["<details><summary>How to read it</summary>", legend.join("\n"), "</details>"] : []),
    ...(cut > 0
      ? [
          `**Cut**: ${cut} of ${pieces.length} lines did not fit. The whole has SHA-256 \`${digestOf(pieces).slice(0, 12)}\` and is in the run's artefacts.`,
        ]
      : []),
    `<sub>Commit \`${commit.slice(0, 12)}\`${base === undefined ? "" : ` merged into \`${base.slice(0, 12)}\``}${oldest === undefined ? "" : `, previewed ${oldest.slice(0, 16).replace("T", " ")} UTC`}${hashes.length > 0 ? `; change sets ${hashes.join(", ")}` : ""}${where}</sub>`,
  ].join("\n\n");
}

function digestOf(pieces: readonly Placed[]): string {
  return createHash("sha256")
    .update(pieces.map(({ text }) => text).join("\n"))
    .digest("hex");
}

/** Characters of a stack's marks that a comment bears; of a greater change set the hash alone is held against the plan. */
const longestMarks = 20_000;

function markerOf({ project, commit, run = 0, reviews, budget = commentBudget }: CommentInput): CommentMarker {
  const most = Math.min(longestMarks, budget / 3 / Math.max(1, reviews.length));
  const marks = reviews
    .filter(({ status }) => status === "changes")
    .map(({ stack, asRead }) => [stack, Object.values(asRead.marks).flat().join("")] as const)
    .filter(([, text]) => text.length <= most);
  const stacks = reviews.map(({ stack, hash }) => [stack, hash.slice(0, 16)]);
  return { project, commit, run, stacks: Object.fromEntries(stacks), marks: Object.fromEntries(marks) };
}

/** Lines of a stack's stories in a comment of `commentText`: what was read of it. */
export function readStories(body: string, stack: string): string[] {
  const [, section = ""] = body.split(`\n### ${escaped(stack)}: `);
  const [told = ""] = section.split(/\n(?=###|<details>|\*\*Cut|<sub>)/);
  return told.split("\n").filter((line) => line.startsWith("- "));
}
