/** Fixes as they are printed: each is tried first, and one that leaves its problem or makes another leaves the value to a person. Pure. */
import { shapeAtPath } from "./areaShape.ts";
import type { RawConfig } from "./layers.ts";
import { type ConfigPath, changesOfCommands, formatConfigPath, type Problem } from "./problem.ts";
import { isRecord } from "./yamlFile.ts";

/**
 * The problems, those of whose fixes do no good without them.
 * @param judge what is wrong with a config
 */
export function harmlessFixes(problems: readonly Problem[], raw: RawConfig, judge: (raw: RawConfig) => readonly Problem[]): Problem[] {
  const before = new Set(problems.map(({ path }) => formatConfigPath(path)));
  return problems.map((problem) => {
    const changes = problem.fix === undefined ? undefined : changesOfCommands(problem.fix);
    if (changes === undefined) return problem;
    const mended = changes.reduce<unknown>((values, { path, value }) => withValue(values, path, value), raw) as RawConfig;
    const after = judge(mended).map(({ path }) => formatConfigPath(path));
    if (after.every((path) => before.has(path) && path !== formatConfigPath(problem.path))) return problem;
    const { fix: _, ...told } = problem;
    const { type } = shapeAtPath(problem.path, raw[String(problem.path[0])]) ?? {};
    return type === undefined || type === "object" || type === "array" ? told : { ...told, choose: true };
  });
}

/** A value with another at a path, or without what is there. What is not there on the way is made. */
function withValue(values: unknown, [part, ...rest]: ConfigPath, value: Problem["path"][number] | boolean | undefined): unknown {
  if (part === undefined) return value;
  const old = Array.isArray(values) || isRecord(values) ? (values as Readonly<Record<string | number, unknown>>)[part] : undefined;
  const inner = withValue(old, rest, value);
  if (typeof part === "number") {
    const list: unknown[] = Array.isArray(values) ? [...values] : [];
    if (inner === undefined) list.splice(part, 1);
    else list[part] = inner;
    return list;
  }
  const others = Object.entries(isRecord(values) ? values : {}).filter(([key]) => key !== part);
  return Object.fromEntries(inner === undefined ? others : [...others, [part, inner]]);
}
