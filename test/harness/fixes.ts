/** What a fix does besides what it is for: its command is run, and its value looked for in the file. */
import { posix } from "node:path";
import { choicesOf, type Shape } from "../../components/contract/shape.ts";
import { fromNetworkAddress } from "../../components/network/addressBlock.ts";
import { shapeAtPath } from "../../infra/config/areaShape.ts";
import { formatConfigPath, type Problem } from "../../infra/config/problem.ts";
import { applyFix, parsePath, setAt } from "./config.ts";

type Raw = Record<string, unknown>;
type Scalar = string | number | boolean;

/** What is wrong with a config. */
export type Judge = (raw: Raw) => readonly Problem[];

/** A value that a command sets, or a gap for one. */
interface Setting {
  readonly path: readonly (string | number)[];
  readonly value: Scalar;
}

/**
 * What is wrong with the fixes of a config's problems, each run alone.
 * @param write what a person writes into the gaps of a fix, in their order. @default a fix with a gap is not run
 */
export function harm(raw: Raw, judge: Judge, write?: readonly (string | number)[]): string[] {
  const problems = judge(raw);
  return problems.flatMap((problem) => {
    const { path, fix } = problem;
    if (fix === undefined) return [];
    const strange = settingsOf(fix).filter((setting) => isForeign(setting, problem, raw, judge));
    const told = strange.map(({ value }) => `${fix}: ${value} is of nobody here`);
    const gaps = fix.match(/ VALUE(?= |$)/gm)?.length ?? 0;
    if (fix.includes("another name") || (gaps > 0 && write === undefined)) return told;
    if (gaps > 0 && gaps !== write?.length) return [...told, `${fix}: nobody says what to write`];
    const { stays, more } = after(fix, path, raw, problems, judge, write);
    return [...told, ...(stays ? [`${fix}: the problem stays`] : []), ...more.map((place) => `${fix}: ${place} is new`)];
  });
}

function after(
  fix: string,
  path: Problem["path"],
  raw: Raw,
  problems: readonly Problem[],
  judge: Judge,
  write: readonly (string | number)[] | undefined,
) {
  const mended = structuredClone(raw);
  applyFix(mended, fix, write);
  const [before, left] = [problems, judge(mended)].map((found) => found.map((problem) => formatConfigPath(problem.path)));
  const at = formatConfigPath(path);
  const times = (places: readonly string[]) => places.filter((place) => place === at).length;
  return { stays: times(left!) >= times(before!), more: left!.filter((place) => !before!.includes(place)) };
}

/** Values that the commands of a fix set, gaps left out. */
function settingsOf(fix: string): Setting[] {
  return [...fix.matchAll(/config set --path ('[^']+'|\S+) ('(?:[^']|'\\'')*'|\S+)( --type string)?/g)].flatMap(
    ([, word = "", quoted = "", text]) => {
      const path = parsePath(word.replaceAll(/^'slipway:|^slipway:|'$/g, ""));
      const value = quoted.replaceAll(/^'|'$/g, "");
      if (value === "VALUE") return [];
      return [{ path, value: text === undefined && /^(?:-?[\d.]+|true|false)$/.test(value) ? (JSON.parse(value) as Scalar) : value }];
    },
  );
}

/** Whether a value is neither of the file, nor what the schema or the message names as the only one, nor its default. */
function isForeign(setting: Setting, problem: Problem, raw: Raw, judge: Judge): boolean {
  const { path, value } = setting;
  if (typeof value === "boolean" || textsOf(raw).some((text) => isOf(text, value))) return false;
  if (typeof value === "string" && problem.found.includes(value)) return false;
  const shape: Shape = shapeAtPath(path, raw[String(path[0])]) ?? {};
  if (value === shape.default || problem.found.endsWith(`did you mean ${value}?`)) return false;
  if (typeof value === "number") {
    const bounds = [shape.minimum, shape.maximum, ...(choicesOf(shape) ?? [])];
    const said = [problem.found, problem.allowed, problem.reason].join(" ").match(/-?\d+(?:\.\d+)?/g) ?? [];
    return !bounds.includes(value) && !said.map(Number).includes(value);
  }
  const choices = choicesOf(shape) ?? [];
  return !choices.includes(value) || choices.some((other) => other !== value && wouldDo(other, setting, problem, raw, judge));
}

/** Whether another value mends as well. */
function wouldDo(other: Scalar, { path, value }: Setting, { path: at, fix = "" }: Problem, raw: Raw, judge: Judge): boolean {
  const trial = structuredClone(raw);
  applyFix(trial, fix);
  setAt(trial, path, other);
  const places = (given: Raw) => judge(given).map((problem) => formatConfigPath(problem.path));
  const before = places(raw);
  return value !== other && places(trial).every((place) => before.includes(place) && place !== formatConfigPath(at));
}

/** Names and values that stand in a config. */
function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== "object" || value === null) return [String(value)];
  return Object.entries(value).flatMap(([key, item]) => [key, ...textsOf(item)]);
}

/** Whether a value is a text of the file, a part of it, or the same as its place takes it. */
function isOf(text: string, value: string | number): boolean {
  if (typeof value === "number") return text === String(value);
  return (
    text.includes(value) ||
    [text.replaceAll("-", "_"), posix.normalize(text)].includes(value) ||
    (/^[\d.:a-f]+\/\d+$/.test(text) && fromNetworkAddress(text) === value)
  );
}
