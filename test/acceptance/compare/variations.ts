/** Other values for each input of a resource, the likeliest to be good first. */
import type { PropertyFacts, TypeFacts } from "../../../sandbox/facts/facts.ts";
import { isObject, type Path, type Properties, type Value } from "../../../sandbox/provider/values.ts";
import { anyValue, type Edit, isInput, sitesOf, valueAt, withValue } from "./edits.ts";

/** One thing that may be changed, with candidates for how: the first that the real provider takes counts. */
export interface Variation {
  readonly what: "changed" | "left out" | "added" | "one more" | "one less";
  readonly path: Path;
  readonly candidates: readonly Edit[];
}

/** Every change that is tried on a resource with these inputs. */
export function variations(facts: TypeFacts, inputs: Properties): Variation[] {
  const variation = (what: Variation["what"], path: Path, values: readonly (Value | undefined)[]): Variation[] =>
    values.length === 0
      ? []
      : [{ what, path, candidates: values.map((value) => ({ what, path, inputs: withValue(inputs, path, value) })) }];
  return sitesOf(facts.properties, inputs).flatMap(({ path, facts: property, value }) => {
    if (!isInput(property)) return [];
    if (value === undefined) return variation("added", path, [anyValue(property), ...plausible(property)]);
    return [
      ...variation("changed", path, others(property, value)),
      // Nobody writes an empty block.
      ...variation("left out", path, isAlone(inputs, path) ? [] : [undefined]),
      ...variation("one more", path, longer(value)),
      ...variation("one less", path, shorter(value)),
    ];
  });
}

/** Whether the property is all that its block says. */
function isAlone(inputs: Properties, path: Path): boolean {
  const holder = valueAt(inputs, path.slice(0, -1));
  return path.length > 1 && isObject(holder) && Object.keys(holder).length === 1;
}

/** The properties of nested objects are changed one by one, not here. */
function others(facts: PropertyFacts, value: Value): Value[] {
  if (facts.fields !== undefined) return [];
  if (typeof value === "boolean") return [!value];
  const choices = (facts.enum ?? facts.elemEnum ?? []).filter((choice) => choice !== value);
  if (typeof value === "number") return [...choices, value + 1, value - 1, value * 2];
  if (typeof value === "string") return [...choices.map(String), ...otherTexts(value)];
  if (Array.isArray(value)) return value.length > 0 ? others(facts, value[0] ?? "").map((first) => [first, ...value.slice(1)]) : [];
  if (!isObject(value)) return [];
  const [key] = Object.keys(value);
  return key === undefined ? [] : [{ ...value, [key]: `${String(value[key])}2` }];
}

function otherTexts(text: string): string[] {
  if (/^[[{]/.test(text)) return otherDocuments(text);
  if (/^\d+$/.test(text)) return [String(Number(text) * 2), String(Number(text) + 1), String(Math.floor(Number(text) / 2))];
  const network = text.match(/^(\d+)\.(\d+)\.(.*)\/(\d+)$/);
  if (network !== null) return [`${network[1]}.${(Number(network[2]) + 1) % 250}.${network[3]}/${network[4]}`];
  const last = text.search(/[0-9a-f](?=[^0-9a-f]*$)/);
  const turned = last < 0 ? [] : [`${text.slice(0, last)}${text[last] === "0" ? "1" : "0"}${text.slice(last + 1)}`];
  return [...(/^arn:|-[0-9a-f]{8,}$|^[0-9a-f-]{36}$/.test(text) ? turned : []), `${text}2`, `x${text}`, ...turned];
}

/** JSON documents with one more statement, container setting or key. */
function otherDocuments(text: string): string[] {
  const document = JSON.parse(text) as Value;
  if (Array.isArray(document))
    return [JSON.stringify(document.map((item) => (isObject(item) ? { ...item, environment: [{ name: "A", value: "b" }] } : item)))];
  if (!isObject(document)) return [];
  const { Statement: statements, rules } = document;
  if (Array.isArray(statements))
    return [JSON.stringify({ ...document, Statement: statements.map((item) => (isObject(item) ? { ...item, Sid: "Other" } : item)) })];
  if (Array.isArray(rules))
    return [JSON.stringify({ ...document, rules: rules.map((item) => (isObject(item) ? { ...item, description: "other" } : item)) })];
  return [JSON.stringify({ ...document, Other: "b" })];
}

/** What a property that is not set might be set to, besides `anyValue`. */
function plausible(facts: PropertyFacts): Value[] {
  if (facts.fields !== undefined) return [];
  const choices = facts.enum?.slice(1) ?? [];
  if (choices.length > 0) return [...choices];
  if (facts.type === "bool") return [false];
  if (facts.type === "int" || facts.type === "number") return [10, 60, 100, 1000];
  if (facts.type !== "string") return [];
  return ["10", "arn:aws:iam::123456789012:role/other", "10.0.0.0/24", "default", "true", '{"Version":"2012-10-17","Statement":[]}'];
}

function longer(value: Value): Value[] {
  if (isObject(value)) return [{ ...value, Other: "b" }];
  if (!Array.isArray(value)) return [];
  const [first] = value;
  if (typeof first === "string") return [...otherTexts(first), "other"].map((other) => [...value, other]);
  if (typeof first === "number") return [[...value, first + 1]];
  return isObject(first) ? [[...value, first]] : [];
}

function shorter(value: Value): Value[] {
  if (Array.isArray(value)) return value.length > 1 ? [value.slice(0, -1), value.slice(1)] : [];
  const [key] = isObject(value) ? Object.keys(value) : [];
  if (!isObject(value) || key === undefined) return [];
  const { [key]: _, ...rest } = value;
  return [rest];
}
