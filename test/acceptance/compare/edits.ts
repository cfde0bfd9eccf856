/** Single edits of a property bag, and a walk over the properties that a bag may have. */
import type { PropertyFacts } from "../../../sandbox/facts/facts.ts";
import { isObject, type Path, type Properties, type Value } from "../../../sandbox/provider/values.ts";

/** Inputs that differ from good ones in one place. */
export interface Edit {
  /** What was done to the property, for people. */
  readonly what: string;
  readonly path: Path;
  readonly inputs: Properties;
}

/** One property that a bag has or may have. */
export interface Site {
  readonly path: Path;
  readonly facts: PropertyFacts;
  /** Undefined when it is not given. */
  readonly value: Value | undefined;
}

type Fields = Readonly<Record<string, PropertyFacts>>;

/** A copy with one value changed, or taken out when it is undefined. */
export function withValue(bag: Properties, path: Path, value: Value | undefined): Properties {
  const copy = structuredClone(bag);
  const last = path.at(-1);
  const holder = valueAt(copy, path.slice(0, -1));
  if (Array.isArray(holder)) {
    if (value === undefined) holder.splice(Number(last), 1);
    else holder[Number(last)] = value;
  } else if (isObject(holder) && last !== undefined) {
    if (value === undefined) delete holder[last];
    else holder[last] = value;
  }
  return copy;
}

/** The value at a path of a bag. */
export function valueAt(bag: Properties, path: Path): Value | undefined {
  return path.reduce<Value | undefined>((value, part) => {
    if (Array.isArray(value)) return value[Number(part)];
    return isObject(value) ? value[part] : undefined;
  }, bag);
}

/** Every property of the schema, in the bag itself and in each object that is given below it. */
export function sitesOf(fields: Fields, bag: Properties, at: Path = []): Site[] {
  return Object.entries(fields).flatMap(([key, facts]) => {
    const value = bag[key];
    const path = [...at, key];
    return [{ path, facts, value }, ...(facts.fields === undefined || value === undefined ? [] : below(facts, facts.fields, value, path))];
  });
}

function below(facts: PropertyFacts, fields: Fields, value: Value, path: Path): Site[] {
  return objectsIn(facts, value, path).flatMap(([place, object]) => sitesOf(fields, object, place));
}

function objectsIn(facts: PropertyFacts, value: Value, path: Path): (readonly [Path, Properties])[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => (isObject(item) ? [[[...path, index], item] as const] : []));
  if (!isObject(value)) return [];
  return facts.shape === "map"
    ? Object.entries(value).flatMap(([key, item]) => (isObject(item) ? [[[...path, key], item] as const] : []))
    : [[path, value]];
}

/** Places of the objects that are given, the bag itself first. */
export function objectPaths(fields: Fields, bag: Properties, at: Path = []): Path[] {
  return [
    at,
    ...Object.entries(fields).flatMap(([key, facts]) => {
      const { fields: inner } = facts;
      const value = bag[key];
      if (inner === undefined || value === undefined) return [];
      return objectsIn(facts, value, [...at, key]).flatMap(([place, object]) => objectPaths(inner, object, place));
    }),
  ];
}

/** Whether a program may give the property. */
export function isInput(facts: PropertyFacts): boolean {
  return facts.required === true || facts.optional === true;
}

/** Some value of the property's type, not necessarily one that the provider takes. */
export function anyValue(facts: PropertyFacts): Value {
  if (facts.fields !== undefined) {
    const object = anyObject(facts.fields);
    if (facts.shape === "map") return { a: object };
    return facts.shape === "object" || facts.type === "block-single" || facts.type === "object" ? object : [object];
  }
  switch (facts.type) {
    case "bool":
      return true;
    case "int":
    case "number":
      return facts.enum?.[0] ?? facts.range?.[0] ?? 1;
    case "list":
    case "set":
      return [facts.elemEnum?.[0] ?? facts.enum?.[0] ?? (facts.elem === "int" || facts.elem === "number" ? 1 : "a")];
    case "map":
      return { a: "b" };
    default:
      return facts.enum?.[0] ?? "a";
  }
}

/** What is required; if nothing is, something that is not: nobody writes an empty block. */
function anyObject(fields: Fields): Properties {
  const inputs = Object.entries(fields).filter(([, field]) => isInput(field));
  const required = inputs.filter(([, field]) => field.required);
  const telling = inputs.filter(([, field]) => field.type === "bool" || field.enum !== undefined);
  const chosen = required.length > 0 ? required : [...telling, ...inputs].slice(0, 1);
  return Object.fromEntries(chosen.map(([key, field]) => [key, field.enum?.at(-1) ?? anyValue(field)]));
}
