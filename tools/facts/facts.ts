/**
 * `npm run facts`: what package schemas say of the types that the sandbox simulates, into `sandbox/facts`.
 *
 *     npm run facts                                     all types anew
 *     npm run facts -- aws:sqs/queue:Queue …            these types, new ones too
 *     npm run facts -- --check                          only says what would change; exit code 1 where something would
 *     npm run facts -- --schema <file> …                from a schema file; else the plugin of the SDK's version is asked
 */
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { closest } from "fastest-levenshtein";
import { textIn } from "../../infra/config/textFile.ts";
import { systemError } from "../../ops/systemError.ts";
import { type FactsFile, factsPath, type TypeFacts } from "../../sandbox/facts/facts.ts";
import { patchBetween } from "../../sandbox/facts/patch.ts";
import { packageNames } from "../../sandbox/packageNames.ts";
import { type ModuleFacts, readModule, remade, textOf } from "./files.ts";
import { schemaOfPlugin } from "./plugin.ts";
import { labelOf, type PackageSchema, parseSchema } from "./schema.ts";

const root = join(import.meta.dirname, "..", "..");
const { values: flags, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: "boolean", default: false },
    folder: { type: "string", default: join(root, "sandbox", "facts") },
    schema: { type: "string", multiple: true, default: [] as string[] },
  },
});

try {
  const changed = await remakeAll();
  const files = changed === 1 ? "1 file" : `${changed} files`;
  console.log(
    changed === 0 ? "The facts are what the schemas say." : `${files} ${flags.check ? "would change: npm run facts" : "written"}`,
  );
  process.exitCode = flags.check && changed > 0 ? 1 : 0;
} catch (error) {
  const sentence = systemError(error);
  console.error(sentence ?? (error instanceof Error ? error.message : String(error)));
  process.exitCode = sentence === undefined ? 1 : 2;
}

/** @returns how many files change */
async function remakeAll(): Promise<number> {
  const given = flags.schema.map((file) => parseSchema(textIn(file), file));
  const meant = asked.length > 0 ? asked.map(packageOf) : given.length > 0 ? given.map(({ name }) => name) : packageNames;
  let changed = 0;
  for (const name of new Set(meant)) {
    const schema = given.find((candidate) => candidate.name === name) ?? (await schemaOfPlugin(name, root));
    const tokens = asked.length > 0 ? asked.filter((token) => packageOf(token) === name) : knownTypes(name);
    for (const ofModule of Map.groupBy(tokens, (token) => factsPath(token, "generated", flags.folder)).values())
      changed += remakeModule(schema, ofModule);
  }
  return changed;
}

function packageOf(token: string): string {
  return token.slice(0, token.indexOf(":"));
}

/** Types of a package that there are facts of. */
function knownTypes(packageName: string): string[] {
  const files = globSync(join(flags.folder, packageName, "*.json"));
  return [...new Set(files.flatMap((file) => Object.keys((JSON.parse(readFileSync(file, "utf8")) as FactsFile<object>).types)))];
}

/** @returns how many of the module's two files change */
function remakeModule(schema: PackageSchema, tokens: readonly string[]): number {
  for (const token of tokens.filter((candidate) => !(candidate in schema.resources))) {
    const unknown = `${token} is not in the schema of ${labelOf(schema)}`;
    if (asked.length > 0) throw new Error(`${unknown}; nearest is ${closest(token, Object.keys(schema.resources))}`);
    console.log(`${unknown}: its facts stay as they are`);
  }
  const [first = ""] = tokens;
  const before = readModule(first, flags.folder);
  const after = remade(before, schema, tokens);
  for (const token of tokens) tell(token, before, after);
  const parts = (["generated", "extra"] as const).filter((part) => textOf(before[part]) !== textOf(after[part]));
  for (const part of flags.check ? [] : parts) {
    const path = factsPath(first, part, flags.folder);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, textOf(after[part]));
    console.log(relative(process.cwd(), path));
  }
  return parts.length;
}

/** Says what the schema has come to say otherwise of a type, as a patch. */
function tell(token: string, before: ModuleFacts, after: ModuleFacts): void {
  const fresh = after.generated.types[token];
  const old: TypeFacts | undefined = before.generated.types[token];
  if (fresh === undefined) return;
  const patch = JSON.stringify(patchBetween(old ?? fresh, fresh));
  if (old === undefined) console.log(`${token}: new`);
  else if (patch !== "{}") console.log(`${token}: ${patch}`);
}
