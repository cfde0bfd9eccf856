/** Two graphs of one stack held against each other: by type and name, as URNs say besides only whose parts resources are. Pure. */
import { isDeepStrictEqual } from "node:util";

/** What a stack declares: what each resource is made with, by type and name. */
export type Graph = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What differs, one line each: resources that one of them lacks, and properties with both values. */
export function differences(before: Graph, after: Graph): string[] {
  const resources = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return resources.flatMap((resource) => {
    const was = before[resource];
    const is = after[resource];
    if (was === undefined) return [`+ ${resource}`];
    if (is === undefined) return [`- ${resource}`];
    return changesIn(was, is).map((change) => `~ ${resource} ${change}`);
  });
}

function changesIn(was: unknown, is: unknown, path = ""): string[] {
  if (isDeepStrictEqual(was, is)) return [];
  if (!isMap(was) || !isMap(is)) return [`${path}: ${JSON.stringify(was)} → ${JSON.stringify(is)}`];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .sort()
    .flatMap((key) => changesIn(was[key], is[key], path === "" ? key : `${path}.${key}`));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
