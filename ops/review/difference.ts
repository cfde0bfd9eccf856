/** What differs between two sides of a resource, property by property, and what only looks as if it did. */
import type { Step } from "./digest.ts";
import { isSet, meaningText } from "./order.ts";
import {
  isJsonObject,
  isList,
  type Json,
  type JsonObject,
  jsonIn,
  namesIn,
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
  /** As the engine prints it; inside of JSON texts it goes on, and what has a name in a list stands by it: `rules.bots.action`. */
  readonly path: string;
  /** Absent before. */
  readonly before: Json | undefined;
  /** Absent after. */
  readonly after: Json | undefined;
  /** It forces a replacement. */
  readonly replaces: boolean;
  /**
   * `order`: only the order of keys, or of items of a set. `sequence`: only the order of items, where it decides. `secret`: a secret
   * differs. `unknown`: what it becomes is known after the update.
   */
  readonly note?: "order" | "sequence" | "secret" | "unknown";
}

/**
 * Differences of the inputs, and those that only the engine saw: secrets, and what the provider compared with its outputs.
 * @param outputs before, for properties that nobody set
 */
export function differencesBetween(
  type: string,
  step: Step | undefined,
  before: JsonObject,
  after: JsonObject,
  outputs: JsonObject,
): Difference[] {
  const named = (path: string) => namedPath(path, after, before);
  const seen = Object.entries(step?.detailedDiff ?? {}).map(([path, { kind }]) => ({ path: named(path), replaces: /replace/i.test(kind) }));
  const reasons = (step?.replaceReasons ?? []).map(named);
  const replaces = (path: string) =>
    seen.some((one) => one.replaces && covers(one.path, path)) || reasons.some((reason) => covers(reason, path));
  const own = leaves(type, before, after, []).map((leaf) => finished(type, leaf, replaces));
  const reported = seen.length > 0 ? seen.map(({ path }) => path) : own.length > 0 ? [] : (step?.diffReasons ?? []).map(named);
  const others = reported
    .filter((path) => !own.some((one) => covers(one.path, path)))
    .map((text) => {
      const path = pathParts(text);
      return finished(type, { path, before: valueAt(before, path) ?? valueAt(outputs, path), after: valueAt(after, path) }, replaces);
    })
    .filter((one) => !onlyMoved(one, own));
  const all = [...own, ...others];
  // The provider's own sum of all tags says nothing that the tags do not say.
  return all.filter(({ path }) => !/^tagsAll\b/.test(path) || !all.some((other) => /^tags\b/.test(other.path)));
}

/** The engine compares lists by place: what stands at another place because something beside it came or went is no difference. */
function onlyMoved({ path, before, after, note }: Difference, own: readonly Difference[]): boolean {
  const list = pathText(pathParts(path).slice(0, 1));
  return note === undefined && before !== undefined && sameValue(before, after) && own.some((one) => covers(one.path, list));
}

/** The engine's path, with the name of what stands in a list where it has one. */
function namedPath(text: string, ...sides: readonly JsonObject[]): string {
  let values: readonly (Json | undefined)[] = sides;
  const path = pathParts(text).map((part) => {
    const names = values.map((value) => (isList(value) && typeof part === "number" ? namesIn(value)?.[part] : undefined));
    const named = names.find((name) => name !== undefined) ?? part;
    values = values.map((value) => valueAt(value, [named]));
    return named;
  });
  return pathText(path);
}

function finished(type: string, { path, before, after }: Leaf, replaces: (path: string) => boolean): Difference {
  const text = pathText(path);
  const note =
    before === secretValue || after === secretValue
      ? "secret"
      : after === unknownValue
        ? "unknown"
        : before === undefined || after === undefined || !sameItems(before, after)
          ? undefined
          : meaningText(before, type, path) === meaningText(after, type, path)
            ? "order"
            : "sequence";
  return { path: text, before, after, replaces: replaces(text), ...(note === undefined ? {} : { note }) };
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

function leaves(type: string, before: Json | undefined, after: Json | undefined, path: ValuePath): Leaf[] {
  if (sameValue(before, after)) return [];
  const [left, right] = [jsonIn(before) ?? before, jsonIn(after) ?? after];
  if (isList(left) && isList(right)) return itemLeaves(type, left, right, path);
  if (isJsonObject(left) && isJsonObject(right))
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
      leaves(type, left[key], right[key], [...path, key]),
    );
  return [{ path, before, after }];
}

function itemLeaves(type: string, left: readonly Json[], right: readonly Json[], path: ValuePath): Leaf[] {
  const same = sameItems(left, right);
  if (same && isSet(type, path)) return [{ path, before: left, after: right }];
  const [was, is] = [namesIn(left), namesIn(right)];
  if (was !== undefined && is !== undefined && was.length + is.length > 0) {
    const both = (names: readonly string[], others: readonly string[]) => names.filter((name) => others.includes(name));
    const [from, to] = [both(was, is), both(is, was)];
    const moved = !isSet(type, path) && from.join("\n") !== to.join("\n");
    return [
      ...(moved ? [{ path, before: from, after: to }] : []),
      ...[...new Set([...was, ...is])].flatMap((name) => leaves(type, left[was.indexOf(name)], right[is.indexOf(name)], [...path, name])),
    ];
  }
  if (same || (left.every(isWord) && right.every(isWord))) return [{ path, before: left, after: right }];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => index).flatMap((index) =>
    leaves(type, left[index], right[index], [...path, index]),
  );
}

function isWord(value: Json): boolean {
  return typeof value !== "object" || value === null;
}
