/** A stack's config as its files say it: the stack file, the project's own and the bases, merged, and where each value stands. */
import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import { showValue } from "../../components/contract/rule.ts";
import { readBases, stacksOn } from "./baseFiles.ts";
import { baseKey } from "./baseText.ts";
import { holdersOf, type Layer, mergedLayers, originIn, type RawConfig, replacedList, valueIn } from "./layers.ts";
import { fileValue, holdsSecret, keyPrefix, ownValues } from "./ownKeys.ts";
import { type ConfigPath, type Finding, leavesOf, type Problem, type ProblemSource, setCommand } from "./problem.ts";
import { declarationProblems, declaredKeys, oddDeclarations, projectFile, projectLayer } from "./projectFile.ts";
import { textIn } from "./textFile.ts";
import { twoReadings } from "./twoReadings.ts";
import { isRecord, readYaml } from "./yamlFile.ts";

/** A stack file as read: its values, and where each of them stands. */
export interface StackFile extends ProblemSource {
  /** Values under Slipway's keys, by key without the prefix, over those of the bases. */
  readonly raw: RawConfig;
  /** Keys that hold an encrypted value somewhere. */
  readonly secretKeys: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/** A stack file that is not there or is not YAML. The message is meant to be printed as it is. */
export class StackFileError extends Error {}

/**
 * Reads a stack file and what lies under it.
 * @throws StackFileError when the stack file is absent or is not YAML; what is wrong with a base is in `problems`
 */
export function readStackFile(path: string): StackFile {
  const { layers, secretKeys, declared, imports, unread, odd } = ownLayers(path);
  const stack = onBases(path, Object.assign({}, ...layers.map(({ values }) => values)), () => layers, secretKeys);
  const problems = [...odd, ...declarationProblems(declared, stack), ...imports.filter(() => stack.filesOf([baseKey]).length > 0)];
  return { ...stack, problems: [...unread, ...stack.problems, ...problems], incomplete: unread.length > 0 || stack.incomplete === true };
}

/**
 * The same from values that the engine hands over. The stack file itself is read when a line is asked for.
 * @param path of the stack file, which may not be there; undefined when nobody knows its folder
 * @param file its name
 */
export function stackFileOf(
  given: RawConfig,
  path: string | undefined,
  file: string,
  secretKeys: ReadonlySet<string> = new Set(),
): StackFile {
  const unread = [{ file, values: given, lineOf: () => undefined }];
  const layers = () => {
    try {
      return path === undefined ? unread : ownLayers(path).layers;
    } catch {
      return unread;
    }
  };
  const stack = onBases(path ?? file, given, layers, secretKeys, path === undefined);
  return { ...stack, problems: [...stack.problems, ...(path !== undefined && existsSync(path) ? oddIn(path) : [])] };
}

/** What may be read in two ways in a stack file and its project's. The engine has read the first already: what it could not read is not told again. */
function oddIn(path: string, yaml = readYaml(textIn(path))): Problem[] {
  return [...twoReadings(yaml, basename(path)), ...oddDeclarations(dirname(path))];
}

/** What a stack file says, and its project's `Pulumi.yaml` below it. */
function ownLayers(path: string) {
  if (!existsSync(path)) throw new StackFileError(`${path} does not exist`);
  const file = basename(path);
  const yaml = readYaml(textIn(path));
  const { content, errors, lineOf } = yaml;
  const [error] = errors;
  if (error !== undefined) throw new StackFileError(`${file} is not valid YAML: ${error.message} at line ${error.line}`);
  const config = ownValues(isRecord(content) ? content.config : undefined);
  const why = unreadable(content);
  const values = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, fileValue(value)]));
  const declared = declaredKeys(dirname(path), values);
  const own: Layer = { file, values, lineOf: ([area, ...rest]) => lineOf(["config", `${keyPrefix}${area}`, ...rest]) };
  const line = lineOf(["environment"]);
  const found: Finding = "is under the environments that the stack file imports, which only the engine can read";
  return {
    layers: [projectLayer(declared), own],
    declared,
    unread:
      why === undefined
        ? []
        : [
            {
              path: [],
              at: { file, line: lineOf(["config"]) ?? 1, path: [] },
              found: why,
              allowed: `config:, and below it keys such as ${keyPrefix}system`,
            },
          ],
    odd: oddIn(path, yaml),
    imports: line === undefined ? [] : [{ path: [baseKey], at: { file, line, path: [] }, found, severity: "warning" as const }],
    secretKeys: new Set(Object.keys(config).filter((key) => holdsSecret(config[key]))),
  };
}

/** Why a stack file cannot have a config; undefined where it has one, and where it only has keys of the engine, as a new one does. */
function unreadable(content: unknown): Finding | undefined {
  if (content === null || content === undefined) return "is empty";
  if (!isRecord(content)) return "has no map at its top";
  if (!Object.hasOwn(content, "config") || isRecord(content.config)) return undefined;
  return content.config === null ? "has nothing under config:" : "has no map under config:";
}

/** Puts the bases that a stack names under its own values. @param own layers of these values, read when they are asked for */
function onBases(
  path: string,
  { [baseKey]: named, ...values }: RawConfig,
  own: () => readonly Layer[],
  secretKeys: ReadonlySet<string>,
  lost = false,
): StackFile {
  const [file, folder] = [basename(path), lost ? undefined : dirname(path)];
  const bases = readBases(named, folder, file);
  const merged = [...bases.layers, { file, values, lineOf: () => undefined }];
  const raw = named === undefined ? values : mergedLayers(merged);
  let read: readonly Layer[] | undefined;
  const layers = () => {
    read ??= [...bases.layers, ...own()];
    return read;
  };
  return {
    file,
    raw,
    secretKeys,
    problems: [...bases.problems, ...listsWithGaps(merged, raw)],
    incomplete: bases.incomplete,
    originOf: (place) => originIn(layers(), place),
    filesOf: (place) => filesOf(layers(), place),
    replacedList: (place) => replacedList(layers(), place),
    stacksOn: (base) => (folder === undefined ? [] : stacksOn(base, folder)),
  };
}

/** Files that hold the value at a path, or the list that it is an element of. */
function filesOf(layers: readonly Layer[], path: ConfigPath): string[] {
  // No command changes the project's file.
  const held = holdersOf(layers, path).flatMap(({ file }) => (file === projectFile ? [] : [file]));
  if (held.length > 0 || path.length < 2) return held;
  const above = path.slice(0, -1);
  const [holder] = holdersOf(layers, above);
  if (holder === undefined) return filesOf(layers, above);
  return Array.isArray(valueIn(holder.values, above)) ? [holder.file] : [];
}

/** Lists of the stack's own that have nothing in some places, where a base has a list: somebody set an element of the base's. */
function listsWithGaps(layers: readonly Layer[], value: unknown, path: ConfigPath = []): Problem[] {
  if (!Array.isArray(value))
    return Object.entries(isRecord(value) ? value : {}).flatMap(([key, item]) => listsWithGaps(layers, item, [...path, key]));
  const replaced = value.includes(null) ? replacedList(layers, path) : undefined;
  if (replaced === undefined) return [];
  const { under, origin } = replaced;
  const whole = Array.from({ length: Math.max(value.length, under.length) }, (_, index) => value[index] ?? under[index]);
  return [
    {
      path,
      found: `is ${showValue(value)}, in place of the list in ${origin.file} line ${origin.line}`,
      reason: "A list takes the place of a base's as a whole: no element of it can be set alone.",
      allowed: "the whole list",
      fix: leavesOf(path, whole)
        .map(([leaf, item]) => setCommand(leaf, item))
        .join("\n"),
    },
  ];
}
