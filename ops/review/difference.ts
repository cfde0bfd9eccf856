/** What differs between two sides of a resource, property by property, and what only looks as if it did. */
import type { Step } from "./digest.ts";
import {
  isJsonObject,
  isList,
  type Json,
  type JsonObject,
  jsonIn,
  pathParts,
  pathText,
  sameItems,
  sameValue,
  secretValue,
  unknownValue,
  type ValuePath,
  valueAt,
} from "./propertyValue.ts";

/** One property that differs. */
export interface Difference {
  /** As the engine prints it; inside of JSON texts it goes on. */
  readonly path: string;
  /** Absent before. */
  readonly before: Json | undefined;
  /** Absent after. */
  readonly after: Json | undefined;
  /** It forces a replacement. */
  readonly replaces: boolean;
  /** `order`: only the order of items or keys. `secret`: a secret differs. `unknown`: what it becomes is known after the update. */
  readonly note?: "order" | "secret" | "unknown";
}

/**
 * Differences of the inputs, and those that only the engine saw: secrets, and what the provider compared with its outputs.
 * @param outputs before, for properties that nobody set
 */
export function differencesBetween(step: Step | undefined, before: JsonObject, after: JsonObject, outputs: JsonObject): Difference[] {
  const seen = Object.entries(step?.detailedDiff ?? {}).map(([path, { kind }]) => ({ path, replaces: /replace/i.test(kind) }));
  const reasons = step?.replaceReasons ?? [];
  const replaces = (path: string) =>
    seen.some((one) => one.replaces && covers(one.path, path)) || reasons.some((reason) => covers(reason, path));
  const own = leaves(before, after, []).map(({ path, ...sides }) => finished(pathText(path), sides.before, sides.after, replaces));
  const reported = seen.length > 0 ? seen.map(({ path }) => path) : own.length > 0 ? [] : [...(step?.diffReasons ?? [])];
  const others = reported
    .filter((path) => !own.some((one) => covers(one.path, path)))
    .map((path) => {
      const parts = pathParts(path);
      return finished(path, valueAt(before, parts) ?? valueAt(outputs, parts), valueAt(after, parts), replaces);
    });
  const all = [...own, ...others];
  // The provider's own sum of all tags says nothing that the tags do not say.
  return all.filter(({ path }) => !/^tagsAll\b/.test(path) || !all.some((other) => /^tags\b/.test(other.path)));
}

function finished(path: string, before: Json | undefined, after: Json | undefined, replaces: (path: string) => boolean): Difference {
  const note =
    before === secretValue || after === secretValue
      ? "secret"
      : after === unknownValue
        ? "unknown"
        : before !== undefined && after !== undefined && sameItems(before, after)
          ? "order"
          : undefined;
  return { path, before, after, replaces: replaces(path), ...(note === undefined ? {} : { note }) };
}

/** One is the other, or lies below it. */
function covers(one: string, other: string): boolean {
  const below = (long: string, short: string) => long === short || (long.startsWith(short) && /^[.[]/.test(long.slice(short.length)));
  return below(one, other) || below(other, one);
}

interface Leaf {
  readonly path: ValuePath;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

function leaves(before: Json | undefined, after: Json | undefined, path: ValuePath): Leaf[] {
  if (sameValue(before, after)) return [];
  const [left, right] = [jsonIn(before) ?? before, jsonIn(after) ?? after];
  if (isList(left) && isList(right)) {
    if (sameItems(left, right)) return [{ path, before: left, after: right }];
    if (left.every(isWord) && right.every(isWord)) return [{ path, before: left, after: right }];
    return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => index).flatMap((index) =>
      leaves(left[index], right[index], [...path, index]),
    );
  }
  if (isJsonObject(left) && isJsonObject(right))
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) => leaves(left[key], right[key], [...path, key]));
  return [{ path, before, after }];
}

function isWord(value: Json): boolean {
  return typeof value !== "object" || value === null;
}
