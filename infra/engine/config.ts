/** The only place that reads config from the engine. Everything else gets a `StackConfig`. */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { getProject, getRootDirectory, getStack, log, RunError, runtime } from "@pulumi/pulumi";
import type { RawConfig } from "../config/layers.ts";
import { engineValue, ownValues } from "../config/ownKeys.ts";
import { parseConfig } from "../config/parse.ts";
import type { ProblemSource } from "../config/problem.ts";
import type { StackConfig } from "../config/stack.ts";
import { type StackFile, stackFileOf } from "../config/stackFile.ts";
import { textIn } from "../config/textFile.ts";
import { isRecord, readYaml } from "../config/yamlFile.ts";
import { engineProcess } from "./engineProcess.ts";

/**
 * Config of the stack that the engine runs: its values over those of the bases that they name.
 * @throws RunError with every problem of the stack file, printed without a stack trace
 */
export function readEngineConfig(): StackConfig {
  const { raw, secretKeys, ...source } = stackFile();
  try {
    return parseConfig(raw, source, { secretKeys, warn: (text) => void log.warn(text) });
  } catch (error) {
    throw new RunError(error instanceof Error ? error.message : String(error));
  }
}

/** Where problems of this stack's config are found: its stack file, when it can be read, and its bases. */
export function problemSource(): ProblemSource {
  return stackFile();
}

function stackFile(): StackFile {
  const path = stackFilePath();
  const file = path === undefined ? `Pulumi.${getStack()}.yaml` : basename(path);
  return stackFileOf(engineValues(), path, file, secretKeys());
}

/** The engine hands over scalars as text and everything else as JSON. */
function engineValues(): RawConfig {
  const own = ownValues(runtime.allConfig());
  return Object.fromEntries(Object.entries(own).map(([key, text]) => [key, engineValue(String(text))]));
}

function secretKeys(): ReadonlySet<string> {
  const keys = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as readonly string[];
  return new Set(Object.keys(ownValues(Object.fromEntries(keys.map((key) => [key, true])))));
}

/**
 * The stack's file: `SLIPWAY_STACK_FILE` when a tool runs a copy, else the one beside the `Pulumi.yaml` of this project. The language
 * host says where that is; under one that does not, it is looked for from the engine's folder upwards, then
 * from the program's, which may be in another project.
 */
export function stackFilePath(): string | undefined {
  const given = process.env.SLIPWAY_STACK_FILE;
  if (given !== undefined && given !== "") return given;
  const above = [engineProcess()?.folder, process.cwd()].flatMap((folder) => (folder === undefined ? [] : withThoseAbove(folder)));
  const project = [getRootDirectory(), ...above].find((folder) => projectIn(folder) === getProject());
  return project === undefined ? undefined : join(project, `Pulumi.${getStack()}.yaml`);
}

function withThoseAbove(folder: string): string[] {
  return dirname(folder) === folder ? [folder] : [folder, ...withThoseAbove(dirname(folder))];
}

/** Name of the project whose `Pulumi.yaml` is in a folder: a program may lie in the folder of another. */
function projectIn(folder: string): unknown {
  const file = join(folder, "Pulumi.yaml");
  const content = existsSync(file) ? readYaml(textIn(file)).content : undefined;
  return isRecord(content) ? content.name : undefined;
}
