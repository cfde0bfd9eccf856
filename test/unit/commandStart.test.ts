/**
 * What a command loads before it can answer. Each file costs a quarter of a millisecond of processor time, whether something of it is
 * used or not, so that the number of files is what holds the time of a small command, on any machine.
 */
import { expect, test } from "vitest";
import { loadedFiles } from "../harness/loadedFiles.ts";

/** Files that a command loads. */
const loaded = (args: readonly string[]) => loadedFiles(["ops/slipway.js", ...args]);

const none = (urls: readonly string[], pattern: RegExp) => expect(urls.filter((url) => pattern.test(url))).toEqual([]);

test("help loads the commands' words, and nothing that they work with", async () => {
  const urls = await loaded(["--help"]);
  none(urls, /node_modules\/(?!commander)|liveStore|infra\/(?!config\/(?:commandVariables|textFile)\.ts)|node:crypto/);
  expect(urls.length).toBeLessThanOrEqual(57);
});

test("config show loads the config and what checks it, no engine, no cloud, no table, no languages", async () => {
  const urls = await loaded(["config", "show", "production"]);
  none(urls, /liveStore|sandbox\/engine|@pulumi|@aws-sdk|cli-table3|locales\/(?!en)|node:crypto/);
  // One of them for each component's contract, which the config is composed of.
  expect(urls.length).toBeLessThanOrEqual(297);
});
