/** What an update would change, and whether the change replaces the resource: pure, from schema facts. */
import { holds, type PropertyFacts, type TypeFacts } from "../facts/facts.ts";
import { containsUnknown, equal, formatPath, isObject, type Path, type Properties, unknown, type Value } from "../provider/values.ts";

/** One changed property path. */
export interface Change {
  readonly path: Path;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

type Fields = Readonly<Record<string, PropertyFacts>>;

interface Sides {
  /** State: what the provider last knew of the live object. */
  readonly state: Value | undefined;
  /** Inputs of the last update, to tell a removed input from one that was never set. */
  readonly before: Value | undefined;
  /** Inputs wanted now. */
  readonly after: Value | undefined;
}

/** Changes from state to the wanted inputs, as the provider plans them. */
export function differences(facts: TypeFacts, state: Properties, before: Properties, after: Properties): Change[] {
  const fields = facts.open ? { ...whatever(before), ...whatever(after), ...facts.properties } : facts.properties;
  const found = fieldChanges(fields, { state, before, after }, [], false);
  const changes = found.length === 0 ? found : [...found, ...namedBeside(fields, state, after, [])];
  return facts.noUpdate ? changes.map((change) => ({ ...change, replaces: true })) : changes;
}

/** Facts of the properties that an object happens to have: anything is a value of its own, and is updated. */
function whatever(properties: Properties): Fields {
  return Object.fromEntries(Object.keys(properties).map((key) => [key, { type: "any", optional: true, zeroCounts: true }]));
}

/** What the provider names only because something else has changed: empty properties of single blocks. */
function namedBeside(fields: Fields, state: Properties, after: Properties, at: Path): Change[] {
  return Object.entries(fields).flatMap(([key, facts]): Change[] => {
    const [old, wanted] = [state[key] ?? undefined, after[key] ?? undefined];
    if (facts.readEmpty && old === undefined && wanted === undefined) return [{ path: [...at, key], kind: "delete", replaces: false }];
    if (facts.fields === undefined || !isObject(old) || !isObject(wanted)) return [];
    return namedBeside(facts.fields, old, wanted, [...at, key]);
  });
}

function fieldChanges(fields: Fields, sides: Sides, at: Path, replaced: boolean): Change[] {
  const state = isObject(sides.state) ? sides.state : {};
  const before = isObject(sides.before) ? sides.before : {};
  const after = isObject(sides.after) ? sides.after : {};
  const keys = new Set([...Object.keys(after), ...Object.keys(before), ...(at.length > 0 ? Object.keys(state) : [])]);
  keys.delete("__defaults");
  return [...keys].flatMap((key) => {
    const facts = fields[key];
    const holder = { ...state, ...after };
    if (facts === undefined || facts.writeOnly || !counts(facts, holder)) return [];
    const replaces = replaced || (facts.replacesIf !== undefined && holds(facts.replacesIf, holder));
    return propertyChanges(facts, { state: state[key], before: before[key], after: after[key] }, [...at, key], replaces);
  });
}

function propertyChanges(facts: PropertyFacts, sides: Sides, path: Path, replaced: boolean): Change[] {
  const replaces = replaced || facts.replaces === true;
  const { state, before, after } = sides;
  const asWhole = replaces || facts.replacesAsWhole === true;
  if (after === undefined || after === null) return removed(facts, state, before, path, asWhole);
  if (after === unknown) return [{ path, kind: "update", replaces }];
  if (state === undefined || state === null) {
    if (isEmpty(facts, after)) return [];
    if (facts.fields !== undefined && facts.shape !== "map") return added(facts.fields, after, path, asWhole);
    return [{ path, kind: "add", replaces }];
  }
  if (facts.type === "archive") return pick(state, "hash") === pick(after, "hash") ? [] : [{ path, kind: "update", replaces }];
  if (facts.fields !== undefined) return blockChanges(facts, facts.fields, sides, path, replaces);
  if (isObject(after) && isObject(state)) return mapChanges(state, after, path, replaces);
  if (Array.isArray(after) && Array.isArray(state)) {
    const pairs = facts.type === "set" ? pairUp(state, after) : state.map((item, index) => [item, after[index], index] as const);
    const grown =
      facts.type === "set" ? [] : after.slice(state.length).map((item, index) => [undefined, item, state.length + index] as const);
    return [...pairs, ...grown].flatMap(([old, item, index]) => leafChange(old, item, [...path, index], replaces));
  }
  return leafChange(state, after, path, replaces);
}

function removed(facts: PropertyFacts, state: Value | undefined, before: Value | undefined, path: Path, replaces: boolean): Change[] {
  if (facts.computed || (!facts.optional && !facts.required)) return [];
  if (state === undefined || state === null || isEmpty(facts, state)) return [];
  if (facts.default !== undefined && sameScalar(state, facts.default)) return [];
  if (facts.default === undefined && before === undefined && path.length === 1) return [];
  if (facts.type === "map" && isObject(state)) return mapChanges(state, {}, path, replaces);
  return [{ path, kind: facts.default === undefined ? "delete" : "update", replaces }];
}

function blockChanges(facts: PropertyFacts, fields: Fields, sides: Sides, path: Path, replaces: boolean): Change[] {
  const { state, before, after } = sides;
  if (facts.shape === "map" && isObject(after)) {
    const keys = new Set([...Object.keys(after), ...(isObject(state) ? Object.keys(state) : [])]);
    return [...keys].flatMap((key) =>
      objectChanges(fields, pick(state, key), pick(before, key), pick(after, key), [...path, key], replaces),
    );
  }
  if (!Array.isArray(after)) return objectChanges(fields, state, before, after, path, replaces);
  const old = Array.isArray(state) ? state : [];
  const oldInputs = Array.isArray(before) ? before : [];
  const ordered = facts.type !== "block-set" && facts.type !== "set";
  const pairs = ordered ? inOrder(old, after) : pairUp(old, after, fields);
  return pairs.flatMap(([item, wanted, index]) =>
    objectChanges(fields, item, ordered ? oldInputs[index] : undefined, wanted, [...path, index], replaces),
  );
}

function objectChanges(
  fields: Fields,
  state: Value | undefined,
  before: Value | undefined,
  after: Value | undefined,
  path: Path,
  replaces: boolean,
): Change[] {
  if (after === unknown) return [{ path, kind: "update", replaces }];
  if (state === undefined || state === null) return added(fields, after, path, replaces);
  if (after === undefined || after === null) return [{ path, kind: "delete", replaces: replaces || anyReplaces(fields, state) }];
  return fieldChanges(fields, { state, before, after }, path, replaces);
}

/** A new block, or a list of them; the provider may have to know what it computes before it can say that nothing is replaced. */
function added(fields: Fields, after: Value | undefined, path: Path, replaces: boolean): Change[] {
  const blocks = (Array.isArray(after) ? after : [after]).filter((block) => saysSomething(fields, block));
  const computed = Object.values(fields).some((facts) => facts.replaces && facts.computed);
  if (blocks.length === 0) return [];
  return [{ path, kind: "add", replaces: replaces || computed || blocks.some((block) => anyReplaces(fields, block)) }];
}

/** Whether the provider looks at the property at all, given its neighbours: an HTTP listener has no use for a TLS header. */
function counts({ countsIf }: PropertyFacts, holder: Properties): boolean {
  return countsIf === undefined || holds(countsIf, holder);
}

/** Whether an object has anything that counts; an empty one does, as far as there is one. */
function saysSomething(fields: Fields, object: Value | undefined): boolean {
  if (!isObject(object)) return object !== undefined && object !== null;
  const given = Object.keys(object).filter((key) => object[key] !== null && key !== "__defaults");
  return given.length === 0 || given.some((key) => fields[key] !== undefined && counts(fields[key], object));
}

function anyReplaces(fields: Fields, value: Value | undefined): boolean {
  return isObject(value) && Object.keys(value).some((key) => fields[key]?.replaces === true);
}

function mapChanges(state: Properties, after: Properties, path: Path, replaces: boolean): Change[] {
  const keys = new Set([...Object.keys(state), ...Object.keys(after)]);
  return [...keys].flatMap((key) => leafChange(state[key], after[key], [...path, key], replaces));
}

function leafChange(state: Value | undefined, after: Value | undefined, path: Path, replaces: boolean): Change[] {
  if (after === undefined || after === null) return state === undefined || state === null ? [] : [{ path, kind: "delete", replaces }];
  if (state === undefined || state === null) return [{ path, kind: "add", replaces }];
  return sameScalar(state, after) && !containsUnknown(after) ? [] : [{ path, kind: "update", replaces }];
}

type Pair = readonly [state: Value | undefined, after: Value | undefined, index: number];

function inOrder(state: readonly Value[], after: readonly Value[]): Pair[] {
  return Array.from({ length: Math.max(state.length, after.length) }, (_, index) => [state[index], after[index], index] as const);
}

/** Pairs the elements of two sets: equal ones first, the rest by how many properties they share. */
function pairUp(state: readonly Value[], wanted: readonly Value[], fields?: Fields): Pair[] {
  const after = wanted.filter((item, index) => wanted.findIndex((other) => equal(item, other)) === index); // a set has each once
  const left = state.map((item, index) => ({ item, index }));
  const pairs: Pair[] = [];
  const unmatched: { item: Value; index: number }[] = [];
  for (const [index, item] of after.entries()) {
    const twin = left.findIndex((candidate) =>
      fields === undefined
        ? sameScalar(candidate.item, item)
        : objectChanges(fields, candidate.item, undefined, item, [index], false).length === 0,
    );
    if (twin >= 0) left.splice(twin, 1);
    else unmatched.push({ item, index });
  }
  for (const { item, index } of unmatched) {
    const best = left
      .map((candidate, place) => ({ place, shared: sharedProperties(candidate.item, item) }))
      .sort((a, b) => b.shared - a.shared)[0];
    const [old] = best === undefined ? [] : left.splice(best.place, 1);
    pairs.push([old?.item, item, index]);
  }
  return [...pairs, ...left.map(({ item, index }) => [item, undefined, index] as const)];
}

function sharedProperties(a: Value, b: Value): number {
  if (!isObject(a) || !isObject(b)) return 0;
  return Object.keys(b).filter((key) => equal(a[key], b[key])).length;
}

/** What the provider does not tell from a property that is not set. */
function isEmpty(facts: PropertyFacts, value: Value): boolean {
  if (facts.zeroCounts === true) return false;
  if (value === "" || value === false || value === 0) return facts.default === undefined || sameScalar(value, facts.default);
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && facts.type === "map" && Object.keys(value).length === 0;
}

/** Equal as the provider compares: `30` and `"30"`, and JSON documents by content. */
function sameScalar(a: Value | undefined, b: Value | undefined): boolean {
  if (equal(a, b)) return true;
  if (typeof a === "object" || typeof b === "object" || a === undefined || b === undefined) return false;
  if (String(a) === String(b)) return true;
  if (typeof a !== "string" || typeof b !== "string" || !/^\s*[[{]/.test(a)) return false;
  try {
    return equal(canonical(JSON.parse(a) as Value), canonical(JSON.parse(b) as Value));
  } catch {
    return false;
  }
}

/** IAM reads `"x"` and `["x"]` as the same, and lists of strings as sets. */
function canonical(value: Value): Value {
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    if (items.length === 1 && typeof items[0] === "string") return items[0];
    return items.every((item) => typeof item === "string") ? items.sort() : items;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, canonical(item)]));
}

function pick(value: Value | undefined, key: string): Value | undefined {
  return isObject(value) ? value[key] : undefined;
}

/** Text of a change's path in the engine's form. */
export function pathOf(change: Change): string {
  return formatPath(change.path);
}
