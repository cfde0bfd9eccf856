/** Every property that the shipped stacks set has somebody who judges another value of it, and so has every type that is made, goes or is replaced. */
import { expect, test } from "vitest";
import { type Json, jsonIn, pathText, secretValue, type ValuePath } from "../../../ops/review/propertyValue.ts";
import { factsOf, type PropertyFacts } from "../../../sandbox/facts/facts.ts";
import { isObject, type Properties, type Value } from "../../../sandbox/provider/values.ts";
import { configOf, exampleStacks } from "../../harness/config.ts";
import { reviewOf } from "../../harness/craftedReview.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";

const signature = "4dabf18193072939515e22adb298388d";

/** A value as the engine prints it. */
function printed(value: Value): Value {
  if (Array.isArray(value)) return value.map(printed);
  if (!isObject(value)) return value;
  if (signature in value) return secretValue;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "__defaults")
      .map(([key, inner]) => [key, printed(inner)]),
  );
}

/** Another value of the same kind at one place, with the path of the place. */
function* others(value: Value, path: ValuePath): Generator<readonly [ValuePath, Value]> {
  const held = (jsonIn(value as Json) ?? value) as Value;
  const asText = (one: Value) => (held === value ? one : JSON.stringify(one));
  if (Array.isArray(held))
    for (const [index, item] of held.entries())
      for (const [at, other] of others(item, [...path, index])) yield [at, asText(held.with(index, other))];
  else if (isObject(held))
    for (const [key, item] of Object.entries(held))
      for (const [at, other] of others(item, [...path, key])) yield [at, asText({ ...held, [key]: other })];
  else if (held === secretValue) yield [path, secretValue];
  else yield [path, typeof held === "number" ? held + 1 : typeof held === "boolean" ? !held : `${String(held)}-other`];
}

function replaces(facts: Readonly<Record<string, PropertyFacts>>, [property]: ValuePath): boolean {
  return facts[String(property)]?.replaces === true;
}

const resources = async () => {
  const graphs = [];
  for (const stack of ["staging", "production", ...exampleStacks]) graphs.push(...(await declaredGraph(configOf(stack))));
  return graphs.filter(({ custom }) => custom);
};

test("another value of any property that a shipped stack sets is judged", async () => {
  const seen = new Set<string>();
  const unjudged = new Set<string>();
  for (const { type, checked } of await resources()) {
    const facts = factsOf(type)?.properties ?? {};
    const before = printed(checked) as Properties;
    for (const [property, value] of Object.entries(before))
      for (const [path, other] of others(value, [property])) {
        const text = pathText(path);
        const kind = `${type} ${text.replaceAll(/\[\d+\]/g, "[]")}`;
        if (seen.has(kind)) continue;
        seen.add(kind);
        const replaced = replaces(facts, path);
        const review = reviewOf({
          x: {
            op: replaced ? "replace" : "update",
            type,
            before,
            after: { ...before, [property]: other },
            more: { detailedDiff: { [text]: { kind: replaced ? "update-replace" : "update" } } },
          },
        });
        if (review.stories.some(({ risk }) => risk === "unjudged") || review.stories.length === 0) unjudged.add(kind);
      }
  }
  expect([...unjudged].sort().join("\n")).toBe("");
  expect(seen.size).toBeGreaterThan(1000);
}, 120_000);

test("what a shipped stack has is judged when it is made, goes or is replaced", async () => {
  const types = Map.groupBy(await resources(), ({ type }) => type);
  const unjudged = [...types].flatMap(([type, [one]]) => {
    const inputs = printed(one?.checked ?? {}) as Record<string, Json>;
    return ["create", "delete", "replace"]
      .filter((op) => {
        const { stories } = reviewOf({ x: { op, type, before: inputs, after: inputs } });
        return stories.length === 0 || stories.some(({ risk }) => risk === "unjudged");
      })
      .map((op) => `${op} ${type}`);
  });
  expect(unjudged.sort().join("\n")).toBe("");
});
