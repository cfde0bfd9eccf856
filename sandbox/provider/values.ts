/**
 * Property values as they travel between the engine and a provider: plain JSON with two kinds of marks, secrets and
 * unknowns. The signatures are the engine's own (pulumi/sdk, `resource/properties.go`).
 */

export type Value = null | boolean | number | string | Value[] | Properties;
/** A bag of named values. */
export interface Properties {
  [key: string]: Value;
}

/** Where a value sits inside a property bag, for example `["actions", 0, "type"]`. */
export type Path = readonly (string | number)[];

/** What the engine sends for a value that is not known before the update. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** An object, neither a list nor null. */
export function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A file or a folder of files, as the engine sends them. */
export function isArchive(value: Properties): boolean {
  return value[signatureKey] === assetSignature || value[signatureKey] === archiveSignature;
}

/** A value with the mark of a secret, as the engine sends it. */
export function isSecret(value: Value): boolean {
  return isObject(value) && value[signatureKey] === secretSignature;
}

/** Whether the value or anything below it is not known yet. */
export function containsUnknown(value: Value | undefined): boolean {
  if (value === unknown) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isObject(value) && Object.values(value).some(containsUnknown);
}

/** `a.b[0]["x.y"]`, the way the engine prints a property path. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** A bag without its secret marks, and where they were. */
interface Revealed {
  readonly plain: Properties;
  readonly secrets: readonly Path[];
}

/** Takes the secret marks off, remembering the path of each. */
export function reveal(bag: Properties): Revealed {
  const secrets: Path[] = [];
  const at: (string | number)[] = [];
  const below = (part: string | number, value: Value): Value => {
    if (typeof value !== "object" || value === null) return value;
    at.push(part);
    const plain = visit(value);
    at.pop();
    return plain;
  };
  const visit = (value: Value): Value => {
    if (Array.isArray(value)) return value.map((item, index) => below(index, item));
    if (!isObject(value)) return value;
    if (isSecret(value)) {
      secrets.push([...at]);
      return visit(value.value ?? null);
    }
    if (value[signatureKey] === outputSignature) {
      if (value.secret === true) secrets.push([...at]);
      return "value" in value ? visit(value.value ?? null) : unknown;
    }
    const plain: Properties = {};
    for (const [key, item] of Object.entries(value)) plain[key] = below(key, item);
    return plain;
  };
  return { plain: visit(bag) as Properties, secrets };
}

/** Puts secret marks on the values at `secrets`; a path that no longer exists is passed over. */
export function conceal(bag: Properties, secrets: readonly Path[]): Properties {
  if (secrets.length === 0) return bag;
  const marked = new Set(secrets.map((path) => JSON.stringify(path)));
  const visit = (value: Value, path: Path): Value => {
    if (marked.has(JSON.stringify(path))) return { [signatureKey]: secretSignature, value };
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, [...path, key])]));
  };
  return visit(bag, []) as Properties;
}

/** A copy whose values at `paths` are replaced by what `replace` gives. */
export function mapPaths(bag: Properties, paths: readonly Path[], replace: (value: Value) => Value): Properties {
  const copy = structuredClone(bag);
  for (const path of paths) {
    const last = path.at(-1);
    const holder = valueAt(copy, path.slice(0, -1));
    if (Array.isArray(holder) && typeof last === "number" && last < holder.length) holder[last] = replace(holder[last] ?? null);
    else if (isObject(holder) && typeof last === "string" && last in holder) holder[last] = replace(holder[last] ?? null);
  }
  return copy;
}

/** Equal, with objects compared without regard to key order. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => equal(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
}

/** The value at a path; undefined where there is none. */
export function valueAt(bag: Value | undefined, path: Path): Value | undefined {
  return path.reduce<Value | undefined>(
    (holder, part) => (Array.isArray(holder) ? holder[part as number] : isObject(holder) ? holder[part] : undefined),
    bag,
  );
}

/** Elements of a list; none where it is no list. */
export function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : [];
}

/** Objects of a list; none where it is no list. */
export function objectsIn(value: Value | undefined): Properties[] {
  return listOf(value).filter(isObject);
}
