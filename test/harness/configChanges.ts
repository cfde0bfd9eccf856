/** Every change of a single value that a config allows, from the schema: no area is known here by name. */

import { choicesOf, type Shape } from "../../components/contract/shape.ts";
import { type AreaName, areas, type PartialStackConfig } from "../../components/environment/contract.ts";
import { brokenTogether } from "../../components/environment/rules.ts";
import { shapeAtPath, shapeOfArea } from "../../infra/config/areaShape.ts";
import type { ConfigPath } from "../../infra/config/problem.ts";
import { setAt } from "./config.ts";

/** One value set to another that config allows. */
export interface ConfigChange {
  readonly path: ConfigPath;
  /** The path with chosen names as `<name>` and list positions as `[]`. */
  readonly key: string;
  /** What belongs together: the innermost object that holds the value, from the first chosen name on, or else from the area on. */
  readonly entry: string;
  /** The new value; undefined when it is removed. */
  readonly to: unknown;
}

/** All changes of one config. */
export interface ConfigChanges {
  readonly changes: readonly ConfigChange[];
  /** Paths for which no other value is good by itself. */
  readonly unchangeable: readonly string[];
}

/** A place of the config with the values that may be tried there, in turn, until one is good. */
interface Place {
  readonly path: ConfigPath;
  /** Property that says of which kind an object is, when the kind is what changes. */
  readonly kind?: string;
  readonly values: readonly unknown[];
}

/**
 * Changes of one value each: every scalar to another, every choice to each of the others, each optional value given and taken
 * away, each list with another first item, longer and shorter, each map with one entry more, each object to its other kinds. Entries that a person named are not
 * removed: that asks for a deletion.
 * @param config a resolved config, defaults included
 * @param within areas whose values change. @default all of them
 */
export function changesOf(
  config: Readonly<Record<string, unknown>>,
  within: readonly AreaName[] = Object.keys(areas) as AreaName[],
): ConfigChanges {
  const changes: ConfigChange[] = [];
  const unchangeable: string[] = [];
  const read = readAreas(config);
  for (const area of within) {
    const before = JSON.stringify(read[area]);
    for (const { path, kind, values } of placesIn(shapeOfArea(area), config[area], [area], config[area])) {
      const found = values.findIndex((value) => isGood(read, config, path, value, before));
      if (found < 0) unchangeable.push(path.join("."));
      else
        changes.push({
          path,
          key: keyOf([...path, ...(kind === undefined ? [] : [kind])], config),
          entry: entryOf(path, values[found], config),
          to: values[found],
        });
    }
  }
  const changed = new Set(changes.map(({ path }) => path.join(".")));
  return { changes, unchangeable: [...new Set(unchangeable)].filter((path) => !changed.has(path)) };
}

/** The config with changes made. */
export function withChanges(config: Readonly<Record<string, unknown>>, changes: readonly ConfigChange[]): Record<string, unknown> {
  const changed = structuredClone(config) as Record<string, unknown>;
  for (const { path, to } of changes) setAt(changed, path, structuredClone(to));
  return changed;
}

function readAreas(config: Readonly<Record<string, unknown>>): PartialStackConfig {
  return Object.fromEntries(Object.entries(areas).map(([area, schema]) => [area, schema.parse(config[area])])) as PartialStackConfig;
}

/** Whether config takes the value; the other areas are as they were and need no second reading. @param before the area as it was read, as JSON */
function isGood(
  read: PartialStackConfig,
  config: Readonly<Record<string, unknown>>,
  path: ConfigPath,
  value: unknown,
  before: string,
): boolean {
  const area = path[0] as AreaName;
  const changed = { [area]: structuredClone(config[area]) };
  setAt(changed, path, structuredClone(value));
  const result = areas[area].safeParse(changed[area]);
  if (!result.success || JSON.stringify(result.data) === before) return false;
  return brokenTogether({ ...read, [area]: result.data }).length === 0;
}

function placesIn(declared: Shape, value: unknown, path: ConfigPath, area: unknown): Place[] {
  const shape = shapeAtPath(path, area) ?? declared;
  if (Array.isArray(value)) return [...itemPlaces(shape, value, path, area), ...listPlaces(shape, value, path)];
  if (typeof value !== "object" || value === null)
    return value === undefined ? absentPlaces(declared, path) : scalarPlaces(shape, value, path);
  const fields = value as Readonly<Record<string, unknown>>;
  if (isMap(shape)) return mapPlaces(shape, fields, path, area);
  return [...kindPlaces(declared, fields, path), ...fieldPlaces(shape, fields, path, area)];
}

function fieldPlaces(shape: Shape, fields: Readonly<Record<string, unknown>>, path: ConfigPath, area: unknown): Place[] {
  return Object.entries(shape.properties ?? {}).flatMap(([key, below]) => {
    const value = fields[key];
    const at = [...path, key];
    const removable = value !== undefined && shape.required?.includes(key) !== true && !holdsMap(below);
    return [...placesIn(below, value, at, area), ...(removable ? [{ path: at, values: [undefined] }] : [])];
  });
}

/** Each other choice of a short list is a change of its own; of a long one (regions), as of anything else, one other value will do. */
function scalarPlaces(shape: Shape, value: unknown, path: ConfigPath): Place[] {
  const choices = (choicesOf(shape) ?? (typeof value === "boolean" ? [true, false] : undefined))?.filter((choice) => choice !== value);
  if (choices === undefined)
    return [{ path, values: typeof value === "number" ? otherNumbers(shape, value) : otherTexts(shape, String(value)) }];
  if (typeof value === "number" || choices.length > 6) return choices.length === 0 ? [] : [{ path, values: choices }];
  return choices.map((choice) => ({ path, values: [choice] }));
}

function otherNumbers({ minimum, maximum, examples = [] }: Shape, value: number): unknown[] {
  const near = [value + 1, value - 1, value * 2, Math.ceil(value / 2), minimum, maximum, ...examples];
  return near.filter((other) => other !== undefined && other !== value);
}

/** The same text with one letter or digit changed, later places first, then the schema's own examples. */
function otherTexts({ examples = [] }: Shape, text: string): unknown[] {
  const places = [...text.matchAll(/[a-z0-9]/gi)].map(({ index }) => index).reverse();
  const tried = [...new Set([...places.slice(0, 4), ...places.filter((_, index) => index % Math.ceil(places.length / 8) === 0)])];
  const near = tried.flatMap((index) => {
    const old = text.charAt(index);
    const others = /\d/.test(old) ? ["1", "7", "0"] : /[a-f]/.test(old) ? ["a", "d", "x"] : ["q", "A"];
    return others.filter((other) => other !== old).map((other) => text.slice(0, index) + other + text.slice(index + 1));
  });
  return [...near, ...examples].filter((other) => other !== text);
}

/** Of the items of a list the first: the same code reads all of them. */
function itemPlaces({ items = {} }: Shape, value: readonly unknown[], path: ConfigPath, area: unknown): Place[] {
  const places = value.slice(0, 1).flatMap((item) => placesIn(items, item, [...path, 0], area));
  const scalar = typeof value[0] !== "object" && places.length > 0;
  return scalar ? [{ path: [...path, 0], values: places.flatMap(({ values }) => values) }] : places;
}

function absentPlaces(shape: Shape, path: ConfigPath): Place[] {
  const values = examplesOf(shape);
  return values.length === 0 ? [] : [{ path, values }];
}

function listPlaces({ items }: Shape, value: readonly unknown[], path: ConfigPath): Place[] {
  const more = items === undefined ? [] : examplesOf(items).map((item) => [...value, item]);
  const longer = more.length === 0 ? [] : [{ path, values: more }];
  return value.length === 0 ? longer : [...longer, { path, values: [value.slice(0, -1), value.slice(1)] }];
}

function mapPlaces(
  { additionalProperties: entry }: Shape,
  fields: Readonly<Record<string, unknown>>,
  path: ConfigPath,
  area: unknown,
): Place[] {
  if (entry === undefined || entry === false) return [];
  const values = examplesOf(entry);
  const newcomer = values.length === 0 ? [] : [{ path: [...path, "newcomer"], values }];
  return [...Object.keys(fields).flatMap((key) => placesIn(entry, fields[key], [...path, key], area)), ...newcomer];
}

/** An object of one kind made another: what the kinds share stays, what the other one needs is filled in. */
function kindPlaces(declared: Shape, fields: Readonly<Record<string, unknown>>, path: ConfigPath): Place[] {
  const kinds = (declared.oneOf ?? declared.anyOf ?? []).filter(({ properties }) => properties !== undefined);
  return kinds.flatMap((kind) => {
    const properties = Object.entries(kind.properties ?? {});
    const mark = properties.find(([key, { const: only }]) => only !== undefined && only !== fields[key])?.[0];
    const needed = exampleOf(kind);
    if (mark === undefined || typeof needed !== "object" || needed === null) return [];
    const shared = properties.flatMap(([key, { const: only }]) =>
      only === undefined && fields[key] !== undefined ? [[key, fields[key]]] : [],
    );
    return [{ path, kind: mark, values: [{ ...needed, ...Object.fromEntries(shared) }, needed] }];
  });
}

function examplesOf(shape: Shape): unknown[] {
  const options = shape.oneOf ?? shape.anyOf;
  const choices = choicesOf(shape);
  if (choices !== undefined) return choices.filter((choice) => choice !== shape.default);
  if (shape.type === "boolean") return [shape.default !== true];
  if (options !== undefined && shape.examples === undefined) return options.flatMap(examplesOf);
  const example = exampleOf(shape);
  return [...(shape.examples ?? []), ...(example === undefined ? [] : [example])].filter(
    (value) => typeof value === "object" || value !== shape.default,
  );
}

/** The least value that the shape describes, from its examples; undefined when it has none. */
function exampleOf(shape: Shape): unknown {
  if (shape.examples !== undefined) return shape.examples[0];
  if (shape.const !== undefined) return shape.const;
  if (shape.enum !== undefined) return shape.enum[0];
  if (shape.default !== undefined) return shape.default;
  const [first] = shape.oneOf ?? shape.anyOf ?? [];
  if (first !== undefined) return exampleOf(first);
  if (shape.type === "boolean") return true;
  if (shape.type === "integer" || shape.type === "number") return Math.max(1, shape.minimum ?? 1);
  if (shape.type === "array") {
    const item = shape.items === undefined ? undefined : exampleOf(shape.items);
    return item === undefined ? undefined : [item];
  }
  if (shape.type !== "object") return undefined;
  const needed = (shape.required ?? []).map((key) => [key, exampleOf(shape.properties?.[key] ?? {})] as const);
  return needed.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(needed);
}

function isMap({ properties, additionalProperties }: Shape): boolean {
  return properties === undefined && additionalProperties !== undefined && additionalProperties !== false;
}

function holdsMap(shape: Shape): boolean {
  return (
    isMap(shape) || Object.values(shape.properties ?? {}).some(holdsMap) || [...(shape.oneOf ?? []), ...(shape.anyOf ?? [])].some(holdsMap)
  );
}

function entryOf(path: ConfigPath, to: unknown, config: Readonly<Record<string, unknown>>): string {
  const named = path.findIndex((_, index) => isName(path, index, config));
  const outermost = named < 0 ? 1 : named + 1;
  const isObject = (end: number) => [valueAt(config, path.slice(0, end)), ...(end === path.length ? [to] : [])].some(isPlain);
  const innermost = path.findLastIndex((_, index) => index + 1 > outermost && isObject(index + 1)) + 1;
  return path.slice(0, Math.max(outermost, innermost)).join(".");
}

function valueAt(config: unknown, path: ConfigPath): unknown {
  return path.reduce((value, key) => (value as Readonly<Record<string | number, unknown>> | undefined)?.[key], config);
}

function isPlain(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keyOf(path: ConfigPath, config: Readonly<Record<string, unknown>>): string {
  const parts = path.map((part, index) => (typeof part === "number" ? "[]" : isName(path, index, config) ? "<name>" : part));
  return parts.join(".").replaceAll(".[]", "[]");
}

function isName(path: ConfigPath, index: number, config: Readonly<Record<string, unknown>>): boolean {
  const holder = index === 0 ? undefined : shapeAtPath(path.slice(0, index), config[String(path[0])]);
  return holder !== undefined && isMap(holder);
}
