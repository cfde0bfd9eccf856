/** Bases: plain YAML files beside a stack file, whose values lie under the stack's own. */
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { closest } from "fastest-levenshtein";
import { showValue } from "../../components/contract/rule.ts";
import { type Base, baseKey, readBase } from "./baseText.ts";
import type { Layer } from "./layers.ts";
import { ownValues } from "./ownKeys.ts";
import { type ConfigPath, type Problem, removeCommand, setCommand, stackOf } from "./problem.ts";
import { textIn } from "./textFile.ts";
import { isRecord, readYaml } from "./yamlFile.ts";

/** The bases of a stack. */
export interface Bases {
  /** What they hold, in the stack's order: later ones lie over earlier ones. */
  readonly layers: readonly Layer[];
  readonly problems: readonly Problem[];
  /** Whether one could not be read, so that nothing can be said of the whole. */
  readonly incomplete: boolean;
}

/**
 * Reads the bases that a stack names. Never throws: what is wrong with them is told all at once.
 * @param named value of `slipway:base`: a name or a list of names; undefined when there is no base
 * @param folder of the stack file; undefined when nobody knows
 * @param stackFile its name
 */
export function readBases(named: unknown, folder: string | undefined, stackFile: string): Bases {
  const names: readonly unknown[] = Array.isArray(named) ? named : named === undefined || named === null ? [] : [named];
  const bases = names.map((name, index): Base => {
    const path = Array.isArray(named) ? [baseKey, index] : [baseKey];
    if (names.indexOf(name) < index)
      return { problems: [{ path, found: "is named before", allowed: "a base once", fix: removeCommand(path) }] };
    const file = baseFile(name, path, folder, stackFile);
    return typeof file === "string" ? readBase(textIn(file), String(name), stackFile) : { problems: [file] };
  });
  return {
    layers: bases.flatMap(({ layer }) => layer ?? []),
    problems: bases.flatMap(({ problems }) => problems),
    incomplete: bases.some(({ layer }) => layer === undefined),
  };
}

/** Names of the bases in the text of a stack file, as they stand there. */
export function baseNames(text: string): string[] {
  const { content } = readYaml(text);
  const named = isRecord(content) ? ownValues(content.config)[baseKey] : undefined;
  return (Array.isArray(named) ? named : [named]).filter((name) => typeof name === "string");
}

/** Stacks in a folder that have a file as their base, by name. */
export function stacksOn(base: string, folder: string): string[] {
  const stacks = readdirSync(folder).flatMap((file) => stackOf(file) ?? []);
  return stacks.filter((stack) => baseNames(textIn(join(folder, `Pulumi.${stack}.yaml`))).includes(base)).sort();
}

/** Path of the file that a name leads to, or why there is none. */
function baseFile(name: unknown, path: ConfigPath, folder: string | undefined, stackFile: string): string | Problem {
  const allowed = `the name of a YAML file in the folder of ${stackFile}, or a list of them`;
  if (typeof name !== "string") return { path, found: `is ${showValue(name)}`, allowed, choose: true };
  if (folder === undefined)
    return {
      path,
      found: `is ${name}, and the folder of ${stackFile} is not known`,
      reason: "Neither the language host says where the project is, nor is its Pulumi.yaml in the program's folder or one above.",
      fix: `export SLIPWAY_STACK_FILE=<path of ${stackFile}>`,
    };
  const file = join(folder, name);
  const others = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name) && !isOfEngine(entry.name))
    .map((entry) => entry.name);
  const refused = (why: string): Problem => ({
    path,
    found: `is ${name}, which ${why}`,
    allowed,
    fix: others.length === 0 ? removeCommand(path) : setCommand(path, closest(name, others)),
  });
  if (isAbsolute(name) || isOutside(folder, file)) return refused("is outside of the folder");
  if (isOfEngine(name)) return refused("is a file of the engine");
  if (!existsSync(file)) return refused("does not exist");
  if (isOutside(realpathSync(folder), realpathSync(file))) return refused("leads out of the folder");
  return statSync(file).isFile() ? file : refused("is no file");
}

function isOfEngine(name: string): boolean {
  return /^(?:\.\/)*Pulumi(?:\..+)?\.ya?ml$/.test(name);
}

function isOutside(folder: string, file: string): boolean {
  return relative(folder, file).split(/[\\/]/)[0] === "..";
}
