/** The only place that reads config from the engine. Everything else gets a `StackConfig`. */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { getStack, log, RunError, runtime } from "@pulumi/pulumi";
import { parseConfig, type RawConfig, scalarOf } from "../config/parse.ts";
import type { ProblemSource } from "../config/problem.ts";
import type { StackConfig } from "../config/stack.ts";
import { keyPrefix, readStackFile, sourceWithoutLines } from "../config/stackFile.ts";

/**
 * Config of the stack that the engine runs.
 * @throws RunError with every problem of the stack file, printed without a stack trace
 */
export function readEngineConfig(): StackConfig {
  const source = problemSource();
  try {
    return parseConfig(engineValues(), source, { secretKeys: secretKeys(), warn: (text) => void log.warn(text) });
  } catch (error) {
    throw new RunError(error instanceof Error ? error.message : String(error));
  }
}

/** Where problems of this stack's config are found: its stack file, when it can be read. It is read when a line is asked for. */
export function problemSource(): ProblemSource {
  const path = stackFilePath();
  const file = path === undefined ? `Pulumi.${getStack()}.yaml` : basename(path);
  let source: ProblemSource | undefined;
  return {
    file,
    lineOf: (place) => {
      source ??= path === undefined ? sourceWithoutLines(file) : sourceIn(path);
      return source.lineOf(place);
    },
  };
}

function sourceIn(path: string): ProblemSource {
  try {
    return readStackFile(path);
  } catch {
    return sourceWithoutLines(basename(path));
  }
}

/** The engine hands over scalars as text and everything else as JSON. */
function engineValues(): RawConfig {
  const ours = Object.entries(runtime.allConfig()).filter(([key]) => key.startsWith(keyPrefix));
  return Object.fromEntries(ours.map(([key, text]) => [key.slice(keyPrefix.length), parseValue(text)]));
}

function parseValue(text: string): unknown {
  if (!/^[[{]/.test(text)) return scalarOf(text);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function secretKeys(): ReadonlySet<string> {
  const keys = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as readonly string[];
  return new Set(keys.filter((key) => key.startsWith(keyPrefix)).map((key) => key.slice(keyPrefix.length)));
}

/** `SLIPWAY_STACK_FILE` when a tool runs a copy; else the file beside the nearest `Pulumi.yaml`. */
export function stackFilePath(): string | undefined {
  const given = process.env.SLIPWAY_STACK_FILE;
  if (given !== undefined && given !== "") return given;
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return join(folder, `Pulumi.${getStack()}.yaml`);
    if (dirname(folder) === folder) return undefined;
  }
}
