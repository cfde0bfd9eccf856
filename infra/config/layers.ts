/** Config that several files hold together: what it comes to, and which of them a value is from. Pure. */
import type { ConfigPath, Origin, ReplacedList } from "./problem.ts";
import { isRecord } from "./yamlFile.ts";

/** Values by top-level key, as read from files or from the engine. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** The part of a config that one file holds. */
export interface Layer {
  /** Name of the file from the stack file's folder. */
  readonly file: string;
  readonly values: RawConfig;
  /** Line of a path that it holds, from 1; undefined when the file cannot tell. */
  readonly lineOf: (path: ConfigPath) => number | undefined;
}

/** All layers as one, the later over the earlier, by JSON Merge Patch (RFC 7386): maps merge, everything else replaces, null removes. */
export function mergedLayers(layers: readonly Layer[]): RawConfig {
  return layers.reduce<unknown>((under, { values }) => patched(under, values), {}) as RawConfig;
}

function patched(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result = new Map(isRecord(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, patched(result.get(key), value));
  }
  return Object.fromEntries(result);
}

/** Layers that hold something at a path, the one that counts first. What another hides that replaces all of its surroundings is left out. */
export function holdersOf(layers: readonly Layer[], path: ConfigPath): Layer[] {
  const found: Layer[] = [];
  for (const layer of layers.toReversed()) {
    const { held, hides } = lookUp(layer.values, path);
    if (held) found.push(layer);
    if (hides) break;
  }
  return found;
}

/** @returns whether there is something at the path, and whether something above it is no map and takes the place of what lies under it */
function lookUp(values: RawConfig, path: ConfigPath): { readonly held: boolean; readonly hides: boolean } {
  let value: unknown = values;
  let hides = false;
  for (const part of path) {
    hides ||= !isRecord(value);
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return { held: false, hides };
    value = (value as Readonly<Record<string | number, unknown>>)[part];
  }
  return { held: true, hides };
}

/** Where the value at a path is from, or the nearest thing above it; undefined when no file can tell. */
export function originIn(layers: readonly Layer[], path: ConfigPath): Origin | undefined {
  for (let length = path.length; length >= 1; length--) {
    const place = path.slice(0, length);
    const [layer] = holdersOf(layers, place);
    const line = layer?.lineOf(place);
    if (layer !== undefined) return line === undefined ? undefined : { file: layer.file, line, path: place };
  }
  return undefined;
}

/** The list that a path lies in or leads to, from the layer that counts, where it takes the place of another's. */
export function replacedList(layers: readonly Layer[], path: ConfigPath): ReplacedList | undefined {
  for (let length = 1; length <= path.length; length++) {
    const place = path.slice(0, length);
    const [over, under] = holdersOf(layers, place).map((layer) => ({ layer, list: valueIn(layer.values, place) }));
    if (over === undefined || under === undefined || !Array.isArray(over.list) || !Array.isArray(under.list)) continue;
    const line = under.layer.lineOf(place);
    return { path: place, list: over.list, under: under.list, origin: { file: under.layer.file, line: line ?? 1, path: place } };
  }
  return undefined;
}

/** Value at a path; undefined when there is none. */
export function valueIn(values: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, part)
        ? (value as Readonly<Record<string | number, unknown>>)[part]
        : undefined,
    values,
  );
}
