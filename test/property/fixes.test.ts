/** Each command that a refusal prints is run: its problem is gone, none is new, and no value is somebody else's. */
import { expect, it } from "vitest";
import { ConfigError, type Problem } from "../../infra/config/problem.ts";
import { badConfigs } from "../harness/badConfigs/all.ts";
import { fc } from "../harness/campaign.ts";
import { exampleStacks, parse, rawConfig, setAt } from "../harness/config.ts";
import { harm } from "../harness/fixes.ts";
import { proposals } from "../harness/proposedChanges.ts";

type Path = readonly (string | number)[];

/** The problems that a person reads. */
function problemsOf(raw: Record<string, unknown>, stack: string): readonly Problem[] {
  try {
    parse(raw, stack);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

/** Paths of all values, of maps and lists as well. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  const below = Array.isArray(value) ? [...value.entries()] : typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [...(path.length > 0 ? [path] : []), ...below.flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

const stacks = ["bench/production", ...exampleStacks];
const place = fc.constantFrom(...stacks.flatMap((stack) => pathsOf(rawConfig(stack)).map((path) => ({ stack, path }))));

it("case 43b the fix of any value that is missing, too small, too large or of another type harms nothing and invents nothing", () => {
  let run = 0;
  fc.assert(
    fc.property(place, fc.constantFrom(undefined, -5, 5_000_000, "nonsense", false, {}, []), ({ stack, path }, bad) => {
      const raw = rawConfig(stack);
      setAt(raw, path, bad);
      run += problemsOf(raw, stack).filter(({ fix }) => fix !== undefined).length;
      expect(harm(raw, (given) => problemsOf(given, stack))).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(run).toBeGreaterThan(150);
});

it("case 43b the fixes of rules harm nothing and invent nothing", () => {
  const harmful = badConfigs.flatMap(({ stack = "bench/production", edits, path, write = [] }) =>
    harm(rawConfig(stack, edits), (raw) => problemsOf(raw, stack), write).map((text) => `${path}: ${text}`),
  );
  expect(harmful).toEqual([]);
});

it("case 43b every change that a contract or a rule proposes is reached by a config of the tables, and so is run", () => {
  const all = proposals();
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(({ reached }) => !reached).map(({ file, line, text }) => `${file}:${line} ${text}`)).toEqual([]);
});
