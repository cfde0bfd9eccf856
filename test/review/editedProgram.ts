/**
 * The program with texts of its sources, or the version of a package, changed as a pull request changes them. What is changed comes
 * in `SLIPWAY_TRIAL`, as JSON; without it this is the program as it is.
 */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Edit } from "./trials.ts";

type Changed = { code: Extract<Edit, { code: unknown }>["code"] } | { package: Extract<Edit, { package: unknown }>["package"] };

const root = join(import.meta.dirname, "..", "..");
const changed = JSON.parse(process.env.SLIPWAY_TRIAL ?? '{"code":[]}') as Changed;

/** Texts of files, by address. */
const texts = new Map<string, string>();
if ("package" in changed) {
  const file = join(root, "node_modules", changed.package.name, "package.json");
  const text = JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), version: changed.package.version });
  texts.set(pathToFileURL(file).href, text);
} else
  for (const { file, from, to } of changed.code) {
    const url = pathToFileURL(join(root, file)).href;
    const text = texts.get(url) ?? readFileSync(fileURLToPath(url), "utf8");
    if (text.split(from).length !== 2) throw new Error(`${file} has ${text.split(from).length - 1} times, instead of once: ${from}`);
    texts.set(
      url,
      text.replace(from, () => to),
    );
  }

registerHooks({
  load(url, context, nextLoad) {
    const text = texts.get(url);
    return text === undefined ? nextLoad(url, context) : { ...nextLoad(url, context), source: text };
  },
});

await import("../../infra/engine/lightSdk.ts"); // first, as in infra/index.ts
const { program } = await import("../../infra/program.ts");

export default program;
