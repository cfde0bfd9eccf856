/** The review of one stack for a terminal. */
import pc from "picocolors";
import { failure } from "./overview.ts";
import { plainText } from "./phrase.ts";
import { refusedMend } from "./refusals.ts";
import type { Risk } from "./risk.ts";
import { placesOf } from "./stackReport.ts";
import type { StackReview } from "./stackReview.ts";

const paint: Readonly<Record<Risk, (text: string) => string>> = {
  "data-loss": pc.red,
  outage: pc.red,
  exposure: pc.yellow,
  guard: pc.yellow,
  unjudged: pc.yellow,
  traffic: pc.cyan,
  routine: (text) => text,
  noise: pc.dim,
};

/** Stories by risk, then how much changes. */
export function terminalText({
  stack,
  status,
  stories,
  changes,
  unchanged,
  errors,
  hash,
  counts,
  refused = [],
  lines: config = [],
}: StackReview): string {
  const width = Math.max(0, ...stories.map(({ risk }) => risk.length));
  const lines = stories.map(({ risk, headline, detail, lines: caused = [] }) => {
    const rest = detail === undefined ? "" : pc.dim(`  ${plainText(detail)}`);
    const places = placesOf(caused.flatMap((index) => config[index]?.at ?? []));
    return `  ${paint[risk](risk.padEnd(width))}  ${plainText(headline)}${rest}${places === "" ? "" : pc.dim(`  ${places}`)}`;
  });
  const amounts = Object.entries(counts).map(([op, count]) => `${count} ${op}`);
  return [
    pc.bold(
      status === "failed"
        ? `${stack}: ${failure({ refused, errors })}`
        : status === "same"
          ? `${stack}: no change, ${unchanged} resources`
          : `${stack}: ${changes.length} ${changes.length === 1 ? "change" : "changes"}`,
    ),
    ...errors.flatMap((message) => message.split("\n").map((line) => `  ${line}`)),
    ...lines,
    ...(refused.length > 0 ? [`  protected: ${refused.map(({ type, name }) => `${type} ${name}`).join(", ")}`, `  ${refusedMend}`] : []),
    ...(changes.length > 0 ? [pc.dim(`  ${amounts.join(", ")}, ${unchanged} unchanged; change set ${hash.slice(0, 12)}`)] : []),
  ].join("\n");
}
