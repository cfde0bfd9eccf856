/** `slipway config show` and `slipway config diff`: the resolved config, and how two stacks differ. */
import { basename } from "node:path";
import Table from "cli-table3";
import pc from "picocolors";
import { stringify } from "yaml";
import { parseConfig } from "../../infra/config/parse.ts";
import { type ConfigPath, formatConfigPath } from "../../infra/config/problem.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { readStackFile } from "../../infra/config/stackFile.ts";

/**
 * Config of a stack file after defaults.
 * @param warn takes what it is warned of. @default nobody: the program itself warns at every preview
 * @throws ConfigError with every problem
 */
export function resolvedConfig(file: string, warn: (text: string) => void = () => undefined): StackConfig {
  const { raw, secretKeys, ...source } = readStackFile(file);
  return parseConfig(raw, source, { secretKeys, warn });
}

/** The resolved config as YAML with sorted keys and no anchors, so that two of them can be compared line by line. */
export function showConfig(config: StackConfig): string {
  return stringify(config, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
}

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
    : typeof value === "object" && value !== null
      ? Object.entries(value)
      : undefined;
  if (below === undefined)
    return value === undefined ? new Map() : new Map([[formatConfigPath(path), Array.isArray(value) ? value.join(", ") : String(value)]]);
  return new Map(below.flatMap(([key, item]) => [...leaves(item, [...path, key])]));
}
