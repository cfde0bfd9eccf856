/** Config for tests: the shipped stack files, changed in one place. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { RawConfig } from "../../infra/config/layers.ts";
import { parseConfig } from "../../infra/config/parse.ts";
import { ConfigError } from "../../infra/config/problem.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { readStackFile, type StackFile } from "../../infra/config/stackFile.ts";

const root = join(import.meta.dirname, "..", "..");

/** A value inside a raw config, to be set or removed. */
export type Edits = Readonly<Record<string, unknown>>;

const stackFiles = new Map<string, StackFile>();

/** Systems that are no examples. */
const folders: Readonly<Record<string, string>> = { bench: join(root, "bench", "stack"), shop: join(root, "test", "review", "shop") };

/**
 * Folder and name of a shipped stack.
 * @param stack `production` for the project's own, `clearhold/production` for an example's, `bench/production` for what the bench
 *   measures: services in one region and nothing before them, the smallest that most tests change in one place; `shop/production`
 *   for the system whose pull requests are tried
 */
export function sourceOf(stack: string): { readonly folder: string; readonly name: string } {
  const [name = "", system] = stack.split("/").reverse();
  if (system === undefined) return { folder: root, name };
  return { folder: folders[system] ?? join(root, "examples", system), name };
}

/** A shipped stack file, read once. @param stack see {@link sourceOf} */
export function stackFile(stack: string): StackFile {
  const known = stackFiles.get(stack);
  if (known !== undefined) return known;
  const { folder, name } = sourceOf(stack);
  const file = readStackFile(join(folder, `Pulumi.${name}.yaml`));
  stackFiles.set(stack, file);
  return file;
}

/** All example stacks, such as `clearhold/production`. */
export const exampleStacks: readonly string[] = readdirSync(join(root, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => [`${name}/production`, `${name}/staging`])
  .sort();

/** Raw config of a shipped stack with values set by path (`services.api.port`); undefined removes the key. */
export function rawConfig(stack: string, edits: Edits = {}): Record<string, unknown> {
  const raw = structuredClone(stackFile(stack).raw) as Record<string, unknown>;
  for (const [path, value] of Object.entries(edits)) setAt(raw, path.split("."), structuredClone(value));
  return raw;
}

/** Parsed config of a shipped stack with values set by path. @throws ConfigError when the edits make it bad */
export function configOf(stack: string, edits: Edits = {}): StackConfig {
  return parse(rawConfig(stack, edits), stack);
}

export function parse(raw: RawConfig, stack = "bench/production"): StackConfig {
  return parseConfig(raw, stackFile(stack));
}

/** What a person reads who runs a bad config; empty when it is good. */
export function errorOf(raw: RawConfig, stack = "bench/production"): string {
  try {
    parse(raw, stack);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
}

/** Sets or removes one value; missing objects on the way are made. */
export function setAt(target: Record<string, unknown>, path: readonly (string | number)[], value: unknown): void {
  let holder: Record<string | number, unknown> = target;
  for (const [index, part] of path.slice(0, -1).entries()) {
    if (typeof holder[part] !== "object" || holder[part] === null) holder[part] = typeof path[index + 1] === "number" ? [] : {};
    holder = holder[part] as Record<string | number, unknown>;
  }
  const last = path.at(-1)!;
  if (value === undefined) Array.isArray(holder) ? holder.splice(Number(last), 1) : delete holder[last];
  else holder[last] = value;
}

/** Applies a printed `pulumi config set|rm --path` command the way the engine does. @param write what a person puts into its gaps */
export function applyFix(raw: Record<string, unknown>, command: string, write: readonly (string | number)[] = []): void {
  const left = [...write];
  for (const line of command.split("\n").map((text) => text.replace(/ {3}#.*$/, "").trim())) {
    const words = [...line.matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map(([, quoted, bare]) => quoted?.replaceAll("'\\''", "'") ?? bare!);
    const path = parsePath(words[4]!.replace(/^slipway:/, ""));
    if (words[2] === "rm") setAt(raw, path, undefined);
    else if (words[5] === "VALUE") setAt(raw, path, left.shift() ?? "VALUE");
    else if (words.includes("float")) setAt(raw, path, Number(words[5]));
    else setAt(raw, path, words.includes("--type") ? words[5] : scalar(words[5]!));
  }
}

/** Parts of a path as commands write it. */
export function parsePath(text: string): (string | number)[] {
  return [...text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, name]) =>
    quoted !== undefined ? (JSON.parse(`"${quoted}"`) as string) : index !== undefined ? Number(index) : name!,
  );
}

function scalar(word: string): unknown {
  if (/^-?\d+$/.test(word)) return Number(word);
  return word === "true" ? true : word === "false" ? false : word;
}
