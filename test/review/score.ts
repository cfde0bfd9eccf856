/** What of the phrases of a trial a review says, and what it must not say. Pure. */
import { commentText } from "../../ops/review/comment.ts";
import { type PreviewOutput, reviewPreview } from "../../ops/review/stackReview.ts";
import { digestOf, type GivenChange } from "./trials.ts";

/** Phrases of a trial. */
export interface Expected {
  readonly must: readonly string[];
  readonly mustNot: readonly string[];
}

/** What a review got wrong; nothing when it is right. */
export interface Score {
  /** Phrases that its first lines lack. */
  readonly missed: readonly string[];
  /** Phrases that it says somewhere, and must not. */
  readonly said: readonly string[];
}

/** Part of the reviews that must say all that they must. */
export const leastRight = 0.95;

/** The comment of a preview, or of single changes. */
export function commentOf(of: PreviewOutput | readonly GivenChange[]): string {
  const output = "stack" in of ? of : { project: "x", stack: "production", exitCode: 0, stdout: digestOf(of), stderr: "" };
  return commentText({ project: "x", commit: "c", reviews: [reviewPreview(output)] });
}

/** Whether a review says all that it must, and nothing that it must not. */
export function isRight({ missed, said }: Score): boolean {
  return missed.length + said.length === 0;
}

/** How many say all that they must, as a part of all; how many phrases are said that must not be. */
export function summary(scores: readonly Score[]): { readonly right: number; readonly said: number; readonly text: string } {
  const whole = scores.filter(({ missed }) => missed.length === 0).length;
  const said = scores.reduce((sum, score) => sum + score.said.length, 0);
  const percent = ((100 * whole) / scores.length).toFixed(1);
  return {
    right: whole / scores.length,
    said,
    text: `${whole} of ${scores.length} say what they must (${percent} %), ${said} say what they must not`,
  };
}

/** Lines of a comment that a reader in a hurry has read. */
const firstLines = 3;

/** Holds a comment against the phrases of its trial. @param comment as it is posted, marker and footer too */
export function scoreOf(comment: string, { must, mustNot }: Expected): Score {
  const lines = shownLines(comment);
  const start = lines.slice(0, firstLines).join("\n");
  return {
    missed: must.filter((phrase) => !says(start, phrase)),
    said: mustNot.filter((phrase) => says(lines.join("\n"), phrase)),
  };
}

/** Lines of a comment as its readers see them: without the marker, markup and the legend, which names every class. */
export function shownLines(comment: string): string[] {
  return comment
    .replace(/<details><summary>How to read it<\/summary>[\s\S]*?<\/details>/g, "")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^`{3,}\w*$/gm, "")
    .replace(/<\/?[a-z]+>|\*\*|`|^#+ |\u200b/gm, "")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line));
}

/** Whether a text has a phrase as whole words: `…` at its end lets the last word go on, `|` stands between words of which one will do. */
export function says(text: string, phrase: string): boolean {
  return phrase.split("|").some((one) => {
    const open = one.endsWith("…");
    const words = (open ? one.slice(0, -1) : one).trim();
    const [start, end] = [/^[\p{L}\p{N}]/u.test(words), !open && /[\p{L}\p{N}]$/u.test(words)];
    const literal = words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(/\s+/g, "\\s+");
    return new RegExp(`${start ? "(?<![\\p{L}\\p{N}])" : ""}${literal}${end ? "(?![\\p{L}\\p{N}])" : ""}`, "iu").test(text);
  });
}
