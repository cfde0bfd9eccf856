/** How packages are installed: no script of theirs runs but those that package.json allows, and none sees what could take a role. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..", "..");
const house = { path: "" };
const place = (...parts: string[]) => join(house.path, ...parts);

beforeEach(() => {
  house.path = mkdtempSync(join(tmpdir(), "slipway-install-"));
  mkdirSync(place("ops"));
  mkdirSync(place("bin"));
  mkdirSync(place("node_modules"));
  for (const file of ["install.js", "handOver.js"]) cpSync(join(root, "ops", file), place("ops", file));
  for (const file of ["package.json", "package-lock.json"]) cpSync(join(root, file), place(file));
});
afterEach(() => rmSync(house.path, { recursive: true }));

/** Installs with an npm that notes what it was told and what it could see. @param failing its command that fails */
function install(failing = "none") {
  const npm = `#!/bin/sh\necho "$*" >> "${place("npm.log")}"\nenv > "${place("npm.env")}"\n[ "$1" != ${failing} ]\n`;
  writeFileSync(place("bin", "npm"), npm);
  chmodSync(place("bin", "npm"), 0o755);
  const secrets = [
    "AWS_SESSION_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "GITHUB_TOKEN",
    "CLOUDFLARE_API_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE",
  ];
  const env = {
    ...Object.fromEntries(secrets.map((name) => [name, "s3cret"])),
    HOME: house.path,
    PATH: `${place("bin")}:${dirname(process.execPath)}:/usr/bin:/bin`,
  };
  const { status, stderr } = spawnSync(process.execPath, [place("ops", "install.js")], { env, encoding: "utf8" });
  return {
    status,
    stderr,
    commands: readFileSync(place("npm.log"), "utf8").trim().split("\n"),
    seen: readFileSync(place("npm.env"), "utf8"),
  };
}

test("V17 no package's script runs but the allowed ones, and none sees a credential", () => {
  const { status, commands, seen } = install();
  expect(status).toBe(0);
  expect(commands).toEqual([expect.stringMatching(/^ci --ignore-scripts /), expect.stringMatching(/^rebuild node --/)]);
  expect(seen).toContain("HOME=");
  expect(seen).not.toContain("s3cret");
});

test.each(["ci", "rebuild"])("where npm %s fails nothing counts as installed", (failing) => {
  const { status, stderr } = install(failing);
  expect([status, stderr]).toEqual([1, expect.stringContaining(`packages: npm ${failing} failed; run it by hand to see why`)]);
  expect(existsSync(place("node_modules", ".installed"))).toBe(false);
});
