/** One thing that is wrong with a stack's config, and how it is printed. */

import { type BrokenRule, below, type Change, changesOf, type RulePath } from "../../components/contract/rule.ts";
import { pulumiCommand } from "./pulumiCommand.ts";

/** Keys and indices from the top of the config, without the project name: `["services", "api", "port"]`. */
export type ConfigPath = RulePath;

/** What was found, worded to follow the path. */
export type Finding = `${"is" | "has"} ${string}`;

/** Where a value stands. */
export interface Origin {
  /** Name of the file from the stack file's folder: `Pulumi.staging.yaml`, `base.yaml`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What stands there: the path that was asked for, or the nearest thing above it. */
  readonly path: ConfigPath;
}

/** A list of the stack that takes the place of its base's. */
export interface ReplacedList {
  readonly path: ConfigPath;
  /** The list that counts. */
  readonly list: readonly unknown[];
  /** The list that it takes the place of. */
  readonly under: readonly unknown[];
  /** Where that one stands. */
  readonly origin: Origin;
}

/** One thing that is wrong, or that only the cloud can judge. */
export interface Problem {
  readonly path: ConfigPath;
  /** Where it was found. @default where the value at the path stands */
  readonly at?: Origin;
  /** What was found, worded to follow the path: `is 250`, `is missing`. Never a secret value. */
  readonly found: Finding;
  /** Why it is refused, when the allowed values do not say it. */
  readonly reason?: string;
  /** What would be accepted. */
  readonly allowed?: string;
  /** Command that fixes it. */
  readonly fix?: string;
  /** A warning is told and refuses nothing. @default "error" */
  readonly severity?: "error" | "warning";
  /** A person has to choose the value; the command is shown with a place for it. */
  readonly choose?: true;
}

/** Where the problems were found: the files that a stack's config is read from. */
export interface ProblemSource {
  /** Name of the stack file, for example `Pulumi.production.yaml`. */
  readonly file: string;
  /** What is wrong with the files themselves, such as a base that is not there. @default nothing */
  readonly problems?: readonly Problem[];
  /** Whether a file could not be read, so that nothing can be said of the rest. @default false */
  readonly incomplete?: boolean;
  /** Where the value at a path stands, or the nearest thing above it; undefined when no file can tell. */
  readonly originOf: (path: ConfigPath) => Origin | undefined;
  /** Files that hold the value at a path, or the list that it is an element of: a command changes the first, or removes from all. */
  readonly filesOf: (path: ConfigPath) => readonly string[];
  /** The list of the stack's own that a path lies in or leads to, where it takes the place of a base's. */
  readonly replacedList: (path: ConfigPath) => ReplacedList | undefined;
  /** Stacks that have a file as their base. */
  readonly stacksOn: (base: string) => readonly string[];
}

/** The config of a stack cannot be used. The message lists every problem and is meant to be printed as it is. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], source: ProblemSource) {
    super(formatProblems(problems, source));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** All problems as text, in the order of the stack file, then of its bases. @param what they are. @default "problem" */
export function formatProblems(problems: readonly Problem[], source: ProblemSource, what: "problem" | "warning" = "problem"): string {
  const located = problems
    .map((problem) => ({ problem, origin: problem.at ?? source.originOf(problem.path), path: `slipway:${formatConfigPath(problem.path)}` }))
    .sort((a, b) => compareOrigins(a.origin, b.origin, source) || a.path.localeCompare(b.path))
    .map((entry) => ({ ...entry, place: placeOf(entry.origin, source) }));
  const placeWidth = Math.max(8, ...located.map(({ place }) => place.length));
  const pathWidth = Math.min(60, Math.max(...located.map(({ path }) => path.length)));
  const indent = " ".repeat(placeWidth + 4);
  const told = new Map<string, string>();
  const lines = located.flatMap(({ problem, place, path }) => {
    const fix = problem.fix ?? (problem.choose === true ? gapCommand(problem.path) : undefined);
    const commands = fix === undefined ? [] : inFiles(fix, problem, source);
    const before = told.get(commands.join("\n"));
    // Several commands that help several problems are printed once.
    if (commands.length > 1 && before === undefined) told.set(commands.join("\n"), path);
    const details = [
      problem.reason,
      problem.allowed && `allowed: ${problem.allowed}`,
      fix && `fix:     ${before === undefined ? commands.join(`\n${indent}         `) : `as for ${before} above`}`,
    ];
    return [
      "",
      `  ${place.padEnd(placeWidth)}  ${path.padEnd(pathWidth)}   ${problem.found}`,
      ...details.filter((text) => text !== undefined && text !== "").map((text) => `${indent}${text}`),
    ];
  });
  const text = [`${source.file} has ${problems.length} ${what}${problems.length === 1 ? "" : "s"}:`, ...lines].join("\n");
  return [text, ...sharing(text, source)].join("\n");
}

/** Own file first, then its bases by name, then what no file can tell; in each by line. */
function compareOrigins(a: Origin | undefined, b: Origin | undefined, { file }: ProblemSource): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return Number(a.file !== file) - Number(b.file !== file) || a.file.localeCompare(b.file) || a.line - b.line;
}

function placeOf(origin: Origin | undefined, { file }: ProblemSource): string {
  if (origin === undefined) return "";
  return origin.file === file ? `line ${origin.line}` : `${origin.file} line ${origin.line}`;
}

/** What stands in a command where only a person knows the value. */
const gap = "VALUE";

/** A whole command of a fix, with its value. */
const whole = /^pulumi config (set|rm) --path ('(?:[^']|'\\'')*'|\S+)(?: ('(?:[^']|'\\'')*'|\S+))?(?: --type (string|float))?(?: {3}#.*)?$/;

const command = /pulumi config (set|rm) --path ('(?:[^']|'\\'')*'|\S+)/;

/**
 * Makes the commands of a fix name the stack, which else is whichever happens to be selected, and the file that holds the value.
 * What no file holds yet is set where the problem's own value stands, else in the stack file: that changes one stack only.
 */
function inFiles(fix: string, { path: at }: Problem, source: ProblemSource): string[] {
  const lines = fix.split(/\n */);
  const stack = stackOf(source.file);
  if (stack === undefined) return lines;
  const [own = source.file] = source.filesOf(at);
  return lines.flatMap((line, index) => {
    const [whole, verb, word = ""] = command.exec(line) ?? [];
    if (whole === undefined) return [line];
    const held = source.filesOf(pathIn(word));
    // Elements that follow are set in the list that is there: without it they would be set in place of the base's.
    if (
      verb === "rm" &&
      held.length > 1 &&
      lines.slice(index + 1).some((next) => isBelow(pathIn(command.exec(next)?.[2] ?? ""), pathIn(word)))
    )
      return [];
    return (held.length === 0 ? [own] : verb === "set" ? held.slice(0, 1) : held).map((file) => {
      const inFile = file === source.file ? "" : ` --config-file ${quote(file)}`;
      return line.replace(command, () => pulumiCommand(`config ${verb} --stack ${stack}${inFile} --path ${word}`));
    });
  });
}

/** Path that a word of a command names. */
function pathIn(word: string): ConfigPath {
  return parseConfigPath(unquote(word).replace(/^slipway:/, ""));
}

/** Whether a path is another, or leads into it. */
export function isBelow(path: ConfigPath, above: ConfigPath): boolean {
  return above.every((part, index) => path[index] === part);
}

/** Name of the stack that a file is of; undefined when it is no stack file. */
export function stackOf(file: string): string | undefined {
  return /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1];
}

/** Whose config changes with a base that a text tells to change. */
function sharing(text: string, source: ProblemSource): string[] {
  const bases = [...new Set([...text.matchAll(/ --config-file (\S+)/g)].map(([, file = ""]) => file))];
  return bases.flatMap((base) => {
    const stacks = source.stacksOn(base);
    return stacks.length < 2 ? [] : ["", `  ${base} is the base of ${stacks.join(" and ")}: a change there changes each of them.`];
  });
}

/** `services.api.hosts[0]`, in the form that `pulumi config set --path` reads. */
export function formatConfigPath(path: ConfigPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[^.[\]"\s]+$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** The path that `formatConfigPath` wrote. */
export function parseConfigPath(text: string): ConfigPath {
  return [...text.matchAll(/\[("(?:[^"\\]|\\.)*")\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, name = ""]) =>
    quoted !== undefined ? (JSON.parse(quoted) as string) : index !== undefined ? Number(index) : name,
  );
}

/** Command that sets one value. Text that reads like a number has to be called text, or the engine stores a number. */
export function setCommand(path: ConfigPath, value: string | number | boolean): string {
  // The engine takes digits for an integer, true and false for a boolean, and everything else for text.
  const looksTyped = typeof value === "string" && /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(value);
  const type = looksTyped ? " --type string" : typeof value === "number" && !Number.isInteger(value) ? " --type float" : "";
  return `pulumi config set --path ${quote(`slipway:${formatConfigPath(path)}`)} ${quote(String(value))}${type}`;
}

/**
 * The same for one stack: what is printed where no file is judged.
 * @param stack as `--stack` names it
 * @param file that the value goes into. @default the stack's own
 */
export function setCommandOf(stack: string, path: ConfigPath, value: string | number | boolean, file?: string): string {
  const into = file === undefined ? "" : ` --config-file ${file}`;
  return pulumiCommand(setCommand(path, value).replace(/^pulumi config set/, `config set --stack ${stack}${into}`));
}

/** Command that sets a value which only a person knows. @param choice what to choose between */
export function gapCommand(path: ConfigPath, choice = "a value of yours"): string {
  return `${setCommand(path, gap)}   # with ${choice}`;
}

/** A broken rule with the command that mends it. @param at where the fields of its contract stand in the config */
export function inConfig(at: ConfigPath, rule: BrokenRule): Problem {
  const { fix, ...broken } = below(at, rule);
  const commands = changesOf(fix).map(({ path, value, choose }) => {
    if (choose !== undefined) return gapCommand(path, choose);
    return value === undefined ? removeCommand(path) : setCommand(path, value);
  });
  return commands.length === 0 ? broken : { ...broken, fix: inTurn(commands) };
}

/** What the commands of a fix change; undefined where they have a gap, or where something else is to be done. */
export function changesOfCommands(fix: string): readonly Change[] | undefined {
  const changes = fix.split(/\n */).map((line): Change | undefined => {
    const [, verb, word = "", given = "", type] = whole.exec(line) ?? [];
    const text = unquote(given);
    if (verb === undefined || (verb === "set" && text === gap)) return undefined;
    if (verb === "rm") return { path: pathIn(word) };
    const typed = type === "float" || (type === undefined && /^(?:-?\d+|true|false)$/.test(text));
    return { path: pathIn(word), value: typed ? (JSON.parse(text) as number | boolean) : text };
  });
  return changes.includes(undefined) ? undefined : (changes as Change[]);
}

/** Commands of one fix, one after the other. */
export function inTurn(commands: readonly string[]): string {
  return commands.join("\n                     ");
}

/** Command that removes one key. */
export function removeCommand(path: ConfigPath): string {
  return `pulumi config rm --path ${quote(`slipway:${formatConfigPath(path)}`)}`;
}

/** The scalars in a value, each with its path: what commands set one by one. */
export function leavesOf(path: ConfigPath, example: unknown): [ConfigPath, string | number | boolean][] {
  if (typeof example === "string" || typeof example === "number" || typeof example === "boolean") return [[path, example]];
  if (Array.isArray(example)) return example.flatMap((item, index) => leavesOf([...path, index], item));
  if (typeof example !== "object" || example === null) return [];
  return Object.entries(example).flatMap(([key, item]) => leavesOf([...path, key], item));
}

/** A word of a command as a shell takes it for one. */
export function quote(word: string): string {
  return /^[\w.:/@=+-]+$/.test(word) && !word.includes(":/") && !word.startsWith("slipway:") && !word.startsWith("-")
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}

function unquote(word: string): string {
  return word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word;
}
