/**
 * The little of Vitest that the tests of releases use, for the search for mutants: a file runs in milliseconds in a thread that is there,
 * where Vitest takes a second. `npm test` runs the same files with Vitest itself.
 */
import { AssertionError } from "node:assert";

type Check = (...row: unknown[]) => unknown;
const tests: { readonly title: string; readonly run: () => unknown }[] = [];
const before: (() => unknown)[] = [];

/** Runs all that the files imported since the last time have registered. @throws what the first that fails throws */
export async function runTests(): Promise<void> {
  const [all, first] = [tests.splice(0), before.splice(0)];
  if (all.length === 0) throw new Error("no test is there");
  for (const { run } of all) {
    for (const one of first) await one();
    await run();
  }
}

const each =
  (rows: readonly unknown[]) =>
  (title: string, check: Check): void => {
    for (const row of rows) tests.push({ title, run: () => check(...(Array.isArray(row) ? row : [row])) });
  };
export const test = Object.assign((title: string, run: Check) => void tests.push({ title, run: () => run() }), { each });
export const beforeEach = (run: () => unknown) => void before.push(run);
/** What is spied on says nothing, and nothing is restored. */
export const vi = {
  spyOn: (object: Record<string, unknown>, name: string) => ({
    mockImplementation: (as: unknown) => {
      object[name] = as;
    },
  }),
};

interface Matcher {
  readonly matches: (actual: unknown) => boolean;
}
const isMatcher = (value: unknown): value is Matcher => typeof value === "object" && value !== null && "matches" in value;
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** @param partly what the expected says nothing of may be anything */
function equals(actual: unknown, expected: unknown, partly: boolean): boolean {
  if (isMatcher(expected)) return expected.matches(actual);
  if (!isObject(actual) || !isObject(expected)) return Object.is(actual, expected) || actual === expected;
  if (Array.isArray(actual) !== Array.isArray(expected)) return false;
  if (Array.isArray(actual) && actual.length !== (expected as unknown as unknown[]).length) return false;
  const keys = new Set([...Object.keys(expected), ...(partly ? [] : Object.keys(actual))]);
  return [...keys].every((key) => equals(actual[key], expected[key], partly));
}

function contains(actual: unknown, part: unknown): boolean {
  return typeof actual === "string" ? actual.includes(String(part)) : Array.isArray(actual) && actual.includes(part);
}

function says(error: unknown, words: string | RegExp): boolean {
  const message = error instanceof Error ? error.message : String(error);
  return typeof words === "string" ? message.includes(words) : words.test(message);
}

function assertions(actual: unknown, wanted = true) {
  const hold = (holds: boolean, expected: unknown) => {
    if (holds !== wanted) throw new AssertionError({ message: "a test fails", actual, expected });
  };
  return {
    toBe: (expected: unknown) => hold(Object.is(actual, expected), expected),
    toBeUndefined: () => hold(actual === undefined, undefined),
    toEqual: (expected: unknown) => hold(equals(actual, expected, false), expected),
    toMatchObject: (expected: unknown) => hold(equals(actual, expected, true), expected),
    toContain: (expected: unknown) => hold(contains(actual, expected), expected),
    toHaveLength: (expected: number) => hold((actual as { readonly length: number }).length === expected, expected),
    toBeLessThanOrEqual: (expected: number) => hold(Number(actual) <= expected, expected),
    toMatch: (expected: RegExp) => hold(expected.test(String(actual)), expected),
    rejects: {
      toThrow: async (words: string | RegExp) => {
        const error = await (actual as Promise<unknown>).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        hold(error !== undefined && says(error, words), words);
      },
    },
  };
}

export const expect = Object.assign((actual: unknown, _about?: string) => ({ ...assertions(actual), not: assertions(actual, false) }), {
  stringContaining: (part: string): Matcher => ({ matches: (actual) => contains(actual, part) && typeof actual === "string" }),
  stringMatching: (pattern: RegExp): Matcher => ({ matches: (actual) => pattern.test(String(actual)) }),
  objectContaining: (part: object): Matcher => ({ matches: (actual) => equals(actual, part, true) }),
});
