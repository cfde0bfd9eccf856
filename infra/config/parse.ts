/** From raw values to one immutable `StackConfig`, or to every problem at once. Pure: no file, no environment. */

import { closest, distance } from "fastest-levenshtein";
import { brokenRule, oncePerPath, showValue, withoutRules } from "../../components/contract/rule.ts";
import { choicesOf, describeShape, type Shape, suggestion } from "../../components/contract/shape.ts";
import type { z } from "../../components/contract/zod.ts";
import { type AreaName, areaNames, areas, type PartialStackConfig, type StackConfig } from "../../components/environment/contract.ts";
import { brokenTogether } from "../../components/environment/rules.ts";
import { shapeAtPath } from "./areaShape.ts";
import { encryptedValueProblems } from "./encryptedValues.ts";
import { harmlessFixes } from "./harmlessFixes.ts";
import { type RawConfig, valueIn } from "./layers.ts";
import { notOffered } from "./notOffered.ts";
import {
  ConfigError,
  type ConfigPath,
  type Finding,
  formatConfigPath,
  formatProblems,
  gapCommand,
  inConfig,
  inTurn,
  isBelow,
  type Problem,
  type ProblemSource,
  removeCommand,
  setCommand,
} from "./problem.ts";

/** What the reader of a config knows besides its values. */
interface ParseOptions {
  /** Top-level keys whose values are secret: never printed. @default none */
  readonly secretKeys?: ReadonlySet<string>;
  /** Takes what the config is warned of, all in one text for people. @default nobody hears of it */
  readonly warn?: (text: string) => void;
}

/**
 * Reads the whole config.
 * @throws ConfigError listing every problem with line, path, value, what is allowed and the command that fixes it
 */
export function parseConfig(raw: RawConfig, source: ProblemSource, options: ParseOptions = {}): StackConfig {
  const { problems: told = [], incomplete = false } = source;
  const inFiles = told.filter((problem) => !isWarning(problem));
  if (incomplete) throw new ConfigError(inFiles, source);
  const { config, problems: found, warnings: heard } = examine(raw, options);
  const warnings = [...told.filter(isWarning), ...heard];
  const judged = harmlessFixes(found, raw, (mended) => examine(mended, options).problems);
  const others = [...judged, ...encryptedValueProblems(options.secretKeys ?? new Set())];
  const problems = [...inFiles, ...others.filter(({ path }) => !inFiles.some((told) => isBelow(path, told.path))).map(inPlaceOf(source))];
  if (problems.length > 0) throw new ConfigError(problems, source);
  if (warnings.length > 0) options.warn?.(formatProblems(warnings, source, "warning"));
  return deepFreeze(config) as StackConfig;
}

/** What could be read, and what is wrong with the rest. */
interface Examined {
  readonly config: PartialStackConfig;
  readonly problems: Problem[];
  /** What refuses nothing and somebody should hear of. */
  readonly warnings: Problem[];
}

/** Reads what can be read. */
export function examine(raw: RawConfig, options: ParseOptions = {}): Examined {
  const problems: Problem[] = ownNamesOfObjects(raw);
  const config: Record<string, unknown> = {};
  for (const key of Object.keys(raw)) if (!Object.hasOwn(areas, key)) problems.push(unknownKey([], key, areaNames, raw));
  for (const area of areaNames) {
    const secret = options.secretKeys?.has(area) === true;
    const result = areas[area].safeParse(raw[area]);
    if (result.success) config[area] = result.data;
    else {
      const { issues } = result.error;
      const found = issues.flatMap((issue) => problemsOf(issue, area, raw[area], secret));
      problems.push(...oncePerPath(found, ({ path }) => formatConfigPath(path)));
      if (issues.every((issue) => brokenRule(issue) !== undefined)) config[area] = withoutRules(() => areas[area].parse(raw[area]));
    }
  }
  const together = brokenTogether(config as PartialStackConfig).map((broken) => inConfig([], broken));
  problems.push(...together.filter((problem) => !isWarning(problem)));
  return { config: config as PartialStackConfig, problems, warnings: together.filter(isWarning) };
}

/** `__proto__` as a name, which readers of JavaScript leave out without a word. At the top it is no known key. */
function ownNamesOfObjects(value: unknown, path: ConfigPath = []): Problem[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    if (key !== "__proto__" || path.length === 0) return ownNamesOfObjects(item, at);
    return [
      { path: at, found: "is not a good name" as const, allowed: "another name", fix: `${removeCommand(at)}   # and give it another name` },
    ];
  });
}

function isWarning({ severity }: Problem): boolean {
  return severity === "warning";
}

/** Says of a problem in a list that the list takes the place of a base's: who set one element alone did not mean that. */
function inPlaceOf({ replacedList }: ProblemSource): (problem: Problem) => Problem {
  return (problem) => {
    const replaced = replacedList(problem.path);
    if (replaced === undefined) return problem;
    const { list, under, origin } = replaced;
    const whole = `This list, of ${list.length}, takes the place of the one in ${origin.file} line ${origin.line}, of ${under.length}.`;
    return { ...problem, reason: problem.reason === undefined ? whole : `${problem.reason} ${whole}` };
  };
}

function problemsOf(issue: z.core.$ZodIssue, area: AreaName, raw: unknown, secret: boolean): Problem[] {
  const path: ConfigPath = [area, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
  const value = valueIn(raw, path.slice(1));
  const shape = shapeAtPath(path, raw);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey(path, key, Object.keys(shape?.properties ?? {}), secret ? {} : value));
  if (issue.code === "invalid_key") {
    const key = String(path.at(-1));
    return [
      {
        path,
        found: "is not a good name",
        allowed: issue.issues[0]?.message ?? "another name",
        fix: `${removeCommand(path)}   # and give ${JSON.stringify(key)} another name`,
      },
    ];
  }
  const broken = brokenRule(issue);
  if (broken !== undefined) return [inConfig(path.slice(0, path.length - broken.path.length), broken)];
  if (issue.code === "custom" && issue.params?.twice === true)
    return [{ path, found: `is ${showValue(value)}, which is given before`, allowed: "each one once", fix: removeCommand(path) }];
  // In a union of objects the variant is chosen by its constants; the rest of its problems are those of that variant.
  if (issue.code === "invalid_union" && issue.errors.length > 0 && shape?.type === "object") {
    const nearest = issue.errors.reduce((a, b) => (b.length < a.length ? b : a));
    return nearest.flatMap((inner) =>
      problemsOf({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue, area, raw, secret),
    );
  }
  const found: Finding = value === undefined ? "is missing" : `is ${secret ? "[secret]" : showValue(value)}${nearMiss(shape, value)}`;
  const allowed = shape === undefined ? undefined : describeShape(shape);
  const fix = fixOf(path, shape, value);
  const scalar = shape !== undefined && shape.type !== "object" && shape.type !== "array";
  const way = fix !== undefined ? { fix } : scalar || shape?.choose === true ? { choose: true as const } : {};
  return [{ path, found, ...(allowed === undefined ? {} : { allowed }), ...way }];
}

function unknownKey(at: ConfigPath, key: string, known: readonly string[], holder: unknown): Problem {
  const near = nearest(key, known);
  const path = [...at, key];
  // A mistyped key is renamed with its value; removing it alone would silently put the default in its place.
  const value = valueIn(holder, [key]);
  const renamed = near !== undefined && isScalar(value) && valueIn(holder, [near]) === undefined ? [setCommand([...at, near], value)] : [];
  const reason = notOffered(at, key);
  return {
    path,
    ...(reason === undefined ? {} : { reason }),
    found: `is not a known key${near === undefined ? "" : `; did you mean ${near}?`}`,
    ...(near === undefined && known.length > 0 ? { allowed: known.join(", ") } : {}),
    fix: inTurn([...renamed, removeCommand(path)]),
  };
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function nearMiss(shape: Shape | undefined, value: unknown): string {
  const choices = shape === undefined ? undefined : choicesOf(shape);
  const near = typeof value === "string" && choices !== undefined ? nearest(value, choices.map(String)) : undefined;
  return near === undefined ? "" : `; did you mean ${near}?`;
}

function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const near = closest(
    word.toLowerCase(),
    known.map((name) => name.toLowerCase()),
  );
  const found = known.find((name) => name.toLowerCase() === near);
  return found !== undefined && distance(word.toLowerCase(), near) <= Math.max(2, Math.floor(word.length / 4)) ? found : undefined;
}

/**
 * The command for one scalar; for an object or a list that is missing or none, the commands for what it needs at least. Examples are of
 * somebody else: what has neither bound, choice nor default is left to a person.
 */
function fixOf(path: ConfigPath, shape: Shape | undefined, value: unknown): string | undefined {
  if (shape === undefined) return undefined;
  if (Array.isArray(value) && value.length > 0) return missingElements(path, shape, value.length);
  const choices = choicesOf(shape);
  const near = typeof value === "string" && choices !== undefined ? nearest(value, choices.map(String)) : undefined;
  if (typeof value === "number" && shape.type === "string") return setCommand(path, String(value));
  if (near === undefined && shape.choose === true) return undefined;
  const good = near ?? asNumber(shape, value) ?? suggestion(shape, value);
  if (good !== undefined) return setCommand(path, good);
  if (shape.type !== "object" && shape.type !== "array") return undefined;
  const leaves = requiredLeaves(path, shape);
  if (leaves.length === 0) return undefined;
  const clear = value === undefined ? [] : [removeCommand(path)];
  return inTurn([...clear, ...leaves]);
}

/** The number that a text in quotes spells, when the place takes it. */
function asNumber(shape: Shape, value: unknown): number | undefined {
  if (typeof value !== "string" || !/^-?\d+$/.test(value) || (shape.type !== "integer" && shape.type !== "number")) return undefined;
  const number = Number(value);
  return number >= (shape.minimum ?? number) && number <= (shape.maximum ?? number) ? number : undefined;
}

/** A list keeps what is in it: only a person knows which of it may go. What it lacks is set behind it. */
function missingElements(path: ConfigPath, { items, minItems = 0 }: Shape, length: number): string | undefined {
  if (items === undefined || length >= minItems) return undefined;
  return inTurn(Array.from({ length: minItems - length }, (_, index) => requiredLeaves([...path, length + index], items)).flat());
}

/** Commands for what has to be there: with its default or only choice, else with a gap. */
function requiredLeaves(path: ConfigPath, shape: Shape): string[] {
  const choices = choicesOf(shape);
  const only = choices?.length === 1 ? choices[0] : shape.default;
  if (isScalar(only)) return [setCommand(path, only)];
  if (shape.type === "array") return shape.items === undefined ? [] : requiredLeaves([...path, 0], shape.items);
  if (shape.type !== "object") return [gapCommand(path)];
  return (shape.required ?? []).flatMap((key) => {
    const below = shape.properties?.[key];
    return below === undefined ? [] : requiredLeaves([...path, key], below);
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}
