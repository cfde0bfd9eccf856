/** Config in `Pulumi.yaml`: the engine puts it where the stack file says nothing, so that it lies over a base. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Layer, RawConfig } from "./layers.ts";
import { fileValue, keyPrefix } from "./ownKeys.ts";
import type { Origin, Problem, ProblemSource } from "./problem.ts";
import { textIn } from "./textFile.ts";
import { twoReadings } from "./twoReadings.ts";
import { isRecord, readYaml } from "./yamlFile.ts";

/** Name of the project's file. */
export const projectFile = "Pulumi.yaml";

/** A key of Slipway in the project's file. */
interface Declared {
  readonly name: string;
  /** Value or default; undefined when the engine asks the stack file for one. */
  readonly value: unknown;
  readonly at: Origin;
}

/**
 * Keys of Slipway that the project in a folder declares, without those of which the stack says something: there the engine takes the
 * stack's.
 * @param stack values of the stack file
 */
export function declaredKeys(folder: string, stack: RawConfig): Declared[] {
  const path = join(folder, projectFile);
  if (!existsSync(path)) return [];
  const { content, lineOf } = readYaml(textIn(path));
  if (!isRecord(content) || !isRecord(content.config)) return [];
  return Object.entries(content.config).flatMap(([key, declared]) => {
    const full = key.includes(":") ? key : `${content.name}:${key}`;
    const name = full.slice(keyPrefix.length);
    if (!full.startsWith(keyPrefix) || Object.hasOwn(stack, name)) return [];
    const value = isRecord(declared) ? (declared.default ?? declared.value) : declared;
    // Of another project's keys the engine asks for none.
    if ((value ?? undefined) === undefined && `${content.name}:` !== keyPrefix) return [];
    return [{ name, value: value ?? undefined, at: { file: projectFile, line: lineOf(["config", key]) ?? 1, path: [name] } }];
  });
}

/** Slipway's values in the project's file that may be read in two ways. */
export function oddDeclarations(folder: string): Problem[] {
  const path = join(folder, projectFile);
  if (!existsSync(path)) return [];
  const yaml = readYaml(textIn(path));
  const name = isRecord(yaml.content) ? yaml.content.name : undefined;
  return twoReadings(yaml, projectFile, (key) => (key.includes(":") ? key : `${name}:${key}`)).map(({ fix: _, ...problem }) => problem);
}

/** What they give, as the part of the config that it is. */
export function projectLayer(declared: readonly Declared[]): Layer {
  return {
    file: projectFile,
    values: Object.fromEntries(declared.flatMap(({ name, value }) => (value === undefined ? [] : [[name, fileValue(value)]]))),
    lineOf: ([area]) => declared.find(({ name }) => name === area)?.at.line,
  };
}

/** Declarations that a base cannot live with: those that ask the stack file itself for a value, and those that go before the base's. */
export function declarationProblems(declared: readonly Declared[], { file, filesOf }: ProblemSource): Problem[] {
  return declared.flatMap(({ name, value, at }): Problem[] => {
    const [base] = filesOf([name]);
    if (base === undefined) return [];
    const fix = `take ${name} out of config in ${projectFile}`;
    return value === undefined
      ? [{ path: [name], at, found: `is asked of ${file} itself, and is in ${base}`, allowed: `no key of Slipway in ${projectFile}`, fix }]
      : [{ path: [name], at, found: `is set for every stack, over what ${base} says`, fix, severity: "warning" }];
  });
}
