/**
 * What a command loads before it can answer. Each file costs a quarter of a millisecond of processor time, whether something of it is
 * used or not, so that the number of files is what holds the time of a small command, on any machine.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

/** Appends the address of everything that is loaded to the file `LOADED`. */
const watch = `
  import { appendFileSync } from "node:fs";
  import { registerHooks } from "node:module";
  registerHooks({ load: (url, context, next) => (appendFileSync(process.env.LOADED, url + "\\n"), next(url, context)) });`;

/** Files that a command loads, of Slipway and of its packages. */
async function loaded(args: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-loaded-"));
  const list = join(folder, "loaded");
  const preload = `data:text/javascript,${encodeURIComponent(watch)}`;
  await execa(process.execPath, ["--import", preload, join(root, "ops", "slipway.js"), ...args], { cwd: root, env: { LOADED: list } });
  const urls = readFileSync(list, "utf8").split("\n");
  rmSync(folder, { recursive: true });
  return urls.filter((url) => url !== "");
}

const none = (urls: readonly string[], pattern: RegExp) => expect(urls.filter((url) => pattern.test(url))).toEqual([]);

test("help loads the commands' words, and nothing that they work with", async () => {
  const urls = await loaded(["--help"]);
  none(urls, /node_modules\/(?!commander)|liveStore|infra\/|node:crypto/);
  expect(urls.length).toBeLessThanOrEqual(45);
});

test("config show loads the config and what checks it, no engine, no cloud, no table, no languages", async () => {
  const urls = await loaded(["config", "show", "production"]);
  none(urls, /liveStore|sandbox\/engine|@pulumi|@aws-sdk|cli-table3|locales\/(?!en)|node:crypto/);
  // One of them for each component's contract, which the config is composed of.
  expect(urls.length).toBeLessThanOrEqual(272);
});
