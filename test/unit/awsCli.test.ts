/** The AWS CLI is run as it is on a person's machine: an executable on PATH that opens the file it is pointed to. */
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { awsCli } from "../../ops/aws/awsCli.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-aws-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts an `aws` first on PATH that does what the script says. */
function install(script: string): void {
  const file = join(folder, "aws");
  writeFileSync(file, `#!${process.execPath}\n${script}`);
  chmodSync(file, 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env.PATH ?? ""}`);
}

/** The CLI itself reads the file twice. */
const opens = `
  const file = process.argv.at(-1).slice("file://".length);
  const [first, second] = [0, 1].map(() => require("node:fs").readFileSync(file, "utf8"));
  const { mode, uid } = require("node:fs").statSync(file);
  console.log(JSON.stringify({ args: process.argv.slice(2), first, second, mode: (mode & 0o777).toString(8), uid }));`;

test("the input is in a file for this user alone, which the CLI may read twice, and in no argument; then it is gone", async () => {
  install(opens);
  const value = JSON.stringify({ Name: "/a b/c", Value: `it's "$HOME" \\ ${"x".repeat(100_000)}` });
  const { exitCode, stdout, stderr } = await awsCli(["ssm", "put-parameter", "--region", "us-east-1"], value);
  expect(exitCode, stderr).toBe(0);
  const { args, ...seen } = JSON.parse(stdout) as { readonly args: readonly string[] };
  expect(seen).toEqual({ first: value, second: value, mode: "600", uid: process.getuid?.() });
  expect(args.slice(0, -1)).toEqual(["ssm", "put-parameter", "--region", "us-east-1", "--cli-input-json"]);
  expect(existsSync(args.at(-1)!.slice("file://".length))).toBe(false);
});

test.each([undefined, "{}"])("what it says and how it ends is passed on (input: %s)", async (input) => {
  install(`console.error("An error occurred (AccessDenied)"); process.exit(254);`);
  expect(await awsCli(["sts", "get-caller-identity"], input)).toMatchObject({ exitCode: 254, stderr: "An error occurred (AccessDenied)" });
});

test.each([undefined, "{}"])("a machine without it is told what to install (input: %s)", async (input) => {
  vi.stubEnv("PATH", folder);
  await expect(awsCli(["sts", "get-caller-identity"], input)).rejects.toThrow("https://aws.amazon.com/cli");
});
