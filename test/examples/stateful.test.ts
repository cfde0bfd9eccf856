/**
 * A change of any single config value leaves data where it is, but for a short list of keys, each with its reason.
 * Every value of every example stack is changed in turn.
 */
import { afterAll, expect, test } from "vitest";
import { exampleStacks } from "../harness/config.ts";
import { type Effect, effectsOfEveryValue } from "../harness/effects.ts";

/** Keys that may cost data, and why they have to. The page of every one of them says so; `protect` refuses it. */
const documented: Readonly<Record<string, string>> = {
  "network.cidr": "AWS cannot change the address block of a VPC",
};

const seen = new Map<string, Set<string>>();

test.each(exampleStacks)("%s", async (stack) => {
  const { losses, changed, unchangeable } = await effectsOfEveryValue(stack);
  for (const { key, what } of losses) seen.set(key, (seen.get(key) ?? new Set()).add(what.split(" ").slice(0, 2).join(" ")));
  expect(losses.filter(({ key }: Effect) => !(key in documented))).toEqual([]);
  expect(changed).toBeGreaterThan(unchangeable.length * 2);
});

afterAll(() => {
  console.log("Config keys whose change costs stateful resources, on the ten example stacks:");
  for (const [key, what] of [...seen].sort())
    console.log(`  ${key}: ${[...what].sort().join(", ")}  (${documented[key] ?? "NOT DOCUMENTED"})`);
});
