/** Every property that the shipped stacks set has somebody who judges another value of it, and so has every type that is made, goes or is replaced. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Json, jsonIn, pathText, secretValue, type ValuePath } from "../../../ops/review/propertyValue.ts";
import { statefulTypes } from "../../../ops/review/statefulTypes.ts";
import { factsOf, type PropertyFacts } from "../../../sandbox/facts/facts.ts";
import { isObject, type Properties, type Value } from "../../../sandbox/provider/values.ts";
import { fc } from "../../harness/campaign.ts";
import { configOf, exampleStacks } from "../../harness/config.ts";
import { reviewOf } from "../../harness/craftedReview.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";

const factsFolder = join(import.meta.dirname, "..", "..", "..", "sandbox", "facts");

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

/** Another value of the same kind at one place, with the path of the place. It is made on use: a text of JSON is long, and has many places. */
function* others(value: Value, path: ValuePath): Generator<readonly [ValuePath, () => Value]> {
  const held = (jsonIn(value as Json) ?? value) as Value;
  const asText = (one: Value) => (held === value ? one : JSON.stringify(one));
  if (Array.isArray(held))
    for (const [index, item] of held.entries())
      for (const [at, other] of others(item, [...path, index])) yield [at, () => asText(held.with(index, other()))];
  else if (isObject(held))
    for (const [key, item] of Object.entries(held))
      for (const [at, other] of others(item, [...path, key])) yield [at, () => asText({ ...held, [key]: other() })];
  else if (held === secretValue) yield [path, () => secretValue];
  else yield [path, () => (typeof held === "number" ? held + 1 : typeof held === "boolean" ? !held : `${String(held)}-other`)];
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
            after: { ...before, [property]: other() },
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

/** What may go without harm, as AWS's own documents have it: nothing runs by it, or it is made of what stays. */
const harmless =
  /:(Certificate|Dashboard|QueryDefinition|\w*ParameterGroup|SubnetGroup|LifecyclePolicy|TaskDefinition|Alias|ServiceAccount)$/;

test("no deletion of a type that the simulated cloud knows is routine, but for what nothing hangs on", () => {
  const types = globSync("*/*.json", { cwd: factsFolder }).flatMap((file) => {
    const { types: known = {} } = JSON.parse(readFileSync(join(factsFolder, file), "utf8")) as { types?: object };
    return file.endsWith(".extra.json") ? [] : Object.keys(known);
  });
  expect(types.length).toBeGreaterThan(100);
  const routine = types.filter((type) => {
    const { risk } = reviewOf({ x: { op: "delete", type } });
    return (risk === "routine" || risk === "noise") && !harmless.test(type);
  });
  expect(routine).toEqual([]);
});

test("what holds data is at stake whenever it goes or is made anew, whatever forces it", async () => {
  const held = (await resources()).filter(({ type }) => statefulTypes.has(type) && type !== "aws:cloudwatch/logGroup:LogGroup");
  const kinds = Map.groupBy(held, ({ type }) => type);
  expect(kinds.size).toBeGreaterThan(8);
  fc.assert(
    fc.property(fc.constantFrom(...held), fc.constantFrom("delete", "replace"), (one, op) => {
      const inputs = printed(one.checked) as Record<string, Json>;
      const { risk } = reviewOf({ x: { op, type: one.type, before: inputs, after: inputs } });
      expect(risk).toBe("replicateSourceDb" in inputs ? "outage" : "data-loss");
    }),
    { numRuns: 500 },
  );
});
