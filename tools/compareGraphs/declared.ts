/** What the sources below a folder declare for every shipped stack, as JSON on standard output. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Program from "../../infra/program.ts";
import { isSecret, type Value } from "../../sandbox/provider/values.ts";
import type * as Config from "../../test/harness/config.ts";
import type * as Harness from "../../test/harness/graph.ts";
import type { Graph } from "./differences.ts";

const [root = "."] = process.argv.slice(2);
const source = (file: string): Promise<unknown> => import(pathToFileURL(join(root, file)).href);
const { graphOf } = (await source("test/harness/graph.ts")) as typeof Harness; // first: it changes the SDK that the program imports
const { declare } = (await source("infra/program.ts")) as typeof Program;
const { configOf, exampleStacks } = (await source("test/harness/config.ts")) as typeof Config;

const declared: Record<string, Graph> = {};
// One after the other: the mock monitor belongs to the process.
for (const stack of ["production", "staging", ...exampleStacks]) declared[stack] = await graphFor(stack);
process.stdout.write(JSON.stringify(declared));

async function graphFor(stack: string): Promise<Graph> {
  const resources = await graphOf(() => declare(configOf(stack)));
  const graph = Object.fromEntries(
    resources.map(({ type, name, urn: _, parent: __, aliases: ___, ...made }) => [`${type} ${name}`, comparable(made)]),
  );
  if (Object.keys(graph).length !== resources.length) throw new Error(`${stack}: two resources have one type and name`);
  return graph;
}

/** The same with URNs that say the type and the name only, and without what is secret: passwords are drawn anew in each run. */
function comparable<T>(made: T): T {
  const text = JSON.stringify(made, (_, value: Value) => (isSecret(value) ? "[secret]" : value));
  return JSON.parse(text.replaceAll(/(urn:pulumi:[^:"]+::[^:"]+::)[^"]*?([^$"]+::[^"]*)/g, "$1$2")) as T;
}
