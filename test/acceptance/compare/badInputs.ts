/** Inputs with one mistake each, for every property of a type: what a provider has to refuse, or takes after all. */
import type { PropertyFacts, TypeFacts } from "../../../sandbox/facts/facts.ts";
import type { Path, Properties, Value } from "../../../sandbox/provider/values.ts";
import { anyValue, type Edit, isInput, objectPaths, sitesOf, withValue } from "./edits.ts";

/** Every mistake that is tried on a resource with these inputs. */
export function mistakes(facts: TypeFacts, inputs: Properties): Edit[] {
  const edit = (what: string, path: Path, value: Value | undefined): Edit => ({ what, path, inputs: withValue(inputs, path, value) });
  const unknown = objectPaths(facts.properties, inputs).map((at) => edit("unknown property", [...at, "notAProperty"], "x"));
  const known = sitesOf(facts.properties, inputs).flatMap(({ path, facts: property, value }) => {
    if (!isInput(property)) return value === undefined ? [edit("an output as input", path, anyValue(property))] : [];
    if (value === undefined) return [edit("added", path, anyValue(property)), edit("added with a wrong type", path, wrongType(property))];
    return [
      edit("left out", path, undefined),
      edit("wrong type", path, wrongType(property)),
      ...wrongValues(property, value).map((wrong) => edit(`is ${shortened(wrong)}`, path, wrong)),
    ];
  });
  return [...unknown, ...known];
}

function wrongType(facts: PropertyFacts): Value {
  if (facts.fields !== undefined) return "text";
  switch (facts.type) {
    case "list":
    case "set":
    case "map":
      return "text";
    case "int":
    case "number":
      return "many";
    case "bool":
      return "maybe";
    default:
      return { a: 1 };
  }
}

/** Values of the right type that few properties take. */
function wrongValues(facts: PropertyFacts, value: Value): Value[] {
  if (facts.fields !== undefined) return Array.isArray(value) ? [[], Array.from({ length: 21 }, () => value[0] ?? {})] : [];
  switch (facts.type) {
    case "list":
    case "set":
      return facts.elem === "string" ? [[], ["~~nonsense~~"], [""], ["a", { a: 1 }]] : [[], [-1]];
    case "map":
      return [{}, { a: "" }, { a: { b: "c" } }];
    case "int":
    case "number":
      return [-1, 0, 1, 1.5, 65_536, 1_000_000];
    case "bool":
      return [];
    default:
      return ["~~nonsense~~", "", "a".repeat(5000), 7];
  }
}

function shortened(value: Value): string {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 30)}… (${text.length})` : text;
}
