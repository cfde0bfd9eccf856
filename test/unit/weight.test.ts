/** What a command loads: help, completion and a look at config stay light. */
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

/** Writes the address of each module that is loaded to standard error, CommonJS too. */
const hooks = `import { registerHooks } from "node:module";
registerHooks({ load(url, context, next) { process.stderr.write("loaded " + url + "\\n"); return next(url, context); } });`;

/** Modules that a Node.js process loads, by path. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const node = join(root, "node_modules", "node", "bin", "node");
  const { stderr } = await execa(node, ["--import", `data:text/javascript,${encodeURIComponent(hooks)}`, ...args], { cwd: root });
  return stderr.split("\n").flatMap((line) => (line.startsWith("loaded file:") ? [line.slice("loaded ".length)] : []));
}

test("config is read without a Pulumi SDK", async () => {
  const loaded = await loadedBy("--eval", `await import(${JSON.stringify(join(root, "infra", "config", "parse.ts"))})`);
  expect(loaded.some((url) => url.includes("/node_modules/zod/"))).toBe(true); // the hooks see what is loaded
  expect(loaded.filter((url) => url.includes("/node_modules/@pulumi/"))).toEqual([]);
});

test("slipway --help loads no schema, no SDK and no simulated cloud", async () => {
  const loaded = await loadedBy(join(root, "ops", "slipway.js"), "--help");
  expect(loaded.some((url) => url.endsWith("/ops/commandLine.ts"))).toBe(true);
  const packages = loaded.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  expect([...new Set(packages)]).toEqual(["commander"]);
  expect(loaded.filter((url) => /\/(infra|components|sandbox\/(cloud\/(aws|cloudflare|kubernetes)|facts))\//.test(url))).toEqual([]);
});
