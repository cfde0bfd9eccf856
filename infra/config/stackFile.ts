/** Stack files as text: reading them outside the engine, and finding the line of a config path. */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Document, isMap, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { type RawConfig, scalarOf } from "./parse.ts";
import type { ConfigPath, ProblemSource } from "./problem.ts";

/** Prefix of Slipway's keys in a stack file, whatever the Pulumi project that runs it is called. */
export const keyPrefix = "slipway:";

/** A stack file as read: its values, and where each of them stands. */
export interface StackFile extends ProblemSource {
  /** Values under Slipway's keys, by key without the prefix. */
  readonly raw: RawConfig;
  /** Keys that hold an encrypted value somewhere. */
  readonly secretKeys: ReadonlySet<string>;
}

/** A stack file that is not there or is not YAML. The message is meant to be printed as it is. */
export class StackFileError extends Error {}

/**
 * Reads a stack file.
 * @throws StackFileError when it is absent or is not YAML
 */
export function readStackFile(path: string): StackFile {
  if (!existsSync(path)) throw new StackFileError(`${path} does not exist`);
  return parseStackFile(readFileSync(path, "utf8"), basename(path));
}

/** Reads the text of a stack file. @throws StackFileError when it is not YAML */
export function parseStackFile(text: string, file: string): StackFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) throw new StackFileError(`${file} is not valid YAML: ${error.message}`);
  const content: unknown = document.toJS();
  const config = isRecord(content) && isRecord(content.config) ? content.config : {};
  const raw: Record<string, unknown> = {};
  const secretKeys = new Set<string>();
  for (const [key, value] of Object.entries(config)) {
    if (!key.startsWith(keyPrefix)) continue;
    const name = key.slice(keyPrefix.length);
    if (holdsSecret(value)) secretKeys.add(name);
    raw[name] = scalarOf(withoutSecrets(value));
  }
  return { file, raw, secretKeys, lineOf: (path) => lineIn(document, lines, path) };
}

/** A source for problems when the stack file cannot be found: paths without lines. */
export function sourceWithoutLines(file: string): ProblemSource {
  return { file, lineOf: () => undefined };
}

/** Line of a path, or of the nearest thing above it. */
function lineIn(document: Document, lines: LineCounter, path: ConfigPath): number | undefined {
  const [area, ...rest] = path;
  const full = ["config", `${keyPrefix}${area}`, ...rest];
  for (let length = full.length; length >= 2; length--) {
    const offset = offsetOf(document, full.slice(0, length));
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return undefined;
}

/** Where the key of a path stands; for a list element, where the element stands. */
function offsetOf(document: Document, path: ConfigPath): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => String((key as Node & { value?: unknown }).value ?? key) === String(last));
    return (pair?.key as Node | undefined)?.range?.[0];
  }
  if (isSeq(parent) && typeof last === "number") return (parent.items[last] as Node | undefined)?.range?.[0];
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSecret(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}

function holdsSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

/** Encrypted values read as a placeholder: outside the engine nobody can decrypt them. */
function withoutSecrets(value: unknown): unknown {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}
