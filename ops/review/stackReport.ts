/** The review of one stack as Markdown, in pieces that can be left out one by one. */
import { failure, sign, verdicts } from "./overview.ts";
import { codeSpan, escaped, markdown } from "./phrase.ts";
import { mermaid } from "./reach.ts";
import { readBadConfig, refusedMend } from "./refusals.ts";
import type { Risk } from "./risk.ts";
import type { ReportedChange, StackReview } from "./stackReview.ts";

/** One line or block, and how much it matters. */
export interface Piece {
  readonly risk: Risk;
  readonly text: string;
}

/** `production: traffic moves, nothing is replaced`, and how much there is of it. */
export function title(review: StackReview): string {
  const { changes, unchanged, status } = review;
  if (status === "failed") return `### ${escaped(review.stack)}: ⛔ **${failure(review)}**`;
  const amount = `${changes.length} ${changes.length === 1 ? "change" : "changes"} · ${unchanged} unchanged`;
  return `### ${escaped(review.stack)}: ${verdict(review)} <sub>${amount}</sub>`;
}

/** What a stack's changes come to, in few words. */
function verdict({ risk, changes, stories }: StackReview): string {
  const gravest = new Set(stories.filter((story) => story.risk === risk).flatMap(({ urns }) => urns));
  const gone = changes.some(({ op }) => op === "delete" || op === "replace") ? "" : ", nothing is replaced or deleted";
  switch (risk) {
    case "data-loss":
    case "outage":
      return `${sign(risk)}**${verdicts[risk]}**, ${plural(gravest.size, "place")}`;
    case "exposure":
    case "guard":
      return `${sign(risk)}**${verdicts[risk]}**, ${plural(gravest.size, "place")}${gone}`;
    case "unjudged":
      return `${sign(risk)}**${plural(gravest.size, "change")} that this tool cannot judge**${gone}`;
    case "traffic":
    case "routine":
    case "noise":
      return `${verdicts[risk]}${gone}`;
  }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The errors of a failed preview, as the engine said them; of a refused config its problems, since the title says the rest. */
export function errorBlocks({ errors }: StackReview): string[] {
  return errors.map((message, index) => {
    const said = (index === 0 ? readBadConfig(message)?.problems : undefined) ?? message;
    const text = said.replaceAll(/[^\n\P{Cc}]|\p{Cf}/gu, "");
    const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
    return `${fence}text\n${text}\n${fence}`;
  });
}

/** What is protected and would go, and the way that keeps it. */
export function refusalLines({ refused = [] }: StackReview): string[] {
  if (refused.length === 0) return [];
  const named = refused.slice(0, mostRefused).map(({ type, name }) => `${escaped(type)} ${codeSpan(name)}`);
  const more = refused.length > mostRefused ? ` and ${refused.length - mostRefused} more` : "";
  return [`The engine's protection holds ${named.join(", ")}${more}. ${refusedMend}`];
}

const mostRefused = 10;

/** Stories, one line each, gravest first. */
export function storyLines({ stories }: StackReview): Piece[] {
  return stories.map(({ risk, headline, detail }) => ({
    risk,
    text: `- ${sign(risk)}**${markdown(headline)}**${detail === undefined ? "" : ` ${markdown(detail)}`}`,
  }));
}

/** What depends on what changes, as a graph; nothing where nothing does. */
export function reachBlocks({ reach = [], risk }: StackReview): Piece[] {
  const text = mermaid(reach);
  return text === undefined ? [] : [{ risk, text }];
}

/** What an operation is called, where it is not one that is going to be done. @default the engine's own name */
export type OperationWords = Readonly<Partial<Record<ReportedChange["op"], string>>>;

/** Resources with their properties; stateful ones that go or are replaced come first. */
export function resourceBlocks({ changes }: StackReview, words: OperationWords = {}): Piece[] {
  const endangered = ({ stateful, op }: ReportedChange) => stateful && (op === "delete" || op === "replace");
  const ordered = [...changes.filter(endangered), ...changes.filter((change) => !endangered(change))];
  return ordered.map((change) => ({ risk: change.risk, text: resourceBlock(change, words) }));
}

/** Differences of one resource that are listed; the rest is counted. */
const mostDifferences = 30;

/** What tells nobody anything of a resource that is made or goes. */
const marks = /^(tags|tagsAll|region)$/;

function resourceBlock({ op, order, type, name, risk, differences }: ReportedChange, words: OperationWords): string {
  const how = order === undefined ? (words[op] ?? op) : `${op} (${order === "createFirst" ? "new one first" : "old one first"})`;
  const whole = op === "create" || op === "delete" || op === "import";
  const telling = whole ? differences.filter(({ path }) => !marks.test(path)) : differences;
  const lines = telling.slice(0, mostDifferences).map((difference) => {
    const sides = whole ? oneSide(difference, op === "delete") : bothSides(difference);
    return `  - ${codeSpan(difference.path)}: ${sides}${difference.replaces ? " **forces the replacement**" : ""}`;
  });
  const rest = telling.length - lines.length;
  return [
    `- ${how} ${codeSpan(type)} ${codeSpan(name)} (${risk})`,
    ...lines,
    ...(rest > 0 ? [`  - and ${rest} more properties`] : []),
  ].join("\n");
}

type ReportedDifference = ReportedChange["differences"][number];

function oneSide({ before, after, note }: ReportedDifference, goes: boolean): string {
  return note === "secret" ? "a secret" : codeSpan(goes ? before : after);
}

function bothSides({ before, after, note }: ReportedDifference): string {
  if (note === "order") return "only the order differs";
  if (note === "secret") return "a secret differs";
  return `${note === "sequence" ? "in another order, " : ""}${codeSpan(before)} → ${codeSpan(after)}`;
}
