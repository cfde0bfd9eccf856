/** What a command loads: help, completion and a look at config stay light. */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

/** Writes the address of each module that is loaded to standard error, CommonJS too. */
const hooks = `import { registerHooks } from "node:module";
registerHooks({ load(url, context, next) { process.stderr.write("loaded " + url + "\\n"); return next(url, context); } });`;

/** Modules that a Node.js process loads, by path. */
async function loadedBy(...args: string[]): Promise<string[]> {
  return loadedIn(root, {}, ...args);
}

async function loadedIn(cwd: string, env: Readonly<Record<string, string>>, ...args: string[]): Promise<string[]> {
  const node = join(root, "node_modules", "node", "bin", "node");
  const { stderr } = await execa(node, ["--import", `data:text/javascript,${encodeURIComponent(hooks)}`, ...args], { cwd, env });
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
  expect(
    loaded.filter((url) =>
      /\/(infra\/(?!config\/(?:commandVariables|textFile)\.ts)|components\/|sandbox\/(cloud\/(aws|cloudflare|kubernetes)|facts))\//.test(
        url,
      ),
    ),
  ).toEqual([]);
});

test("a preview of real resources loads no simulated cloud, and no client of AWS that it does not ask", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-weight-"));
  try {
    for (const file of ["Pulumi.yaml", "Pulumi.staging.yaml", "base.yaml"]) copyFileSync(join(root, file), join(folder, file));
    const pulumi = join(folder, "pulumi");
    writeFileSync(pulumi, '#!/bin/sh\n[ "$1" != version ] || echo v3.300.0\n');
    chmodSync(pulumi, 0o755);
    const state = join(folder, "state", ".pulumi", "stacks", "slipway");
    mkdirSync(state, { recursive: true });
    writeFileSync(join(state, "staging.json"), JSON.stringify({ version: 3, checkpoint: { latest: {} } }));
    const env = {
      PATH: `${folder}:${process.env.PATH}`,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      SLIPWAY_CACHE: join(folder, "cache"),
    };
    const loaded = await loadedIn(folder, env, join(root, "ops", "slipway.js"), "preview", "--stack", "staging");
    expect(loaded.some((url) => url.endsWith("/ops/engine/session.ts"))).toBe(true);
    const heavy =
      /\/node_modules\/(@grpc|@pulumi|@aws-sdk|@kubernetes)\/|\/sandbox\/(aws|cloud\/(aws|cloudflare|kubernetes)|facts|provider\/server)/;
    expect(loaded.filter((url) => heavy.test(url))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
