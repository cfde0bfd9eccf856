/** What the example stacks did, as tables. */
import Table from "cli-table3";
import type { ExampleRun } from "./examples.ts";
import type { Lack } from "./lacks.ts";

const style = { head: [], border: [] };

/** One line a stack. A dash is a step that was not reached, or that the stack does not have. */
export function exampleTable(runs: readonly ExampleRun[]): string {
  const head = ["stack", "resources", "errors", "warnings", "created", "not made", "tasks", "second up", "deleted", "left", "seconds"];
  const table = new Table({ head, style, colAligns: ["left", ...head.slice(1).map(() => "right" as const)] });
  for (const { stack, resources, errors, warnings, created, notMade, tasks, secondUp, deleted, left, seconds } of sorted(runs))
    table.push([
      stack,
      ...[resources, errors, warnings, created, created === undefined ? undefined : sum(notMade), tasks, secondUp, deleted, left].map(
        (figure) => figure ?? "–",
      ),
      seconds.toFixed(0),
    ]);
  return table.toString();
}

/** What no update made, by type, and why. @returns nothing when everything was made */
export function lackTable(runs: readonly ExampleRun[], lacks: readonly Lack[]): string | undefined {
  const types = [...new Set(runs.flatMap(({ notMade }) => Object.keys(notMade)))].sort();
  if (types.length === 0) return undefined;
  const table = new Table({ head: ["what the API server lacks", "resources", "in", "why"], style, wordWrap: true });
  for (const type of types) {
    const missing = sorted(runs).filter(({ notMade }) => type in notMade);
    table.push([
      type,
      missing.reduce((count, { notMade }) => count + (notMade[type] ?? 0), 0),
      missing.map(({ stack }) => stack).join("\n"),
      lacks.find((lack) => lack.type === type)?.reason ?? "depends on one of these",
    ]);
  }
  return table.toString();
}

function sorted(runs: readonly ExampleRun[]): ExampleRun[] {
  return [...runs].sort((a, b) => (a.stack < b.stack ? -1 : 1));
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
