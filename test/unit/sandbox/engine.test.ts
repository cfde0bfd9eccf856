/** Which engine is used, and how often it is started to learn its version. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findEngine, presentEngine } from "../../../sandbox/engine/engine.ts";

let folder = "";
const pulumi = () => join(folder, "bin", "pulumi");
const starts = () => (existsSync(join(folder, "starts")) ? readFileSync(join(folder, "starts"), "utf8").trim().split("\n") : []);

/** An engine that notes each start and does nothing but tell its version. */
function install(version: string): void {
  writeFileSync(pulumi(), `#!/bin/sh\necho "$*" >> "${join(folder, "starts")}"\necho v${version}\n`);
  chmodSync(pulumi(), 0o755);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-engines-"));
  mkdirSync(join(folder, "bin"));
  vi.stubEnv("PATH", `${join(folder, "bin")}:${process.env.PATH}`);
  vi.stubEnv("SLIPWAY_CACHE", join(folder, "cache"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const find = () => findEngine(() => {});

test("an engine is asked for its version once, not at each command", async () => {
  install("3.300.1");
  const found = [await find(), await find(), await find()];
  expect(found.map(({ version, origin }) => [version, origin])).toEqual(Array(3).fill(["3.300.1", "PATH"]));
  expect(starts()).toEqual(["version"]);
});

test("an engine that was exchanged is asked again", async () => {
  install("3.300.1");
  await find();
  rmSync(pulumi());
  install("3.301.0");
  expect((await find()).version).toBe("3.301.0");
  expect(starts()).toEqual(["version", "version"]);
});

test("a note that was cut off while it was written is no version", async () => {
  install("3.300.1");
  await find();
  const notes = join(folder, "cache", "versions");
  for (const note of readdirSync(notes)) writeFileSync(join(notes, note), "");
  expect((await find()).version).toBe("3.300.1");
  expect(starts()).toHaveLength(2);
});

test("V18 one version is run where SLIPWAY_ENGINE names it, whatever is on PATH", async () => {
  vi.stubEnv("SLIPWAY_ENGINE", "3.276.0");
  install("3.300.1");
  await expect(presentEngine()).rejects.toThrow(`${pulumi()} is version 3.300.1; SLIPWAY_ENGINE is 3.276.0`);
  rmSync(pulumi());
  install("3.276.0");
  expect((await find()).version).toBe("3.276.0");
  vi.stubEnv("SLIPWAY_ENGINE", "3.300.1");
  await expect(find()).rejects.toThrow("SLIPWAY_ENGINE is 3.300.1, which Slipway can neither get nor build. Set it to 3.276.0 or 3.265.0.");
});
