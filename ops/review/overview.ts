/** The first lines of a comment: which stack is in for what, gravest first. */
import { escaped } from "./phrase.ts";
import { readBadConfig, refusedText } from "./refusals.ts";
import { type Risk, risks } from "./risk.ts";
import type { StackReview } from "./stackReview.ts";

/** What a class comes to for a whole stack, in few words. */
export const verdicts: Readonly<Record<Risk, string>> = {
  "data-loss": "data is at stake",
  outage: "users may be cut off",
  exposure: "something opens",
  guard: "a guard is weakened",
  unjudged: "changes that this tool cannot judge",
  traffic: "traffic moves",
  routine: "no downtime",
  noise: "nothing runs differently",
};

/** The sign before what is grave. */
export function sign(risk: Risk): string {
  return risk === "data-loss" || risk === "outage" ? "⛔ " : risks.indexOf(risk) <= risks.indexOf("unjudged") ? "⚠ " : "";
}

/** Failed previews first, then by class, then by name. */
export function gravestFirst(reviews: readonly StackReview[]): StackReview[] {
  const place = ({ status, risk }: StackReview) => (status === "failed" ? -1 : risks.indexOf(risk));
  return [...reviews].sort((a, b) => place(a) - place(b) || (a.stack < b.stack ? -1 : 1));
}

/** Stacks that a heading names; the others are in the table. */
const mostNamed = 5;

/**
 * The comment's heading; none where the one stack that changes or failed says all by its own title.
 * @param loud stacks that would change or failed, gravest first
 * @param all how many were previewed
 */
export function heading(loud: readonly StackReview[], all: number, missing: number): string[] {
  if (loud.length === 1 && missing === 0) return [];
  return [severalHeading(loud, all, missing)];
}

function severalHeading(loud: readonly StackReview[], all: number, missing: number): string {
  const failed = loud.filter(({ status }) => status === "failed").length + missing;
  const changed = loud.filter(({ status }) => status === "changes").length;
  if (loud.length < 2 || failed === loud.length + missing)
    return `## Preview: ${[`${changed} of ${all} stacks would change`, ...(failed > 0 ? [`**${failed} failed**`] : [])].join(", ")}`;
  const named = loud.slice(0, mostNamed).map((review) => `${stackSign(review)}${escaped(review.stack)}: ${stackVerdict(review)}`);
  const lost = missing > 0 ? [`${missing} without a result`] : [];
  return `## ${[...named, ...(loud.length > mostNamed ? [`and ${loud.length - mostNamed} more`] : []), ...lost].join("; ")}`;
}

function stackSign({ status, risk }: StackReview): string {
  return status === "failed" ? "⛔ " : sign(risk);
}

function stackVerdict(review: StackReview): string {
  return review.status === "failed" ? failure(review) : verdicts[review.risk];
}

/** Why a preview says nothing of what it would do, in few words. */
export function failure({ refused = [], errors }: Pick<StackReview, "refused" | "errors">): string {
  if (refused.length > 0) return `refused: ${refusedText(refused)}`;
  const [first = ""] = errors;
  const config = readBadConfig(first);
  return config === undefined ? "the preview failed" : `refused: ${config.amount}`;
}

/** A row for each stack that would change, where there are several. */
export function table(loud: readonly StackReview[]): string[] {
  if (loud.length < 2) return [];
  const rows = loud.map(({ stack, status, risk, counts, unchanged }) => {
    const of = (...ops: readonly string[]) => ops.reduce((sum, op) => sum + (counts[op] ?? 0), 0);
    const amounts = [of("create", "import"), of("update", "same", "other"), of("replace"), of("delete"), unchanged];
    return [escaped(stack), status === "failed" ? "failed" : `\`${risk}\``, ...amounts].join(" | ");
  });
  const head = ["| stack | gravest | new | changed | replaced | gone | as it is |", "| --- | --- | ---: | ---: | ---: | ---: | ---: |"];
  return [[...head, ...rows.map((row) => `| ${row} |`)].join("\n")];
}
