/** Lines of a stack's files that differ from what the target branch has. Pure but for the files that it is given. */
import { isDeepStrictEqual } from "node:util";
import { shapeAtPath } from "../../infra/config/areaShape.ts";
import { type ConfigPath, formatConfigPath, type ProblemSource } from "../../infra/config/problem.ts";
import type { StackFile } from "../../infra/config/stackFile.ts";
import { isRecord } from "../../infra/config/yamlFile.ts";
import { maskPair, scrubValue } from "./masking.ts";
import { type Json, type JsonObject, shortText } from "./propertyValue.ts";

/** One value that differs. Encrypted values stand as `[secret]` on both sides, and never differ. */
export interface ConfigLine {
  readonly path: ConfigPath;
  /** Parts of the path that somebody chose: `api` of `services.api.port`. */
  readonly names: readonly string[];
  /** Undefined where it was not set. */
  readonly before: unknown;
  /** Undefined where it is not set any more. */
  readonly after: unknown;
  /** `base.yaml:12`; of a value that went, where it stood. */
  readonly at: string;
}

/** A side of the comparison. */
type Side = Pick<StackFile, "raw"> & Pick<ProblemSource, "originOf">;

/** What differs, in the order of the paths. Maps are compared by key, lists as wholes unless both are of maps and as long. */
export function configLines(before: Side, after: Side): ConfigLine[] {
  return differing([], before.raw, after.raw).map(({ path, ...values }) => {
    const [held, gone] = [after.originOf(path), before.originOf(path)];
    // What went has no line in the new file: the nearest thing above it would be somebody else's.
    const origin = values.after === undefined ? gone : held;
    const at = origin === undefined ? "" : `${origin.file}:${origin.line}${values.after === undefined ? " before" : ""}`;
    return { path, names: namesIn(path, after.raw), ...values, at };
  });
}

/** `services.api.release.candidateWeight 5 → 25`. Without what is a secret on either side, by its mark, its name or its look. */
export function lineText({ path, before, after }: Values): string {
  const key = String(path.findLast((part) => typeof part === "string"));
  const bag = (value: unknown): JsonObject => (value === undefined ? {} : { [key]: value as Json });
  const masked = maskPair(bag(before), bag(after));
  const said = (side: Json = {}) => {
    const value = (scrubValue(side, masked.revealed) as JsonObject)[key];
    return value === undefined ? "not set" : shortText(value, 60);
  };
  return `${formatConfigPath(path)} ${said(masked.before)} → ${said(masked.after)}`;
}

type Values = Pick<ConfigLine, "path" | "before" | "after">;

/** Keys of maps that are no fields of a contract. */
function namesIn(path: ConfigPath, raw: StackFile["raw"]): string[] {
  return path.flatMap((part, index) => {
    const holder = index === 0 ? undefined : shapeAtPath(path.slice(0, index), raw[String(path[0])]);
    const chosen =
      typeof part === "string" && holder !== undefined && holder.additionalProperties && !Object.hasOwn(holder.properties ?? {}, part);
    return chosen ? [part] : [];
  });
}

function differing(path: ConfigPath, before: unknown, after: unknown): Values[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isRecord(before) && isRecord(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .sort()
      .flatMap((key) => differing([...path, key], before[key], after[key]));
  const alike = Array.isArray(before) && Array.isArray(after) && before.length === after.length && [...before, ...after].every(isRecord);
  if (alike) return after.flatMap((item, index) => differing([...path, index], before[index], item));
  return [{ path, before, after }];
}
