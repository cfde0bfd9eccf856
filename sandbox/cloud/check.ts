/** Refuses the inputs that the real provider refuses, from schema facts alone: pure, before anything is created. */
import type { PropertyFacts, TypeFacts } from "../facts/facts.ts";
import { containsUnknown, formatPath, isObject, type Path, type Properties, unknown, type Value } from "../provider/values.ts";
import { refusalOf } from "./validator.ts";

/** One refused property. */
export interface CheckFailure {
  /** Path of the property, empty when the resource as a whole is meant. */
  readonly property: string;
  /** What is wrong, what was given, what is allowed. */
  readonly reason: string;
}

type Fields = Readonly<Record<string, PropertyFacts>>;

/** Everything wrong with the inputs of a resource of the given type. */
export function checkInputs(facts: TypeFacts, inputs: Properties): CheckFailure[] {
  return [...checkFields(facts.properties, inputs, []), ...checkTogether(facts.properties, inputs, [])];
}

function isInput(facts: PropertyFacts): boolean {
  return facts.required === true || facts.optional === true;
}

function isSet(value: Value | undefined): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

function checkFields(fields: Fields, bag: Properties, at: Path): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const [key, value] of Object.entries(bag)) {
    if (key === "__defaults") continue;
    const facts = fields[key];
    const path = [...at, key];
    if (facts === undefined || !isInput(facts)) {
      failures.push(failure(path, `an unexpected argument ${JSON.stringify(key)} was provided`));
    } else if (value !== null) failures.push(...checkValue(facts, value, path));
  }
  for (const [key, facts] of Object.entries(fields)) {
    if (facts.required === true && (bag[key] === undefined || bag[key] === null)) {
      failures.push(
        failure([...at, key], `Missing required argument. The argument ${JSON.stringify(key)} is required, but no definition was found`),
      );
    }
  }
  return failures;
}

function checkValue(facts: PropertyFacts, value: Value, path: Path): CheckFailure[] {
  if (value === unknown) return [];
  if (facts.fields !== undefined) return checkBlock(facts, facts.fields, value, path);
  switch (facts.type) {
    case "list":
    case "set":
    case "block-list":
    case "block-set":
      if (!Array.isArray(value)) return [wrongType(path, "a list", value)];
      return [...checkLength(facts, value, path), ...value.flatMap((item, index) => checkElement(facts, item, [...path, index]))];
    case "map":
    case "block-map":
      if (!isObject(value)) return [wrongType(path, "a map", value)];
      return Object.entries(value).flatMap(([key, item]) => checkElement(facts, item, [...path, key]));
    case "any":
    case "object":
    case "block-single":
      return [];
    default:
      return checkScalar(facts, facts.type, value, path);
  }
}

function checkBlock(facts: PropertyFacts, fields: Fields, value: Value, path: Path): CheckFailure[] {
  if (facts.shape === "map") {
    if (!isObject(value)) return [wrongType(path, "a map of objects", value)];
    return Object.entries(value).flatMap(([key, item]) => checkObject(fields, item, [...path, key]));
  }
  const single = facts.shape === "object" || facts.type === "block-single" || facts.type === "object";
  if (single && !Array.isArray(value)) return checkObject(fields, value, path);
  if (!Array.isArray(value)) return [wrongType(path, "a list of objects", value)];
  return [...checkLength(facts, value, path), ...value.flatMap((item, index) => checkObject(fields, item, [...path, index]))];
}

function checkObject(fields: Fields, value: Value, path: Path): CheckFailure[] {
  if (value === unknown || value === null) return [];
  if (!isObject(value)) return [wrongType(path, "an object", value)];
  return checkFields(fields, value, path);
}

function checkElement(facts: PropertyFacts, value: Value, path: Path): CheckFailure[] {
  if (value === unknown || value === null) return [];
  const allowed = choicesOf(facts.elemEnum ?? facts.enum);
  if (allowed !== undefined && !allowed.includes(value as string)) return [notOneOf(path, allowed, value)];
  if (facts.elem === "string" && (Array.isArray(value) || isObject(value))) return [wrongType(path, "a string", value)];
  if ((facts.elem === "int" || facts.elem === "number") && !Number.isFinite(Number(value))) return [wrongType(path, "a number", value)];
  const refused = facts.type === "map" ? undefined : refusalOf(facts.validator, value);
  return refused === undefined ? [] : [failure(path, refused)];
}

function checkScalar(facts: PropertyFacts, type: PropertyFacts["type"], value: Value, path: Path): CheckFailure[] {
  if (Array.isArray(value) || isObject(value)) return [wrongType(path, `a ${type}`, value)];
  if (type === "bool" && typeof value !== "boolean" && value !== "true" && value !== "false") return [wrongType(path, "a boolean", value)];
  if (type === "int" || type === "number") {
    const number = Number(value);
    if (typeof value === "boolean" || value === "" || !Number.isFinite(number)) return [wrongType(path, "a number", value)];
    if (type === "int" && !Number.isInteger(number)) return [wrongType(path, "a whole number", value)];
    if (facts.range !== undefined && (number < facts.range[0] || number > facts.range[1])) {
      return [failure(path, `expected value to be in the range (${facts.range[0]} - ${facts.range[1]}), got ${number}`)];
    }
    const numbers = choicesOf(facts.enum);
    return numbers === undefined || numbers.map(Number).includes(number) ? [] : [notOneOf(path, numbers, value)];
  }
  const choices = choicesOf(facts.enum);
  if (choices !== undefined && value !== "" && !choices.map(String).includes(String(value))) return [notOneOf(path, choices, value)];
  const refused = refusalOf(facts.validator, value);
  return refused === undefined ? [] : [failure(path, refused)];
}

/** Facts with an empty list of choices say that there are choices without knowing them. */
function choicesOf(choices: readonly (string | number)[] | undefined): readonly (string | number)[] | undefined {
  return choices === undefined || choices.length === 0 ? undefined : choices;
}

function checkLength(facts: PropertyFacts, value: readonly Value[], path: Path): CheckFailure[] {
  if (facts.maxItems !== undefined && value.length > facts.maxItems) {
    return [
      failure(path, `Too many list items. Attribute supports ${facts.maxItems} item maximum, but config has ${value.length} declared`),
    ];
  }
  if (facts.minItems !== undefined && value.length < facts.minItems) {
    return [
      failure(
        path,
        `Not enough list items. Attribute requires ${facts.minItems} item minimum, but config has only ${value.length} declared`,
      ),
    ];
  }
  return [];
}

/** Rules between properties: `conflictsWith`, `exactlyOneOf`, `atLeastOneOf`, `requiredWith`, at every level. */
function checkTogether(fields: Fields, root: Properties, at: Path): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const said = new Set<string>();
  const once = (path: Path, reason: string) => {
    if (!said.has(reason)) failures.push(failure(path, reason));
    said.add(reason);
  };
  const bag = valueAt(root, at);
  if (!isObject(bag)) return failures;
  for (const [key, facts] of Object.entries(fields)) {
    const path = [...at, key];
    const value = bag[key];
    const setOf = (names: readonly string[]) => names.filter((name) => isSet(sibling(root, at, name)));
    if (isSet(value)) {
      for (const other of setOf(facts.conflictsWith ?? [])) {
        if (lastName(other) !== key) once(path, `Conflicting configuration arguments. ${quote(key)}: conflicts with ${lastName(other)}`);
      }
      for (const other of facts.requiredWith ?? []) {
        if (!isSet(sibling(root, at, other)))
          once(path, `Missing required argument. ${quote(key)}: all of ${list(facts.requiredWith)} must be specified`);
      }
    }
    if (facts.exactlyOneOf !== undefined) {
      const given = setOf(facts.exactlyOneOf);
      if (given.length !== 1) {
        const found = given.length === 0 ? "none" : given.map(lastName).join(", ");
        once(path, `Invalid combination of arguments. One of ${list(facts.exactlyOneOf)} must be specified, got ${found}`);
      }
    }
    if (facts.atLeastOneOf !== undefined && setOf(facts.atLeastOneOf).length === 0) {
      once(path, `Missing required argument. One of ${list(facts.atLeastOneOf)} must be specified`);
    }
    if (facts.fields !== undefined && isSet(value)) {
      const fieldsBelow = facts.fields;
      const below = Array.isArray(value) ? value.map((_, index) => [...path, index]) : facts.shape === "map" ? [] : [path];
      failures.push(...below.flatMap((place) => checkTogether(fieldsBelow, root, place)));
    }
  }
  return failures;
}

/** Facts name their partners from the resource's root (`a.0.b`) or, at the top level, by name alone. */
function sibling(root: Properties, at: Path, name: string): Value | undefined {
  if (!name.includes(".")) return valueAt(root, [name]) ?? valueAt(root, [...at, name]);
  return valueAt(root, [...at, lastName(name)]);
}

function valueAt(root: Properties, path: Path): Value | undefined {
  let value: Value | undefined = root;
  for (const part of path) {
    if (Array.isArray(value) && typeof part === "number") value = value[part];
    else if (isObject(value) && typeof part === "string") value = value[part];
    else return undefined;
  }
  return value;
}

function failure(path: Path, reason: string): CheckFailure {
  return { property: formatPath(path), reason };
}

function notOneOf(path: Path, allowed: readonly (string | number)[], value: Value): CheckFailure {
  return failure(path, `expected ${lastName(formatPath(path))} to be one of [${allowed.map(quote).join(" ")}], got ${String(value)}`);
}

function wrongType(path: Path, expected: string, value: Value): CheckFailure {
  return failure(path, `expected ${expected}, got ${containsUnknown(value) ? "an unknown value" : JSON.stringify(value)}`);
}

function lastName(path: string): string {
  return path.split(".").at(-1) ?? path;
}

function quote(value: string | number): string {
  return JSON.stringify(String(value));
}

function list(names: readonly string[] | undefined): string {
  return (names ?? []).map(lastName).join(", ");
}
