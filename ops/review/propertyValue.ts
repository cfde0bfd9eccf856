/** Property values of the digest: paths, comparison by meaning, short words for them. */

/** A value as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A bag of named values. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Where a value sits, for example `["actions", 0, "type"]`. */
export type ValuePath = readonly (string | number)[];

/** What the engine prints for a value that is known only after the update. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What the engine prints for a secret. */
export const secretValue = "[secret]";

/** An object, neither a list nor null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The bag that a string holds when it is a JSON object or list, such as an IAM policy. */
export function jsonIn(value: Json | undefined): JsonObject | readonly Json[] | undefined {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    const parsed = JSON.parse(value) as Json;
    return isJsonObject(parsed) || isList(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The same value, whatever the order of keys. Strings of JSON are compared by what they hold. */
export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  const [inA, inB] = [jsonIn(a), jsonIn(b)];
  if (inA !== undefined && inB !== undefined) return sameValue(inA, inB);
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameValue(a[key], b[key]));
}

/** The same items in another order, at any depth: what sets look like when a service hands them back. */
export function sameItems(a: Json | undefined, b: Json | undefined): boolean {
  return canonicalText(a) === canonicalText(b);
}

/** A text that is equal for values that differ in the order of keys and items alone. */
export function canonicalText(value: Json | undefined): string {
  if (value === undefined) return "absent";
  const held = jsonIn(value);
  if (held !== undefined) return canonicalText(held);
  if (isList(value)) return `[${value.map(canonicalText).sort().join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalText(value[key])}`).join(",")}}`;
}

/** Without the marks that the provider bridge leaves in inputs. */
export function withoutMarks(value: Json): Json {
  if (isList(value)) return value.map(withoutMarks);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "__defaults")
      .map(([key, inner]) => [key, withoutMarks(inner)]),
  );
}

/** `a.b[0]["x.y"]`, the way the engine prints a path. */
export function pathText(path: ValuePath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** The parts of a path that the engine printed. */
export function pathParts(text: string): ValuePath {
  const parts: (string | number)[] = [];
  for (const [, index, quoted, name] of text.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g)) {
    if (index !== undefined) parts.push(Number(index));
    else if (quoted !== undefined) parts.push(String(JSON.parse(quoted)));
    else if (name !== undefined) parts.push(name);
  }
  return parts;
}

/** Properties by which the items of a list are told apart, the first that all of them have. */
const identities = ["name", "ref", "ruleName", "sid", "Sid", "id", "key"];

/** Names of a list's items, in its order; undefined where they have none of their own. */
export function namesIn(list: readonly Json[]): readonly string[] | undefined {
  return identities
    .map((key) => list.flatMap((item) => (isJsonObject(item) && typeof item[key] === "string" ? [item[key]] : [])))
    .find((names) => names.length === list.length && new Set(names).size === names.length && !names.includes(unknownValue));
}

/** What is at a path, or undefined. What has a name in a list is found by it. */
export function valueAt(value: Json | undefined, path: ValuePath): Json | undefined {
  return path.reduce<Json | undefined>((at, part) => {
    if (typeof part === "number") return isList(at) ? at[part] : undefined;
    if (isList(at)) return at[namesIn(at)?.indexOf(part) ?? -1];
    return isJsonObject(at) && Object.hasOwn(at, part) ? at[part] : undefined;
  }, value);
}

/** A value in few characters; a cut one says how long it was. */
export function shortText(value: Json | undefined, most = 160): string {
  if (value === undefined) return "absent";
  if (value === unknownValue) return "known after the update";
  const text = (typeof value === "string" ? value : JSON.stringify(value)).replaceAll(unknownValue, "known after the update");
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters)`;
}
