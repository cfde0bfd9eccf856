/** Two stacks of one system side by side: which resources only one of them has, and which value of the config explains it. */
import type { StackConfig } from "../../infra/config/stack.ts";
import { declare } from "../../infra/program.ts";
import { graphOf } from "./graph.ts";

/** One stack of the pair. */
export type Side = "production" | "staging";

/** A resource by what it is, whatever its stack: type, and name with the stack's own hosts and environment told as staging's. */
export interface Meaning {
  readonly type: string;
  readonly name: string;
}

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
  const missing = (from: ReadonlyMap<string, Meaning>, to: ReadonlyMap<string, Meaning>, only: Side) =>
    [...from].flatMap(([key, meaning]) => (to.has(key) ? [] : [{ ...meaning, only, reason: reasonOf(meaning, only, pair) }]));
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
  const resources = await graphOf(() => declare(config));
  return new Map(
    resources.map(({ type, name: own }) => {
      const name = rename(own);
      return [`${type} ${name}`, { type, name }];
    }),
  );
}

/** Tells a production resource's name as staging would: hosts and secret paths stand in names where they are the meaning. */
function staging(pair: Pair): (name: string) => string {
  const hosts = hostPairs(pair).sort(([a], [b]) => b.length - a.length);
  const [from, to] = (["production", "staging"] as const).map((side) => `${pair[side].system}.${pair[side].environment}.`);
  return (name) => {
    const found = hosts.find(([host]) => name === host || name.endsWith(`-${host}`));
    const hosted = found === undefined ? name : `${name.slice(0, -found[0].length)}${found[1]}`;
    return hosted.replace(from!, to!);
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

/** Areas of the config that a stack may leave out. */
type Optional = StackConfig & {
  readonly edge?: { readonly zoneRules?: boolean };
  readonly databases?: Readonly<Record<string, { readonly instances?: number }>>;
};

/** The value of the config that makes a resource exist on one side only. */
function reasonOf({ type, name }: Meaning, only: Side, pair: Pair): string | undefined {
  const [has, lacks]: readonly [Optional, Optional] =
    only === "production" ? [pair.production, pair.staging] : [pair.staging, pair.production];
  const [own, other] = [has.network, lacks.network];
  const zone = own.zones.find((candidate) => name.endsWith(candidate));
  if (/:(Eip|NatGateway)$/.test(type) && zone !== undefined && own.natGateways === "perZone" && other.natGateways !== "perZone")
    return "network.natGateways: one in every zone";
  if (zone !== undefined && !other.zones.includes(zone)) return "network.zones: a further zone";
  const endpoint = own.interfaceEndpoints.find((service) => name.endsWith(`-network-endpoints-${service}`));
  if (endpoint !== undefined && !other.interfaceEndpoints.includes(endpoint)) return "network.interfaceEndpoints: private way to AWS";
  if (/-network-endpoints(-https)?$/.test(name) && other.interfaceEndpoints.length === 0)
    return "network.interfaceEndpoints: private way to AWS";
  if (type === "aws:docdb/clusterInstance:ClusterInstance" && moreInstances(name, has, lacks)) return "databases.instances: more of them";
  if (/^edge-zone\b/.test(name) && has.edge?.zoneRules === true && lacks.edge?.zoneRules !== true)
    return "edge.zoneRules: one stack alone may declare the zone's rules";
  return undefined;
}

function moreInstances(name: string, has: Optional, lacks: Optional): boolean {
  return Object.entries(has.databases ?? {}).some(
    ([database, { instances = 0 }]) => name.includes(`-${database}-`) && instances > (lacks.databases?.[database]?.instances ?? 0),
  );
}
