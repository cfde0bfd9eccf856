/** The AWS CLI is run as it is on a person's machine: an executable on PATH that opens the file it is pointed to. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { awsCli, inputFromStdin } from "../../ops/aws/awsCli.ts";

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

const opens = `
  const at = process.argv.find((argument) => argument.startsWith("file://"));
  const input = at === undefined ? null : require("node:fs").readFileSync(at.slice("file://".length), "utf8");
  console.log(JSON.stringify({ args: process.argv.slice(2), input }));`;

test("the input is there for a CLI that opens /dev/stdin as a file, and in no argument", async () => {
  install(opens);
  const value = JSON.stringify({ Name: "/a b/c", Value: `it's "$HOME" \\ ${"x".repeat(100_000)}` });
  const { exitCode, stdout, stderr } = await awsCli(["ssm", "put-parameter", "--region", "us-east-1", ...inputFromStdin], value);
  expect(exitCode, stderr).toBe(0);
  const seen = JSON.parse(stdout) as { readonly args: readonly string[]; readonly input: string };
  expect(seen.input).toBe(value);
  expect(seen.args).toEqual(["ssm", "put-parameter", "--region", "us-east-1", "--cli-input-json", "file:///dev/stdin"]);
});

test.each([undefined, "{}"])("what it says and how it ends is passed on (input: %s)", async (input) => {
  install(`console.error("An error occurred (AccessDenied)"); process.exit(254);`);
  expect(await awsCli(["sts", "get-caller-identity"], input)).toMatchObject({ exitCode: 254, stderr: "An error occurred (AccessDenied)" });
});

test.each([undefined, "{}"])("a machine without it is told what to install (input: %s)", async (input) => {
  for (const tool of ["sh", "cat"]) {
    writeFileSync(join(folder, tool), `#!/bin/sh\nexec /bin/${tool} "$@"\n`);
    chmodSync(join(folder, tool), 0o755);
  }
  vi.stubEnv("PATH", folder);
  await expect(awsCli(["sts", "get-caller-identity"], input)).rejects.toThrow("https://aws.amazon.com/cli");
});
