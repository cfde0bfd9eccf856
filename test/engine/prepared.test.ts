/** What other tests start from is what a first update makes: the same program, from a process of its own, through the same engine. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { canonical, StackUnderTest } from "../harness/stack.ts";

const edits = { ...unwatched, ...onlyApi };
const prepared = new StackUnderTest("staging", edits);
const made = new StackUnderTest("staging", edits);

/** Resources of a stack's state with everything that the engine keeps of them; the live objects have the texts. */
function stateOf(stack: StackUnderTest): unknown {
  const file = join(stack.folder, ".slipway", "state", ".pulumi", "stacks", "slipway", "staging.json");
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly checkpoint: { readonly latest: { readonly resources: readonly { readonly urn: string }[] } };
  };
  return Object.fromEntries(checkpoint.latest.resources.map((resource) => [resource.urn, withoutTexts(resource)]));
}

/** Where in the program's process a resource was declared, for people who debug. */
const forDebugging = new Set(["stackTrace", "sourcePosition"]);

/** Ids and times differ from stack to stack, and lists are in the order in which things were made. */
function withoutTexts(value: unknown): unknown {
  if (typeof value === "string") return "text";
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(withoutTexts(item))).sort();
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !forDebugging.has(key));
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutTexts(item)]));
}

beforeAll(async () => {
  await prepared.prepare();
  const flags = ["--stack", "staging", "--yes", "--skip-preview", "--non-interactive"];
  const { exitCode, stdout, stderr } = await made.slipwayAlone("", "up", ...flags);
  expect(exitCode, stdout + stderr).toBe(0);
});
afterAll(() => {
  prepared.remove();
  made.remove();
});

test("a prepared stack has the live cloud of one that is made anew", () => {
  expect(prepared.live().length).toBeGreaterThan(50);
  expect(canonical(prepared.live())).toEqual(canonical(made.live()));
});

test("and its state", () => {
  expect(Object.keys(stateOf(prepared) as object).length).toBeGreaterThan(50);
  expect(stateOf(prepared)).toEqual(stateOf(made));
});

test("the engine has logged nothing, which would take a sixth of its time", () => {
  expect(statSync(join(made.folder, ".slipway", "home", "logs")).isFile()).toBe(true);
});
