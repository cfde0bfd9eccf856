/**
 * A change of any single config value leaves data where it is, but for a short list of keys, each with its reason.
 * Every value of a shipped stack is changed in turn, in processes that take one stack after the other. A system's staging is mostly its
 * production made smaller: `npm run replacements` and `npm run soak` take it too.
 */
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";
import { soaking } from "../harness/campaign.ts";
import { configOf, exampleStacks } from "../harness/config.ts";
import type { Effects } from "../harness/effects.ts";
import { costlyKeys, refusedKeys } from "./documentedChanges.ts";

const results: Effects[] = [];
const stacks = [...(soaking ? exampleStacks : exampleStacks.filter((stack) => stack.endsWith("/production"))), "production", "staging"];

/** Starts a process for as many stacks as are asked of it. */
const started = () =>
  execa(
    process.execPath,
    [
      "--max-semi-space-size=64",
      join(import.meta.dirname, "effects.ts"),
      `--costly=${[...costlyKeys.keys(), ...refusedKeys.keys()].join(",")}`,
    ],
    {
      ipc: true,
      stdout: "inherit",
      stderr: "inherit",
    },
  );
const idle: ReturnType<typeof started>[] = [];

async function effectsOn(stack: string): Promise<Effects> {
  const worker = idle.pop() ?? started();
  await worker.sendMessage(stack);
  const effects = JSON.parse(String(await worker.getOneMessage())) as Effects;
  idle.push(worker);
  return effects;
}

describe("a change of one value", () => {
  test.concurrent.for(stacks)("%s", async (stack, { expect }) => {
    const effects = await effectsOn(stack);
    results.push(effects);
    expect(effects.broken).toEqual([]);
    expect(effects.losses.filter(({ key }) => !costlyKeys.has(key))).toEqual([]);
    for (const { key, what } of effects.losses) {
      const [types, inProtected] = costlyKeys.get(key)!;
      expect([...new Set(what.map(({ type }) => type))].sort().join(", "), key).toBe(types);
      // The engine refuses the whole update for one protected resource.
      const refused = configOf(stack).protect && inProtected === "refused by the engine";
      expect(
        what.some(({ protect }) => protect),
        key,
      ).toBe(refused);
    }
    expect(effects.harmless).toBeGreaterThan(100);
    expect(effects.harmless + effects.losses.length + effects.refused.length).toBe(effects.tried);
  });
});

describe("the documented list", () => {
  test("every key on it costs something on some stack", () => {
    const costly = new Set(results.flatMap(({ losses }) => losses.map(({ key }) => key)));
    expect([...costlyKeys.keys()].filter((key) => !costly.has(key))).toEqual([]);
  });

  test("every key that is told to be refused is refused wherever it is changed", () => {
    const refused = new Set(results.flatMap((effects) => effects.refused.map(({ key }) => key)));
    expect([...refusedKeys.keys()].filter((key) => !refused.has(key))).toEqual([]);
  });
});

afterAll(async () => {
  for (const worker of idle) worker.disconnect();
  await Promise.all(idle); // so that their processor time counts
  const sum = (count: (effects: Effects) => number) => results.reduce((total, effects) => total + count(effects), 0);
  console.log(
    [
      `${sum(({ tried }) => tried)} values changed on ${results.length} stacks: ${sum(({ harmless }) => harmless)} leave everything stateful where it is,`,
      `${sum(({ refused }) => refused.length)} are refused by the program, ${sum(({ losses }) => losses.length)} cost what is documented;`,
      `${sum(({ unchangeable }) => unchangeable.length)} places have no other value that is good by itself.`,
    ].join(" "),
  );
  console.log("Config keys whose change costs something:");
  for (const [key, [lost, inProtected, why]] of costlyKeys) console.log(`  ${key}: ${lost} (protected: ${inProtected}): ${why}`);
  console.log("Config keys whose change is refused, with the stacks that were asked:");
  const refused = Map.groupBy(
    results.flatMap((effects) => effects.refused.map(({ key }) => ({ key, stack: effects.stack }))),
    ({ key }) => key,
  );
  for (const [key, cases] of [...refused].sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(
      `  ${key}: ${new Set(cases.map(({ stack }) => stack)).size}${refusedKeys.has(key) ? `: ${refusedKeys.get(key)?.[0]}` : ""}`,
    );
});
