/** Seconds that each check took, one way of switching beside the other. */
import Table from "cli-table3";
import type { EndedCheck } from "../checks.ts";
import { bySelector, byWeights } from "./traffic.ts";

/** One line a check, in the order in which they were made first. A dash is a check that a way of switching does not have. */
export function timetable(ended: readonly EndedCheck[]): string {
  const ways = [byWeights.by, bySelector.by];
  const table = new Table({
    head: ["seconds", ...ways],
    style: { head: [], border: [] },
    colAligns: ["left", "right", "right"],
  });
  const afterWay = (title: string) => title.slice(title.indexOf(": ") + 2);
  for (const what of new Set(ended.map(({ title }) => afterWay(title)))) {
    const cells = ways.map((way) => {
      const made = ended.filter(({ title }) => title === `${way}: ${what}`);
      return made.map(({ passed, seconds }) => (passed ? seconds.toFixed(1) : "FAILED")).join(", ") || "–";
    });
    table.push([what, ...cells]);
  }
  return table.toString();
}
