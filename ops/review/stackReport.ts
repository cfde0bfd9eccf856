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
export function storyLines({ stories, lines = [] }: StackReview): Piece[] {
  return stories.map(({ risk, headline, detail, lines: caused = [] }) => {
    const places = placesOf(caused.flatMap((index) => lines[index]?.at ?? []));
    return {
      risk,
      text: `- ${sign(risk)}**${markdown(headline)}**${detail === undefined ? "" : ` ${markdown(detail)}`}${places === "" ? "" : ` <sub>${markdown([{ text: places }])}</sub>`}`,
    };
  });
}

/** Places that are named for one story; more of them say that nobody can tell. */
const mostPlaces = 3;

/** `base.yaml:12 or Pulumi.production.yaml:41`: where a story begins; empty where nobody can tell. */
export function placesOf(at: readonly string[]): string {
  const places = [...new Set(at)].filter((place) => place !== "");
  return places.length > mostPlaces ? "" : places.join(" or ");
}

/** Lines of the config that are listed; the rest is counted. */
const mostLines = 30;

/** What differs from the target branch's config, line by line; that nothing does, where there are changes all the same. */
export function lineBlock({ lines, changes }: StackReview): string[] {
  if (lines === undefined || changes.length === 0) return [];
  if (lines.length === 0)
    return [
      "*No value of the config that can be read differs from the target branch's: what changes is the program's or an encrypted value's, was not applied yet, or was changed in the cloud.*",
    ];
  const rows = lines.slice(0, mostLines).map(({ at, text }) => `- ${codeSpan(at === "" ? "?" : at)} ${codeSpan(text)}`);
  const more = lines.length > mostLines ? [`- and ${lines.length - mostLines} more`] : [];
  const amount = `${lines.length} ${lines.length === 1 ? "line" : "lines"} of the config`;
  return [`<details><summary>${amount}</summary>\n\n${[...rows, ...more].join("\n")}\n\n</details>`];
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
