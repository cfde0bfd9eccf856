/** Two stacks of one system side by side: which resources only one of them has, and which value of the config explains it. */
import { stackName } from "../../components/environment/names.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { declaredGraph } from "./declaredGraph.ts";
import { wholeName } from "./graph.ts";
import type { Meaning } from "./meaning.ts";
import { reasonOf } from "./sideReasons.ts";

/** One stack of the pair. */
export type Side = "production" | "staging";

/** A resource that one stack has and the other has not. */
export interface OneSided extends Meaning {
  readonly only: Side;
  /** Why, when the config says it. */
  readonly reason: string | undefined;
}

/** Both stacks of a system. */
export interface Pair {
  readonly production: StackConfig;
  readonly staging: StackConfig;
}

/** What two stacks have in common and what not. */
export interface Comparison {
  readonly same: number;
  readonly oneSided: readonly OneSided[];
}

/** Declares both stacks and compares their resources. */
export async function compareGraphs(pair: Pair): Promise<Comparison> {
  const rename = staging(pair);
  const production = await meanings(pair.production, rename);
  const other = await meanings(pair.staging, (name) => name);
  const sides = [pair.production, pair.staging] as const;
  const swapped = [pair.staging, pair.production] as const;
  const missing = (from: ReadonlyMap<string, Meaning>, to: ReadonlyMap<string, Meaning>, only: Side) =>
    [...from].flatMap(([key, meaning]) =>
      to.has(key) ? [] : [{ ...meaning, only, reason: reasonOf(meaning, ...(only === "production" ? sides : swapped)) }],
    );
  return {
    same: [...production.keys()].filter((key) => other.has(key)).length,
    oneSided: [...missing(production, other, "production"), ...missing(other, production, "staging")].sort((a, b) =>
      sortKey(a) < sortKey(b) ? -1 : 1,
    ),
  };
}

function sortKey({ only, reason, type, name }: OneSided): string {
  return [only, reason ?? "", type, name].join(" ");
}

async function meanings(config: StackConfig, rename: (name: string) => string): Promise<Map<string, Meaning>> {
  const resources = await declaredGraph(config);
  return new Map(
    resources.map((resource) => {
      const { type } = resource;
      const name = rename(wholeName(resource).replace(`${stackName(config)}-`, ""));
      return [`${type} ${name}`, { type, name }];
    }),
  );
}

/** Tells a production resource's name as staging would: hosts, secret paths and names of metrics stand in names where they are the meaning. */
function staging(pair: Pair): (name: string) => string {
  const [own, others] = (["production", "staging"] as const).map((side) => `${pair[side].system}-${pair[side].environment}`);
  const hosts = hostPairs(pair).sort(([a], [b]) => b.length - a.length);
  const environments = ([".", "-"] as const).map((mark) =>
    (["production", "staging"] as const).map((side) => `${pair[side].system}${mark}${pair[side].environment}${mark}`),
  );
  return (name) => {
    if (name === own) return others!;
    const found = hosts.find(([host]) => name === host || name.endsWith(`-${host}`));
    const hosted = found === undefined ? name : `${name.slice(0, -found[0].length)}${found[1]}`;
    return environments.reduce((text, [from, to]) => text.replace(from!, to!), hosted);
  };
}

/** Hosts that stand at the same place of both configs. */
function hostPairs({ production, staging: other }: Pair): [string, string][] {
  const { zone } = production.dns;
  const pairs: [string, string][] = [];
  const walk = (a: unknown, b: unknown): void => {
    if (typeof a === "string" && typeof b === "string") {
      if (a !== b && a.endsWith(zone)) pairs.push([a, b], [a.replace("*", "wildcard"), b.replace("*", "wildcard")]);
    } else if (typeof a === "object" && typeof b === "object" && a !== null && b !== null) {
      for (const [key, value] of Object.entries(a)) walk(value, (b as Record<string, unknown>)[key]);
    }
  };
  walk(production, other);
  return pairs;
}
