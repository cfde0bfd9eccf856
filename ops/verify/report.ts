/** What a verification found, for a terminal: one row a check, one line to end with, and what to do. */
import Table from "cli-table3";
import pc from "picocolors";
import { type Check, passed, type Verdict } from "./check.ts";

const colour: Readonly<Record<Verdict, (text: string) => string>> = {
  good: pc.green,
  degraded: pc.yellow,
  failed: pc.red,
  "not asked": pc.yellow,
};

/** The whole report. @param about such as `The deployment of staging` */
export function report(about: string, checks: readonly Check[]): string {
  const table = new Table({ head: ["what", "expected", "found", "verdict"], style: { head: [], border: [] } });
  for (const { what, expected, found, verdict } of checks)
    table.push([wrapped(what, 44), wrapped(expected, 30), wrapped(found, 58), colour[verdict](verdict)]);
  const bad = checks.filter(({ verdict }) => verdict !== "good");
  const advice = Map.groupBy(
    bad.filter((check) => check.advice !== undefined),
    (check) => check.advice,
  );
  const fix = [...advice].map(([text, about]) => `${about.map(({ what }) => what.replaceAll("\n", " ")).join(", ")}: ${text}`);
  return [table.toString(), ...fix, verdictLine(about, checks)].join("\n");
}

/** For example: `The deployment of staging is verified: 9 checks, 1 of them degraded.` */
export function verdictLine(about: string, checks: readonly Check[]): string {
  const count = (wanted: Verdict) => checks.filter(({ verdict }) => verdict === wanted).length;
  const parts = (["failed", "not asked", "degraded"] as const).flatMap((verdict) => {
    const number = count(verdict);
    return number === 0 ? [] : [`${number} ${verdict}`];
  });
  const details = [`${checks.length} checks`, ...parts].join(", ");
  return passed(checks) ? pc.green(`${about} is verified: ${details}.`) : pc.red(`${about} is NOT verified: ${details}.`);
}

/** Breaks lines between words, and within a word only when it is longer than a line, as names of AWS may be. */
export function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  for (const line of text.split("\n")) {
    let current = "";
    for (const word of line.split(" ").flatMap((long) => long.match(new RegExp(`.{1,${width}}`, "gu")) ?? [""])) {
      if (current !== "" && current.length + 1 + word.length > width) {
        lines.push(current);
        current = word;
      } else current = current === "" ? word : `${current} ${word}`;
    }
    lines.push(current);
  }
  return lines.join("\n");
}
