/** What a change of one config value does to the resources that cannot be made again. */
import { output, type Unwrap } from "@pulumi/pulumi";
import { keyPrefix } from "../../infra/config/ownKeys.ts";
import { examine } from "../../infra/config/parse.ts";
import { formatConfigPath } from "../../infra/config/problem.ts";
import { simulatedVariable } from "../../infra/config/simulated.ts";
import { program } from "../../infra/program.ts";
import { statefulTypes } from "../../ops/review/statefulTypes.ts";
import { differences } from "../../sandbox/cloud/difference.ts";
import { factsOf, type PropertyFacts } from "../../sandbox/facts/facts.ts";
import type { Properties } from "../../sandbox/provider/values.ts";
import { configOf } from "./config.ts";
import { type ConfigChange, changesOf, withChanges } from "./configChanges.ts";
import { graphOf, type Registered } from "./graph.ts";

type Config = Readonly<Record<string, unknown>>;

/** A stateful resource that an update would replace or delete. */
export interface Lost {
  readonly how: "replace" | "delete";
  /** Last part of the type token. */
  readonly type: string;
  readonly name: string;
  /** Whether the engine refuses to. */
  readonly protect: boolean;
}

/** A change that costs something, with what it costs. */
export interface Loss {
  readonly key: string;
  readonly to: string;
  readonly what: readonly Lost[];
}

/** A change that the program or a provider refuses, with the beginning of what it says. */
export interface Refusal {
  readonly key: string;
  readonly to: string;
  readonly says: string;
}

/** Everything that one stack was asked. */
export interface Effects {
  readonly stack: string;
  /** Changes that were tried; none is in two of the groups below. */
  readonly tried: number;
  readonly harmless: number;
  readonly losses: readonly Loss[];
  /** Changes that the program refuses before anything happens: a line of its message each. */
  readonly refused: readonly Refusal[];
  /** Changes that config takes and the cloud does not, as far as the simulated one knows. */
  readonly broken: readonly Refusal[];
  /** Paths for which no other value is good by itself. */
  readonly unchangeable: readonly string[];
  readonly graphs: number;
}

export interface EffectOptions {
  /** Keys that are known to cost something; their changes are tried alone. @default none */
  readonly costly?: ReadonlySet<string>;
  /** Every change gets a graph of its own. @default false: changes of different objects share one until something is lost */
  readonly alone?: boolean;
}

/**
 * Makes every change that a stack's config allows and compares the graphs. Changes that cannot hide one another share a graph. When such
 * a graph loses, refuses or breaks anything, its halves get graphs of their own, down to the single change.
 */
export async function effectsOfEveryChange(stack: string, { costly = new Set(), alone = false }: EffectOptions = {}): Promise<Effects> {
  const config = JSON.parse(JSON.stringify(configOf(stack))) as Config;
  const { changes, unchangeable } = changesOf(config);
  const trial = await Trial.of(config);
  for (const group of alone ? changes.map((change) => [change]) : groupsOf(changes, config, costly)) await trial.make(group);
  const { harmless, losses, refused, broken, graphs } = trial;
  return { stack, tried: changes.length, harmless, losses, refused, broken, unchangeable, graphs };
}

/** The deployed stack, and what became of the changes so far. */
class Trial {
  harmless = 0;
  graphs = 0;
  readonly losses: Loss[] = [];
  readonly refused: Refusal[] = [];
  readonly broken: Refusal[] = [];
  readonly #config: Config;
  readonly #before: readonly Registered[];
  readonly #deployed: Properties;

  private constructor(config: Config, before: readonly Registered[], deployed: Properties) {
    this.#config = config;
    this.#before = before;
    this.#deployed = deployed;
  }

  static async of(config: Config): Promise<Trial> {
    process.env[simulatedVariable] = "aws,cloudflare,kubernetes";
    let outputs: Unwrap<object> = {};
    const before = await graphOf(
      async () => {
        outputs = await settled(await program());
      },
      { config: engineConfig(config) },
    );
    return new Trial(config, before, JSON.parse(JSON.stringify(outputs)) as Properties);
  }

  async make(group: readonly ConfigChange[]): Promise<void> {
    const [first, ...others] = group;
    if (first === undefined) return;
    const lost = await this.#lossesOf(group);
    if (typeof lost === "object" && lost.length === 0) {
      this.harmless += group.length;
    } else if (others.length > 0) {
      for (const part of partsOf(group, lost)) await this.make(part);
    } else {
      const change = { key: first.key, to: first.to === undefined ? "removed" : JSON.stringify(first.to) };
      if (typeof lost === "object") this.losses.push({ ...change, what: lost });
      else (/^\S+ has \d+ problem/.test(lost) ? this.refused : this.broken).push({ ...change, says: lost });
    }
  }

  /** What the stateful resources lose, or what the program or a provider says when it refuses. */
  async #lossesOf(group: readonly ConfigChange[]): Promise<Lost[] | string> {
    const changed = withChanges(this.#config, group);
    // Two changes that are good by themselves need not be so together.
    const [problem] = group.length > 1 ? examine(changed).problems : [];
    if (problem !== undefined) return `${keyPrefix}${formatConfigPath(problem.path)} ${problem.found}`;
    this.graphs += 1;
    try {
      return lossesBetween(this.#before, await graphOf(program, { config: engineConfig(changed), deployed: this.#deployed }));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

/** Changes that cannot hide one another share a group; what touches everything and what is known to cost something is tried alone. */
function groupsOf(changes: readonly ConfigChange[], config: Config, costly: ReadonlySet<string>): ConfigChange[][] {
  const everywhere = ({ path }: ConfigChange) => typeof config[String(path[0])] !== "object";
  const single = (change: ConfigChange) => everywhere(change) || costly.has(change.key);
  const groups: ConfigChange[][] = [];
  for (const change of changes.filter((candidate) => !single(candidate))) {
    const group = groups.find((members) => !members.some((member) => mayHide(member, change) || mayHide(change, member)));
    if (group === undefined) groups.push([change]);
    else group.push(change);
  }
  return [...groups, ...changes.filter(single).map((change) => [change])];
}

/** Those that a refusal names, each by itself, and the others; or else two halves. */
function partsOf(group: readonly ConfigChange[], lost: readonly Lost[] | string): ConfigChange[][] {
  const named = group.filter(({ path }) => typeof lost === "string" && lost.includes(`${keyPrefix}${formatConfigPath(path)} `));
  const half = Math.ceil(group.length / 2);
  if (named.length === 0 || named.length === group.length) return [group.slice(0, half), group.slice(half)];
  return [...named.map((change) => [change]), group.filter((change) => !named.includes(change))];
}

/** Whether the other change may come to nothing beside this one: it is in the same object, or in one that this may switch off. */
function mayHide({ entry, to }: ConfigChange, other: ConfigChange): boolean {
  const switches = typeof to !== "number" && typeof to !== "string";
  return entry === other.entry || (switches && other.entry.startsWith(`${entry}.`));
}

/** Losses of stateful resources from one graph to the next. */
export function lossesBetween(before: readonly Registered[], after: readonly Registered[]): Lost[] {
  const now = new Map(after.flatMap((resource) => [resource.urn, ...resource.aliases].map((urn) => [urn, resource] as const)));
  const gone = new Set<string>();
  // In order of registration: what a resource points at comes before it, and so does the news that it is replaced.
  return before.flatMap((resource): Lost[] => {
    const kept = now.get(resource.urn);
    if (kept !== undefined && !isReplaced(resource, kept, gone)) return [];
    gone.add(resource.urn);
    if (!statefulTypes.has(resource.type)) return [];
    const { name, protect } = resource;
    return [{ how: kept === undefined ? "delete" : "replace", type: resource.type.split(":").at(-1) ?? "", name, protect }];
  });
}

function isReplaced(old: Registered, now: Registered, gone: ReadonlySet<string>): boolean {
  if (!old.custom) return false;
  const facts = factsOf(old.type);
  if (facts === undefined) {
    // Providers have no facts, and no other account or region makes another provider of them.
    if (old.type.startsWith("pulumi:providers:")) return false;
    throw new Error(`no facts of ${old.type}`);
  }
  const counts = (property: string) => !now.ignoreChanges.includes(property);
  const changes = differences(facts, old.inputs, old.inputs, now.inputs);
  if (changes.some(({ replaces, path }) => replaces && counts(String(path[0])))) return true;
  // What is made anew has another id, which the mocks do not show.
  return Object.entries(now.references).some(
    ([property, urns]) => counts(property) && mayReplace(facts.properties[property]) && urns.some((urn) => gone.has(urn)),
  );
}

function mayReplace(facts: PropertyFacts | undefined): boolean {
  return facts?.replaces === true || Object.values(facts?.fields ?? {}).some(mayReplace);
}

async function settled<T extends object>(outputs: T): Promise<Unwrap<T>> {
  return new Promise((resolve) => {
    output(outputs).apply(resolve as (value: Unwrap<T>) => void);
  });
}

/** Config as the engine hands it over: text as it is, everything else as JSON. */
function engineConfig(config: Config): Record<string, string> {
  const values = Object.entries(config).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    values.map(([area, value]) => [`${keyPrefix}${area}`, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
