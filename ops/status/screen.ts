/** A status for a terminal: one screen, and the next command as its last line. Pure. */
import Table from "cli-table3";
import pc from "picocolors";
import { nextLine } from "../project/nextCommand.ts";
import type { Advice } from "./advice.ts";
import type { Complaint } from "./complaints.ts";
import type { Gravity } from "./finding.ts";
import { known } from "./reading.ts";
import { serviceRows } from "./serviceRows.ts";
import {
  alarmLines,
  changeLines,
  deepLines,
  holdLines,
  lockLine,
  peopleLine,
  regionLines,
  ruleLines,
  secretLine,
  storeLines,
} from "./stackLines.ts";
import type { StackStatus } from "./stackStatus.ts";

/** Lines and corners of a table that has none. */
const bare = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid", "middle"].flatMap((side) =>
    ["", "-mid", "-left", "-right"].map((corner) => [`${side}${corner}`, ""] as const),
  ),
);

const colour: Readonly<Record<Gravity, (text: string) => string>> = {
  ...{ outage: pc.red, alarm: pc.red, blocked: pc.yellow, drift: pc.yellow, risk: pc.yellow, chore: pc.dim },
};

/** What the screen tells. */
export interface Told extends StackStatus, Advice {
  /** A sentence for each thing that could not be read. */
  readonly unread: readonly string[];
  /** What users may say of what no metric tells. */
  readonly complaints: readonly Complaint[];
}

/** The whole screen. */
export function screen({ findings, next, unread, complaints, ...status }: Told): string {
  const { stack, cloud, at, phase } = status;
  const about = `${stack} in ${cloud}, ${at.slice(0, 16).replace("T", " ")} UTC${phase === undefined ? "" : `, phase ${phase}`}`;
  const sections: (readonly [title: string, lines: readonly string[]])[] = [
    ["services", services(status)],
    ["alarms", alarmLines(status)],
    ["lock", lockLine(status)],
    ["holds", holdLines(status)],
    ["regions", regionLines(status)],
    ["stores", storeLines(status)],
    ["people", peopleLine(status)],
    ["secrets", secretLine(status)],
    ["rules", ruleLines(status)],
    ["changes", changeLines(status)],
    ["deep", deepLines(status)],
    ["not read", unread.map((line) => pc.yellow(oneLine(line)))],
    ["to do", findings.map(({ gravity, what }) => colour[gravity](`${gravity.padEnd(8)}${oneLine(what)}`))],
  ];
  // Where users are not served for a reason that is known, nobody looks for another.
  if (!findings.some(({ gravity }) => gravity === "outage"))
    sections.push(["users say", complaints.map(({ complaint, command }) => pc.dim(`"${complaint}": ${command}`))]);
  const body = sections.flatMap(([title, lines]) => lines.map((line, index) => `${pc.bold((index === 0 ? title : "").padEnd(10))}${line}`));
  return [pc.bold(about), ...body, nextLine(next)].join("\n");
}

function services(status: StackStatus): string[] {
  const found = known(status.services);
  if (found === undefined) return ["could not be read"];
  const table = new Table({
    head: ["", "", "live", "state", "config", "healthy", "runs", "image", "release"],
    ...{ chars: { ...bare, middle: "  " }, style: { head: [], border: [], "padding-left": 0, "padding-right": 0 } },
    colAligns: ["left", "left", "right", "right", "right", "left", "left", "left", "left"],
  });
  table.push(...found.services.flatMap(serviceRows));
  const lines = found.services.length === 0 ? [] : table.toString().split("\n");
  return [
    ...lines.map((line) => line.trimEnd()),
    ...found.undeployed.map((service) => `${service}: nothing in the state splits its traffic`),
  ];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}
