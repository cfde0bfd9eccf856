/** What a config declares, declared once for all tests of a worker that ask for the same. */

import "./quickSdk.ts"; // first: it changes the SDK that the program imports
import { createHash } from "node:crypto";
import { serialize } from "node:v8";
import type { StackConfig } from "../../infra/config/stack.ts";
import { declare } from "../../infra/program.ts";
import { graphOf, type Registered } from "./graph.ts";

/** Graphs that are kept, of a few megabytes each: those that were asked for last. */
const most = 40;
const kept = new Map<string, Promise<readonly Registered[]>>();

/**
 * The graph of a config. It is frozen, as other tests read it too: use `graphOf` where the same config is to be declared twice.
 * @param options.preview Run as a preview: ids and computed outputs are unknown. @default false
 */
export function declaredGraph(config: StackConfig, { preview = false } = {}): Promise<readonly Registered[]> {
  const key = createHash("sha256").update(serialize({ config, preview })).digest("base64");
  const graph = kept.get(key) ?? graphOf(() => declare(config), { preview }).then(frozen);
  kept.delete(key); // so that it becomes the last one
  kept.set(key, graph);
  for (const oldest of [...kept.keys()].slice(0, -most)) kept.delete(oldest);
  return graph;
}

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
