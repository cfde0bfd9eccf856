/**
 * What a bridged provider adds to what it is given. In the check: default values, each object's list of them, `tagsAll`,
 * and scalars in the type that the schema declares. In the state: every property of the schema. Pure.
 */
import { holds, type PropertyFacts, type TypeFacts } from "../facts/facts.ts";
import { containsUnknown, isObject, type Properties, unknown, type Value } from "./values.ts";

type Fields = Readonly<Record<string, PropertyFacts>>;

/** Inputs as the real check answers good ones. @param named properties that were given a generated value before */
export function filled(facts: TypeFacts, inputs: Properties, named: readonly string[]): Properties {
  // The framework's bridge lets the provider itself fill in everything but names.
  if (facts.framework) return named.length === 0 ? inputs : { ...inputs, __defaults: [...named] };
  const { tags, tagsAll } = facts.properties;
  const all = tags?.optional && tagsAll?.optional ? { tagsAll: everyTag(inputs.tags) } : {};
  return fillObject(facts.properties, { ...inputs, ...all }, named);
}

/** Without default tags of the provider, which the sandbox does not have, these are the resource's own. */
function everyTag(tags: Value | undefined): Value {
  if (containsUnknown(tags)) return unknown;
  return isObject(tags) ? tags : {};
}

function fillObject(fields: Fields, bag: Properties, named: readonly string[]): Properties {
  const defaults = defaultsOf(fields).filter(([key, facts]) => isAbsent(bag[key]) && !isRivalled(facts, bag));
  const all: Properties = {};
  for (const [key, value] of Object.entries(bag)) all[key] = fillValue(fields[key], value);
  for (const [key, , value] of defaults) all[key] = value;
  all.__defaults = [...named, ...defaults.map(([key]) => key)].sort();
  return all;
}

type Default = readonly [key: string, facts: PropertyFacts, value: string | number | true];

const defaultsByFields = new WeakMap<Fields, readonly Default[]>();

/** Defaults that the check fills in: few of many properties, and every resource of a type asks for them. */
function defaultsOf(fields: Fields): readonly Default[] {
  const known =
    defaultsByFields.get(fields) ??
    Object.entries(fields).flatMap(([key, facts]): Default[] =>
      isSomething(facts.default) && !facts.defaultLater ? [[key, facts, facts.default]] : [],
    );
  defaultsByFields.set(fields, known);
  return known;
}

function fillValue(facts: PropertyFacts | undefined, value: Value): Value {
  if (facts === undefined || value === null || value === unknown) return value;
  const { fields } = facts;
  if (fields === undefined) return converted(facts, value);
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? fillObject(fields, item, []) : item));
  if (!isObject(value)) return value;
  if (facts.shape !== "map") return fillObject(fields, value, []);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, isObject(item) ? fillObject(fields, item, []) : item]));
}

/** The SDK's types allow a number where the schema has text, and the other way round. */
function converted(facts: PropertyFacts, value: Value): Value {
  if (facts.type === "string") {
    if (facts.json) return isObject(value) ? JSON.stringify(value) : value;
    return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  }
  if (facts.type === "bool") return value === "true" ? true : value === "false" ? false : value;
  const isNumber = facts.type === "int" || facts.type === "number";
  return isNumber && typeof value === "string" && value !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
}

/** A default is left out where it would clash with what is given. */
function isRivalled({ conflictsWith = [], exactlyOneOf = [] }: PropertyFacts, bag: Properties): boolean {
  return [...conflictsWith, ...exactlyOneOf].some((name) => !isAbsent(bag[name.split(".").at(-1) ?? name]));
}

/** Defaults that mean the same as nothing are not filled in. */
function isSomething(value: PropertyFacts["default"]): value is string | number | true {
  return value !== undefined && value !== false && value !== 0 && value !== "";
}

function isAbsent(value: Value | undefined): boolean {
  return value === undefined || value === null;
}

/** State as the real provider answers it: every property is there, and those that nobody set are empty; the framework leaves them out. */
export function completed(facts: TypeFacts, id: string, properties: Properties): Properties {
  const tags = facts.properties.tagsAll === undefined ? {} : { tagsAll: everyTag(properties.tags) };
  const all = { ...tags, ...properties, id };
  return facts.framework ? all : withoutUseless(facts, completeObject(facts.properties, all));
}

/** AWS does not report what has no use for an object of its kind, whatever was asked for. */
function withoutUseless(facts: TypeFacts, properties: Properties): Properties {
  const useless = Object.entries(facts.properties).filter(([, { countsIf }]) => countsIf !== undefined && !holds(countsIf, properties));
  return { ...properties, ...Object.fromEntries(useless.map(([key]) => [key, null])) };
}

function completeObject(fields: Fields, bag: Properties): Properties {
  const complete: Properties = {};
  for (const [key, facts] of Object.entries(fields)) complete[key] = completeValue(facts, bag[key]);
  return { ...bag, ...complete };
}

function completeValue(facts: PropertyFacts, value: Value | undefined): Value {
  const { fields } = facts;
  if (value === undefined || value === null) return emptyOf(facts);
  if (fields === undefined || facts.shape === "map") return value;
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? completeObject(fields, item) : item));
  return isObject(value) ? completeObject(fields, value) : value;
}

function emptyOf(facts: PropertyFacts): Value {
  if (facts.writeOnly || facts.secret) return null;
  if (facts.fields !== undefined) return facts.shape === "list" ? [] : null;
  if (!facts.computed) return null;
  if (facts.type === "list" || facts.type === "set") return [];
  if (facts.type === "map") return {};
  if (facts.type === "bool") return false;
  if (facts.type === "int" || facts.type === "number") return 0;
  return facts.type === "string" ? "" : null;
}
