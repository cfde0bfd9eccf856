/** `slipway config diff`: how the configs of two stacks differ. */
import { basename } from "node:path";
import Table from "cli-table3";
import pc from "picocolors";
import { Secret } from "../../components/contract/secret.ts";
import { type ConfigPath, formatConfigPath } from "../../infra/config/problem.ts";
import type { StackConfig } from "../../infra/config/stack.ts";

/** One value that differs. */
export interface ConfigDifference {
  readonly path: string;
  /** Value in the first stack; undefined when it has none. */
  readonly left: string | undefined;
  readonly right: string | undefined;
}

/** Every place where two configs differ, in the order of paths. */
export function configDifferences(left: StackConfig, right: StackConfig): ConfigDifference[] {
  const [a, b] = [leaves(left, []), leaves(right, [])];
  return [...new Set([...a.keys(), ...b.keys()])]
    .sort()
    .filter((path) => a.get(path) !== b.get(path))
    .map((path) => ({ path, left: a.get(path), right: b.get(path) }));
}

/** The differences as a table for people. */
export function differenceTable(differences: readonly ConfigDifference[], leftFile: string, rightFile: string): string {
  const table = new Table({
    head: ["key", basename(leftFile), basename(rightFile)].map((title) => pc.bold(title)),
    style: { head: [], border: [] },
  });
  for (const { path, left, right } of differences) table.push([path, left ?? pc.dim("–"), right ?? pc.dim("–")]);
  return `${table.toString()}\n${differences.length} values differ; everything else is the same.`;
}

function leaves(value: unknown, path: ConfigPath): Map<string, string> {
  const below = Array.isArray(value)
    ? value.every((item) => typeof item !== "object")
      ? undefined
      : [...value.entries()]
    : typeof value === "object" && value !== null && !(value instanceof Secret)
      ? Object.entries(value)
      : undefined;
  if (below === undefined)
    return value === undefined ? new Map() : new Map([[formatConfigPath(path), Array.isArray(value) ? value.join(", ") : String(value)]]);
  return new Map(below.flatMap(([key, item]) => [...leaves(item, [...path, key])]));
}
