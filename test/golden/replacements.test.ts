/**
 * Of what there may be one, no replacement meets what it replaces: neither a refusal in every update from then on, nor an object that the engine
 * deletes a moment after the new one took its place. What each type of a shipped stack does is in replacements.txt.
 */
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { configOf, exampleStacks } from "../harness/config.ts";
import { declaredGraph } from "../harness/declaredGraph.ts";
import { replacementsOf } from "../harness/replacement.ts";

const stacks = ["production", "staging", ...exampleStacks];

/** Inputs that have one value in every stack and version, or whose objects stand beside each other, by type. */
const harmless: Readonly<Record<string, readonly string[]>> = {
  "aws:appautoscaling/target:Target": ["scalableDimension", "serviceNamespace"],
  // A family has a revision for each.
  "aws:ecs/taskDefinition:TaskDefinition": [
    ...["containerDefinitions", "cpu", "executionRoleArn", "memory", "networkMode", "requiresCompatibilities", "taskRoleArn", "volumes"],
  ],
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": ["objectLockEnabled"],
};

/** No object of its own: the provider waits, and makes nothing. */
const waits = ["aws:acm/certificateValidation:CertificateValidation"];

/** Inputs by order, by type. */
const types = new Map<string, Map<string, Set<string>>>();

beforeAll(async () => {
  for (const stack of stacks)
    for (const resource of await declaredGraph(configOf(stack))) {
      if (!resource.custom || waits.includes(resource.type)) continue;
      const inputs = types.get(resource.type) ?? new Map<string, Set<string>>();
      types.set(resource.type, inputs);
      for (const { input, order } of replacementsOf(resource))
        if (!harmless[resource.type]?.includes(input)) inputs.set(order, (inputs.get(order) ?? new Set()).add(input));
    }
}, 120_000);

test("what each type does when it is replaced", async () => {
  const lines = [...types]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([type, found]) => {
      const ways = [...found].sort().map(([order, inputs]) => `  ${order} (${[...inputs].sort().join(", ")})`);
      return [type, ...(ways.length === 0 ? ["  nothing that is declared replaces it"] : ways)];
    });
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(join(import.meta.dirname, "replacements.txt"));
});

test("no replacement meets what it replaces", () => {
  const meeting = [...types].flatMap(([type, found]) => [...(found.get("MEETS THE NEW ONE") ?? [])].map((input) => `${type} ${input}`));
  expect(meeting).toEqual([]);
});
