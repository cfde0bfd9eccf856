/** The bench's tables. Pure text. */
import Table from "cli-table3";
import pc from "picocolors";
import { type Comparison, type Side, type Situation, sides, situations } from "./compare.ts";
import { type Grown, type Size, sizes } from "./growth.ts";
import type { Verdict } from "./limits.ts";
import { type Measured, memoryOfAll } from "./measure.ts";

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
  for (const situation of situations) {
    const { slipway } = previews[situation];
    for (const side of sides) table.push([situationTitles[situation], sideTitles[side], ...cells(previews[situation][side], slipway)]);
  }
  table.push(["a program that declares nothing", "Slipway", ...cells(bare, previews.config.slipway)]);
  return [
    heading(`Preview of one canary step among ${resources} resources`),
    table.toString(),
    "  Default: runtime nodejs without options, so ts-node with a type check, CommonJS, index.ts, no compile cache.",
    "  The same engine, cloud, state and components; our imports name classes, import * as aws loads the whole package.",
  ].join("\n");
}

/** Stacks of several sizes. */
export function growthTable(growth: Readonly<Record<Size, Grown>>): string {
  const table = tableOf(["services", "resources", "preview", "rollback", "program", "program CPU", "engine, preview", "engine, rollback"]);
  for (const size of sizes) {
    const { resources, preview, update } = growth[size];
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
