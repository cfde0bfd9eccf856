/** Each command that a refusal prints is run: its problem is gone, none is new, and no value is somebody else's. */
import { expect, it } from "vitest";
import { choicesOf } from "../../components/contract/shape.ts";
import { shapeAtPath } from "../../infra/config/areaShape.ts";
import { ConfigError, formatConfigPath, type Problem } from "../../infra/config/problem.ts";
import { fc } from "../harness/campaign.ts";
import { applyFix, exampleStacks, parse, parsePath, rawConfig, setAt } from "../harness/config.ts";

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

/** What rules propose by themselves: a time of day, a kind of lock and everybody's addresses, which are of no stack. */
const proposed = new Set(["cron(0 7 * * ? *)", "governance", "0.0.0.0/0"]);

/** Texts in a fix that are neither of the file, nor one of a closed choice, nor a gap, nor proposed by a rule. */
function foreign(fix: string, raw: Readonly<Record<string, unknown>>): string[] {
  const own = JSON.stringify(raw);
  return [...fix.matchAll(/config set --path ('[^']+'|\S+) ('(?:[^']|'\\'')*'|\S+)/g)].flatMap(([, word = "", quoted = ""]) => {
    const [path, value] = [parsePath(word.replaceAll(/^'slipway:|^slipway:|'$/g, "")), quoted.replaceAll(/^'|'$/g, "")];
    const shape = shapeAtPath(path, raw[path[0]!]);
    const known = shape === undefined ? [] : (choicesOf(shape) ?? [shape.default]);
    const typed = /^(?:-?[\d.]+|true|false|VALUE)$/.test(value) && !/^\d{12}$/.test(value);
    return typed || proposed.has(value) || own.includes(JSON.stringify(value).slice(1, -1)) || known.map(String).includes(value)
      ? []
      : [`${word} ${value}`];
  });
}

/** What is wrong with the fixes of a config's problems, each run alone. */
function harm(raw: Record<string, unknown>, stack: string): string[] {
  const problems = problemsOf(raw, stack);
  const places = (found: readonly Problem[]) => found.map(({ path }) => formatConfigPath(path));
  const before = new Set(places(problems));
  return problems.flatMap(({ path, fix }) => {
    if (fix === undefined) return [];
    const strange = foreign(fix, raw).map((text) => `${text}: of nobody here`);
    if (fix.includes("VALUE") || fix.includes("another name")) return strange;
    const mended = structuredClone(raw);
    applyFix(mended, fix);
    const after = places(problemsOf(mended, stack));
    const left = after.includes(formatConfigPath(path)) ? [`${fix}: the problem stays`] : [];
    return [...strange, ...left, ...after.filter((place) => !before.has(place)).map((place) => `${fix}: ${place} is new`)];
  });
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
      expect(harm(raw, stack)).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(run).toBeGreaterThan(150);
});
