/** Refuses the inputs that the real provider refuses, from schema facts alone: pure, before anything is created. */
import type { PropertyFacts, TypeFacts } from "../facts/facts.ts";
import {
  containsUnknown,
  formatPath,
  isArchive,
  isObject,
  type Path,
  type Properties,
  unknown,
  type Value,
  valueAt,
} from "../provider/values.ts";
import { refusalOf } from "./validator.ts";

/** One refused property. */
export interface CheckFailure {
  /** Path of the property, empty when the resource as a whole is meant. */
  readonly property: string;
  /** What is wrong, what was given, what is allowed. */
  readonly reason: string;
}

type Fields = Readonly<Record<string, PropertyFacts>>;

/** What a rule about one property may need besides it. */
interface Whole {
  /** All inputs of the resource. */
  readonly root: Properties;
  /**
   * The type is built on the newer plugin framework. Its bridge lets unknown properties through, takes an empty list for
   * none, and does not turn one value into another type.
   */
  readonly framework: boolean;
}

/** Everything wrong with the inputs of a resource of the given type. */
export function checkInputs(facts: TypeFacts, inputs: Properties): CheckFailure[] {
  return checkFields(facts.properties, inputs, [], { root: inputs, framework: facts.framework === true });
}

function isInput(facts: PropertyFacts): boolean {
  return facts.required === true || facts.optional === true;
}

function isGiven(value: Value | undefined): value is Value {
  return value !== undefined && value !== null;
}

function checkFields(fields: Fields, bag: Properties, at: Path, whole: Whole): CheckFailure[] {
  const unexpected = Object.keys(bag)
    .filter((key) => key !== "__defaults" && (fields[key] === undefined ? !whole.framework : !isInput(fields[key])))
    .map((key) => failure([...at, key], `an unexpected argument ${JSON.stringify(key)} was provided`));
  const asked = settable(fields).filter(([key, facts]) => isGiven(bag[key]) || facts.required || facts.exactlyOneOf || facts.atLeastOneOf);
  return [...unexpected, ...asked.flatMap(([key, facts]) => checkProperty(facts, key, bag[key], at, whole))];
}

const inputsByFields = new WeakMap<Fields, [string, PropertyFacts][]>();

/** The properties that a program can set. Types have hundreds that it cannot, and every resource of a type asks. */
function settable(fields: Fields): readonly [string, PropertyFacts][] {
  const known = inputsByFields.get(fields) ?? Object.entries(fields).filter(([, facts]) => isInput(facts));
  inputsByFields.set(fields, known);
  return known;
}

/** One property, in the provider's own order: a later rule is looked at only when the earlier ones hold. */
function checkProperty(facts: PropertyFacts, key: string, value: Value | undefined, at: Path, whole: Whole): CheckFailure[] {
  const path = [...at, key];
  const combination = combinationProblem(facts, value, at, whole);
  if (combination !== undefined) return [failure(path, combination)];
  if (!isGiven(value)) {
    const missing = `Missing required argument. The argument ${quote(key)} is required, but no definition was found`;
    return facts.required === true ? [failure(path, missing)] : [];
  }
  if (facts.requiredWith?.some((name) => !isGiven(partner(whole, at, name))))
    return [failure(path, `Missing required argument. ${quote(key)}: all of ${list(facts.requiredWith)} must be specified`)];
  if (value === unknown) return [];
  const rival = facts.conflictsWith?.find((name) => lastName(name) !== key && isKnown(partner(whole, at, name)));
  if (rival !== undefined) return [failure(path, `Conflicting configuration arguments. ${quote(key)}: conflicts with ${lastName(rival)}`)];
  return checkValue(facts, value, path, whole);
}

function isKnown(value: Value | undefined): boolean {
  return isGiven(value) && value !== unknown;
}

/** What is wrong with how many of a group are given. A value that is not known yet may still turn out to be absent. */
function combinationProblem(facts: PropertyFacts, value: Value | undefined, at: Path, whole: Whole): string | undefined {
  const { exactlyOneOf, atLeastOneOf } = facts;
  const given = (names: readonly string[]) => names.filter((name) => isGiven(partner(whole, at, name)));
  if (exactlyOneOf !== undefined) {
    const known = exactlyOneOf.filter((name) => isKnown(partner(whole, at, name)));
    if (given(exactlyOneOf).length === 0) return `Invalid combination of arguments. One of ${list(exactlyOneOf)} must be specified`;
    if (known.length > 1 && (isGiven(value) || !whole.framework))
      return `Invalid combination of arguments. Only one of ${list(exactlyOneOf)} can be specified, but ${list(known)} were specified`;
  }
  if (atLeastOneOf !== undefined && given(atLeastOneOf).length === 0)
    return `Missing required argument. One of ${list(atLeastOneOf)} must be specified`;
  return undefined;
}

function checkValue(facts: PropertyFacts, value: Value, path: Path, whole: Whole): CheckFailure[] {
  if (facts.fields !== undefined) return checkBlock(facts, facts.fields, value, path, whole);
  switch (facts.type) {
    case "list":
    case "set":
    case "block-list":
    case "block-set":
      // A block whose inside the facts do not tell (an empty one, or one nested in its own kind): the SDK may give it as an object.
      if (facts.type.startsWith("block-") && facts.elem === undefined && isObject(value)) return [];
      // The bridge makes a list of a single plain value.
      if (!Array.isArray(value) && !isObject(value) && !whole.framework) return checkElement(facts, value, elementPath(facts, path, 0));
      if (!Array.isArray(value)) return [wrongType(path, "a list", value)];
      return [
        ...checkLength(facts, value, path, whole),
        ...value.flatMap((item, index) => checkElement(facts, item, elementPath(facts, path, index))),
      ];
    case "map":
    case "block-map":
      if (!isObject(value)) return [wrongType(path, "a map", value)];
      return Object.entries(value).flatMap(([key, item]) => checkElement(facts, item, [...path, key]));
    case "archive":
      // The bridge takes plain text for a file of that name; an archive as the engine sends it has a signature.
      return (isObject(value) && !isArchive(value)) || Array.isArray(value) ? [wrongType(path, "an archive", value)] : [];
    case "any":
    case "object":
    case "block-single":
      return [];
    default:
      return checkScalar(facts, facts.type, value, path, whole);
  }
}

function checkBlock(facts: PropertyFacts, fields: Fields, value: Value, path: Path, whole: Whole): CheckFailure[] {
  if (facts.shape === "map") {
    if (!isObject(value)) return [wrongType(path, "a map of objects", value)];
    return Object.entries(value).flatMap(([key, item]) => checkObject(fields, item, [...path, key], whole));
  }
  const single = facts.shape === "object" || facts.type === "block-single" || facts.type === "object";
  if (single && !Array.isArray(value)) return checkObject(fields, value, path, whole);
  if (!Array.isArray(value) && !isObject(value) && !whole.framework) return [wrongType(elementPath(facts, path, 0), "an object", value)];
  if (!Array.isArray(value)) return [wrongType(path, "a list of objects", value)];
  if (isSetOf(facts))
    return [
      ...checkLength(facts, value, path, whole),
      ...value.flatMap((item, index) => inSet(path, checkObject(fields, item, [...path, index], whole))),
    ];
  return [...checkLength(facts, value, path, whole), ...value.flatMap((item, index) => checkObject(fields, item, [...path, index], whole))];
}

function isSetOf(facts: PropertyFacts): boolean {
  return facts.type === "set" || facts.type === "block-set";
}

/** Elements of a set have no place of their own: the provider names the set, whatever is wrong inside. */
function inSet(path: Path, failures: readonly CheckFailure[]): CheckFailure[] {
  return failures.map(({ reason }) => ({ property: formatPath(path), reason }));
}

function elementPath(facts: PropertyFacts, path: Path, index: number): Path {
  return isSetOf(facts) ? path : [...path, index];
}

function checkObject(fields: Fields, value: Value, path: Path, whole: Whole): CheckFailure[] {
  if (value === unknown || value === null) return [];
  if (!isObject(value)) return [wrongType(path, "an object", value)];
  return checkFields(fields, value, path, whole);
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

function checkScalar(facts: PropertyFacts, type: PropertyFacts["type"], value: Value, path: Path, whole: Whole): CheckFailure[] {
  if (facts.json && isObject(value)) return [];
  if (Array.isArray(value) || isObject(value)) return [wrongType(path, `a ${type}`, value)];
  if (facts.json && typeof value !== "string") return [wrongType(path, "a JSON document", value)];
  if (type === "bool" && typeof value !== "boolean" && value !== "true" && value !== "false") return [wrongType(path, "a boolean", value)];
  if (type === "int" || type === "number") return checkNumber(facts, value, path, whole);
  const choices = choicesOf(facts.enum);
  if (choices !== undefined && !choices.map(String).includes(String(value))) return [notOneOf(path, choices, value)];
  return refusedBy(facts, value, path);
}

function checkNumber(facts: PropertyFacts, value: Value, path: Path, whole: Whole): CheckFailure[] {
  const exact = Number(value);
  const { type, range } = facts;
  if (typeof value === "boolean" || value === "" || !Number.isFinite(exact)) return [wrongType(path, "a number", value)];
  if (type === "int" && whole.framework && !Number.isInteger(exact)) return [wrongType(path, "a whole number", value)];
  const number = type === "int" ? Math.trunc(exact) : exact; // the older SDK's bridge does so without a word
  const choices = choicesOf(facts.enum);
  // A range with a choice beside it: either will do. Where the facts lost a choice's integers, 0 and -1 are what AWS's types have there.
  const beside = facts.enum?.length === 0 ? [0, -1] : (choices ?? []).map(Number);
  if (range !== undefined && !beside.includes(number) && (number < range[0] || number > range[1]))
    return [failure(path, `expected value to be in the range (${range[0]} - ${range[1]}), got ${number}`)];
  if (range === undefined && choices !== undefined && !beside.includes(number)) return [notOneOf(path, choices, value)];
  return refusedBy(facts, number, path);
}

function refusedBy(facts: PropertyFacts, value: Value, path: Path): CheckFailure[] {
  const refused = refusalOf(facts.validator, value);
  return refused === undefined ? [] : [failure(path, refused)];
}

/** Facts with an empty list of choices say that there are choices without knowing them. */
function choicesOf(choices: readonly (string | number)[] | undefined): readonly (string | number)[] | undefined {
  return choices === undefined || choices.length === 0 ? undefined : choices;
}

function checkLength(facts: PropertyFacts, value: readonly Value[], path: Path, whole: Whole): CheckFailure[] {
  if (whole.framework && value.length === 0) return [];
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

/** The value that a rule names, by its path from the root (`a.0.b`, the index of a single block is left out in inputs). */
function partner({ root }: Whole, at: Path, name: string): Value | undefined {
  let value: Value | undefined = root;
  let place = 0;
  for (const part of name.split(".")) {
    if (/^\d+$/.test(part)) value = Array.isArray(value) ? value[Number(part)] : value;
    else {
      // A name without places means the same element of each list as the property itself.
      if (Array.isArray(value)) value = value[Number(at[place++])];
      value = isObject(value) ? value[part] : undefined;
      place += 1;
    }
  }
  return value ?? (name.includes(".") ? undefined : valueAt(root, [...at, name]));
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
