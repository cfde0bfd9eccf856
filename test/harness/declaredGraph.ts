/** What a config declares, declared once for all tests that ask for the same. */

import "./quickSdk.ts"; // first: it changes the SDK that the program imports
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { Secret } from "../../components/contract/secret.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { declare } from "../../infra/program.ts";
import { seedVariable } from "./campaign.ts";
import { graphOf, noteTypes, type Registered } from "./graph.ts";
import { hashOf, keptFolder, removeUnused } from "./kept.ts";

const root = join(import.meta.dirname, "..", "..");

/** What decides what a config declares. */
const sources = ["components", "infra", "sandbox", "test/harness", "package-lock.json"].map((source) => join(root, source));

/** Graphs of a few megabytes each that a worker holds on to: those that were asked for last. */
const most = 10;
const held = new Map<string, Promise<readonly Registered[]>>();

let folder: string | undefined;

/**
 * The graph of a config. It is frozen, as other tests read it too: use `graphOf` where the same config is to be declared twice.
 * @param options.preview Run as a preview: ids and computed outputs are unknown. @default false
 */
export function declaredGraph(config: StackConfig, { preview = false } = {}): Promise<readonly Registered[]> {
  const key = keyOf(config, preview);
  const graph = held.get(key) ?? keptGraph(config, preview, key).then(frozen);
  held.delete(key); // so that it becomes the last one
  held.set(key, graph);
  for (const oldest of [...held.keys()].slice(0, -most)) held.delete(oldest);
  return graph;
}

/** The graph of a config, declared once for all workers and runs, as long as the sources stay as they are. Nothing else may decide it, such as a file that the config names. */
export async function keptGraph(config: StackConfig, preview: boolean, key = keyOf(config, preview)): Promise<readonly Registered[]> {
  // Configs of another seed never come again.
  if (process.env[seedVariable] !== undefined) return graphOf(() => declare(config), { preview });
  const file = join(graphs(), key);
  if (existsSync(file)) {
    const kept = deserialize(zstdDecompressSync(readFileSync(file))) as readonly Registered[];
    noteTypes(kept);
    return kept;
  }
  const graph = await graphOf(() => declare(config), { preview });
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, zstdCompressSync(serialize(graph))); // a fiftieth of its size
  renameSync(draft, file); // whole or not at all
  return graph;
}

function keyOf(config: StackConfig, preview: boolean): string {
  return createHash("sha256").update(JSON.stringify({ config, preview }, opened)).digest("hex");
}

/** Where the graphs are that these sources declare; one folder for each state of the sources. */
function graphs(): string {
  if (folder !== undefined) return folder;
  const all = keptFolder("graphs");
  folder = join(all, hashOf(sources));
  mkdirSync(folder, { recursive: true });
  utimesSync(folder, new Date(), new Date());
  removeUnused(all);
  return folder;
}

/** What a secret hides decides what is declared as much as any other value. */
function opened(this: unknown, key: string, value: unknown): unknown {
  const whole = (this as Readonly<Record<string, unknown>>)[key];
  return whole instanceof Secret ? whole.open((secret: unknown) => ({ secret })) : value;
}

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
