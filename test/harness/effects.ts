/** What a change of one config value does to the resources that cannot be made again. */
import { examine } from "../../infra/config/parse.ts";
import { choicesOf, shapeAt } from "../../infra/config/shape.ts";
import { declare } from "../../infra/program.ts";
import { statefulTypes } from "../../policy/stateful.ts";
import { differences } from "../../sandbox/cloud/difference.ts";
import { factsOf } from "../../sandbox/facts/facts.ts";
import type { Properties } from "../../sandbox/provider/values.ts";
import { configOf, parse, setAt } from "./config.ts";
import { graphOf, type Registered } from "./graph.ts";

type ConfigPath = readonly (string | number)[];

/** A loss that one changed value causes. */
export interface Effect {
  /** Config path with chosen names as `<name>` and list positions as `[]`. */
  readonly key: string;
  /** `replace` or `delete`, type and name. */
  readonly what: string;
}

/** Everything that one stack was asked. */
export interface Effects {
  readonly losses: readonly Effect[];
  /** Keys that were changed. */
  readonly changed: number;
  /** Paths for which no other value is good by itself. */
  readonly unchangeable: readonly string[];
}

/**
 * Changes every key that a stack's resolved config has, one at a time, and compares the graphs. Of keys that differ by a
 * chosen name or a place in a list alone, the first is changed: the same code reads all of them.
 */
export async function effectsOfEveryValue(stack: string): Promise<Effects> {
  const resolved = JSON.parse(JSON.stringify(configOf(stack))) as Record<string, unknown>;
  const before = await statefulOf(resolved);
  const losses: Effect[] = [];
  const unchangeable: string[] = [];
  let changed = 0;
  const done = new Set<string>();
  for (const [path, value] of leavesOf(resolved, [])) {
    if (done.has(patternOf(path))) continue;
    const other = otherConfig(resolved, path, value);
    if (other === undefined) {
      unchangeable.push(path.join("."));
      continue;
    }
    changed += 1;
    done.add(patternOf(path));
    const after = await statefulOf(other);
    for (const [urn, old] of before) losses.push(...lossOf(old, after.get(urn)).map((what) => ({ key: patternOf(path), what })));
  }
  return { losses, changed, unchangeable };
}

async function statefulOf(raw: Record<string, unknown>): Promise<Map<string, Registered>> {
  const resources = await graphOf(() => declare(parse(raw)));
  return new Map(resources.filter(({ type }) => statefulTypes.has(type)).map((resource) => [resource.urn, resource]));
}

function lossOf(old: Registered, now: Registered | undefined): string[] {
  const label = `${old.type.split("/").at(-1)?.split(":").at(-1)} ${old.name}`;
  if (now === undefined) return [`delete ${label}`];
  const facts = factsOf(old.type);
  if (facts === undefined) throw new Error(`no facts of ${old.type}`);
  const [before, after] = [withoutRandom(old.inputs), withoutRandom(now.inputs)];
  const replacing = differences(facts, before, before, after).filter(
    ({ replaces, path }) => replaces && !old.ignoreChanges.includes(String(path[0])),
  );
  return replacing.length > 0 ? [`replace ${label}`] : [];
}

/** Inputs without what the cloud chose at random: a dependency that is replaced is a loss of its own. */
function withoutRandom(inputs: Properties): Properties {
  const text = JSON.stringify(inputs).replaceAll(
    /[0-9a-f]{8}-[0-9a-f-]{27}|-[0-9a-f]{17}|\/[0-9a-f]{16}|203\.0\.113\.\d+|-\d{10}\.|-[0-9a-f]{7,8}(?=["/.\\])/g,
    "#",
  );
  return JSON.parse(text) as Properties;
}

function leavesOf(value: unknown, path: ConfigPath): [ConfigPath, unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, Array.isArray(value) ? Number(key) : key]));
}

/** The config with another good value in one place. */
function otherConfig(raw: Record<string, unknown>, path: ConfigPath, value: unknown): Record<string, unknown> | undefined {
  for (const candidate of candidates(raw, path, value)) {
    const other = structuredClone(raw);
    setAt(other, path, candidate);
    if (examine(other).problems.length === 0) return other;
  }
  return undefined;
}

function candidates(raw: Record<string, unknown>, path: ConfigPath, value: unknown): unknown[] {
  const shape = shapeAt(path, raw[String(path[0])]);
  const choices = shape === undefined ? undefined : choicesOf(shape);
  if (choices !== undefined) return choices.filter((choice) => choice !== value);
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number")
    return [value + 1, value - 1, value * 2, Math.ceil(value / 2), shape?.minimum, shape?.maximum].filter(
      (n) => n !== undefined && n !== value,
    );
  return typeof value === "string" ? neighbours(value) : [];
}

/** The same text with one letter or digit changed, later places first. */
function neighbours(text: string): string[] {
  const places = [...text.matchAll(/[a-z0-9]/gi)].map(({ index }) => index).reverse();
  return places.flatMap((index) => {
    const old = text.charAt(index);
    const others = /\d/.test(old) ? ["1", "7", "0"] : /[a-f]/.test(old) ? ["a", "d", "x"] : ["q", "A"];
    return others.filter((other) => other !== old).map((other) => text.slice(0, index) + other + text.slice(index + 1));
  });
}

/** Areas whose keys are names that a person chooses. */
const named = new Set([
  "services",
  "databases",
  "caches",
  "buckets",
  "fileSystems",
  "sites",
  "secrets",
  "repositories",
  "environment",
  "egress",
  "tags",
]);

function patternOf(path: ConfigPath): string {
  return path
    .map((part, index) => (typeof part === "number" ? "[]" : named.has(String(path[index - 1])) ? "<name>" : part))
    .join(".")
    .replaceAll(".[]", "[]");
}
