/** A module's two files of facts: what stands in them, what would, and their text. */
import { existsSync, readFileSync } from "node:fs";
import { combined, type FactsFile, factsPath, type TypeFacts } from "../../sandbox/facts/facts.ts";
import { type Patch, patchBetween } from "../../sandbox/facts/patch.ts";
import { labelOf, type PackageSchema } from "./schema.ts";
import { typeFacts } from "./typeFacts.ts";

/** Facts of the types of one module. */
export interface ModuleFacts {
  readonly generated: FactsFile<TypeFacts>;
  readonly extra: FactsFile<Patch>;
}

/** What stands in the files now; nothing where there are none. @param token any type of the module */
export function readModule(token: string, folder?: string): ModuleFacts {
  const read = <Facts>(part: "generated" | "extra"): FactsFile<Facts> => {
    const path = factsPath(token, part, folder);
    return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as FactsFile<Facts>) : { source: "", types: {} };
  };
  return { generated: read("generated"), extra: read("extra") };
}

/**
 * The module with some types made anew from a schema. Extra facts that the schema has come to tell by itself are dropped: what both
 * parts come to stays as it is, but for what the schema says otherwise where there is no extra fact.
 * @param tokens types of the module; one that the schema lacks stays as it is
 */
export function remade(module: ModuleFacts, schema: PackageSchema, tokens: readonly string[]): ModuleFacts {
  const [generated, extra] = [{ ...module.generated.types }, { ...module.extra.types }];
  for (const token of tokens.filter((candidate) => candidate in schema.resources)) {
    const fresh = typeFacts(schema, token);
    generated[token] = fresh;
    const known = extra[token];
    const whole = combined(fresh, known);
    if (known !== undefined && whole !== undefined) extra[token] = patchBetween(fresh, whole);
  }
  const source = `${labelOf(schema)}, by \`pulumi package get-schema\``;
  return { generated: { source, types: generated }, extra: { ...module.extra, types: extra } };
}

/** Text of a file: sorted, each property on a line of its own, so that a change is a change of a line. Empty for no types. */
export function textOf({ source, types }: FactsFile<object>): string {
  const texts = entries(types).map(([token, facts]) => `  ${JSON.stringify(token)}: {\n${typeText(facts)}\n  }`);
  return texts.length === 0 ? "" : `{\n "source": ${JSON.stringify(source)},\n "types": {\n${texts.join(",\n")}\n }\n}\n`;
}

function typeText({ properties = {}, ...facts }: { readonly properties?: object }): string {
  const lines = entries(properties).map(([name, property]) => `    ${JSON.stringify(name)}: ${JSON.stringify(sorted(property))}`);
  const others = entries(facts).map(([key, value]) => `   ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return [...others, ...(lines.length === 0 ? [] : [`   "properties": {\n${lines.join(",\n")}\n   }`])].join(",\n");
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(entries(value).map(([key, inner]) => [key, sorted(inner)]));
}

function entries<Value>(object: Readonly<Record<string, Value>> | object): [string, Value][] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
}
