/** The bench's tables. Pure text. */
import Table from "cli-table3";
import pc from "picocolors";
import type { CommandPairs } from "./commands.ts";
import type { Comparison } from "./compare.ts";
import type { Side, Situation } from "./extent.ts";
import type { Growth } from "./growth.ts";
import type { Verdict } from "./limits.ts";
import { type Measured, memoryOfAll, processorOfAll } from "./measure.ts";

const situationTitles: Readonly<Record<Situation, string>> = {
  fresh: "no caches, as in CI",
  edited: "after an edit of the program",
  config: "after a change of config, caches warm",
};
const sideTitles: Readonly<Record<Side, string>> = {
  slipway: "Slipway",
  default: "Pulumi's default, our imports",
  defaultPackage: "Pulumi's default, import * as aws",
};

/** One stack with Slipway's settings and with the defaults. */
export function comparisonTable({ resources, previews, bare }: Comparison): string {
  const table = tableOf(["preview", "settings", "time", "", "program", "", "all memory", "program CPU", "engine CPU"]);
  for (const { situation, slipway, defaults } of previews)
    for (const { side, measured } of [{ side: "slipway" as const, measured: slipway }, ...defaults])
      table.push([situationTitles[situation], sideTitles[side], ...cells(measured, slipway)]);
  const last = previews.at(-1)?.slipway ?? bare;
  table.push(["a program that declares nothing", "Slipway", ...cells(bare, last)]);
  return [
    heading(`Preview of one canary step among ${resources} resources`),
    table.toString(),
    "  Default: runtime nodejs without options, so ts-node with a type check, CommonJS, index.ts, no compile cache.",
    "  The same engine, cloud, state and components; our imports name classes, import * as aws loads the whole package.",
  ].join("\n");
}

/** Slipway's commands beside the engine's own. */
export function commandTable(pairs: CommandPairs): string {
  const table = tableOf(["", "command", "time", "", "processor time", "", "peak memory", ""]);
  for (const { slipway, plain, commands } of Object.values(pairs))
    for (const [measured, command] of [
      [slipway, commands.slipway],
      [plain, commands.plain],
    ] as const)
      table.push([
        command === commands.slipway ? "Slipway" : "engine alone",
        command,
        seconds(measured.seconds),
        times(measured.seconds / plain.seconds),
        seconds(processorOfAll(measured)),
        times(processorOfAll(measured) / processorOfAll(plain)),
        mebibytes(measured.costs.peak),
        times(measured.costs.peak / plain.costs.peak),
      ]);
  return [
    heading("Slipway's commands, and the engine alone"),
    table.toString(),
    "  Both in a process of their own that starts the simulated providers; peak memory is that of all processes at one moment.",
  ].join("\n");
}

/** Stacks of several sizes. */
export function growthTable(growth: Growth): string {
  const table = tableOf(["services", "resources", "preview", "rollback", "program", "program CPU", "engine, preview", "engine, rollback"]);
  for (const [size, { resources, preview, update }] of Object.entries(growth)) {
    table.push([
      size,
      resources,
      seconds(preview.seconds),
      seconds(update.seconds),
      mebibytes(preview.costs.program.memory),
      seconds(preview.costs.program.processor),
      engine(preview),
      engine(update),
    ]);
  }
  return [heading("Growth: preview of a rollback, and the rollback itself"), table.toString()].join("\n");
}

/** Every ratio with its limit. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  const table = tableOf(["ratio", "measured", "limit", "aim", ""]);
  for (const { name, figure, limit, kept, aim, reached } of verdicts)
    table.push([
      name,
      figure === undefined ? "not measured" : figure.toFixed(2),
      limit,
      aim === undefined ? "" : `${aim} ${reached ? "reached" : "not reached"}`,
      kept ? pc.green("✔") : pc.red("✖"),
    ]);
  return [heading("Limits, in bench/limits.json"), table.toString()].join("\n");
}

function cells(measured: Measured, ours: Measured): string[] {
  return [
    seconds(measured.seconds),
    times(measured.seconds / ours.seconds),
    mebibytes(measured.costs.program.memory),
    times(measured.costs.program.memory / ours.costs.program.memory),
    mebibytes(memoryOfAll(measured)),
    seconds(measured.costs.program.processor),
    seconds(measured.costs.engine.processor),
  ];
}

function tableOf(head: readonly string[]): Table.Table {
  return new Table({ head: head.map((title) => pc.bold(title)), style: { head: [], border: [], compact: true } });
}

function heading(text: string): string {
  return `\n${pc.bold(text)}`;
}

function engine({ costs }: Measured): string {
  return `${seconds(costs.engine.processor)}, ${mebibytes(costs.engine.memory)}`;
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

function mebibytes(value: number): string {
  return `${value.toFixed(0)} MiB`;
}

function times(value: number): string {
  return Number.isFinite(value) ? `× ${value.toFixed(2)}` : "";
}
