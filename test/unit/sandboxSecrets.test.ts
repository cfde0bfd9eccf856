/** Nothing that the sandbox can decrypt, whose passphrase is in the code, gets into a stack file, which is committed. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { passThrough } from "../../ops/engine/commands.ts";
import { keepingStackFiles, refuseSandboxSecret } from "../../ops/engine/sandboxSecrets.ts";
import { slipway } from "../harness/host/commandProcess.ts";
import { projectWithEngine } from "../harness/standInEngine.ts";

let folder = "";
let file = "";
const text = "config:\n  slipway:system: demo\n  slipway:dns:\n    token:\n      secure: v1:abc\n";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-secret-"));
  file = join(folder, "Pulumi.staging.yaml");
  writeFileSync(join(folder, "Pulumi.yaml"), "name: slipway\nruntime: nodejs\n");
  writeFileSync(file, text);
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the command line refuses it before an engine starts, and does not repeat the value", async () => {
  const command = ["pulumi", "--stack", "staging", "config", "set", "--secret", "--path", "slipway:a.b", "hunter2"];
  const { exitCode, stderr } = await slipway(command, folder);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("Nothing was written");
  expect(stderr).toContain("pulumi config set --secret --stack staging --path slipway:a.b");
  expect(stderr).not.toContain("hunter2");
  expect(readFileSync(file, "utf8")).toBe(text);
  expect(existsSync(join(folder, ".slipway"))).toBe(false);
});

describe("ways to write what the sandbox encrypts", () => {
  test.each<[string[]]>([
    [["config", "set", "slipway:a", "x", "--secret"]],
    [["config", "set", "slipway:a", "x", "--secret=true"]],
    [["--color", "never", "config", "set", "--secret", "slipway:a", "x"]],
    [["config", "set-all", "--path", "--plaintext", "slipway:a=1", "--secret", "slipway:b=2"]],
    [["config", "set-all", "--json", '{"slipway:a":{"value":"x","secret":true}}']],
    [["config", "refresh", "--force"]],
    [["config", "cp", "--dest", "production"]],
    [["config", "copy", "--dest", "production"]],
    [["stack", "change-secrets-provider", "passphrase"]],
    [["stack", "init", "another"]],
    [["new", "aws-typescript"]],
  ])("%j is refused", (command) => {
    expect(() => refuseSandboxSecret(command, "staging")).toThrow(/Nothing was written/);
  });

  test.each<[string[]]>([
    [["config", "set", "--path", "slipway:services.api.release.candidateWeight", "5"]],
    [["config", "set", "slipway:a", "--plaintext", "secret"]],
    [["config", "set", "slipway:a", "x", "--secret=false"]],
    [["config", "get", "slipway:refresh"]],
    [["config", "rm", "slipway:secret"]],
    [["config"]],
    [["stack", "export", "--show-secrets"]],
    [["up", "--yes"]],
  ])("%j goes on", (command) => {
    expect(() => refuseSandboxSecret(command, "staging")).not.toThrow();
  });
});

describe("whatever else an engine writes", () => {
  test.each<[string, () => void]>([
    ["a salt", () => writeFileSync(file, `encryptionsalt: v1:x\n${text}`)],
    ["an encrypted value", () => writeFileSync(file, text.replace("v1:abc", "v1:def"))],
    ["a stack file of its own", () => writeFileSync(join(folder, "Pulumi.new.yaml"), "encryptionsalt: v1:x\n")],
  ])("%s is taken back, and the command fails", async (_, write) => {
    const run = keepingStackFiles(folder, async () => {
      write();
      return 0;
    });
    await expect(run).rejects.toThrow(/was put back as it was|was removed/);
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(existsSync(join(folder, "Pulumi.new.yaml"))).toBe(false);
  });

  test("a plain value stays, also in a file that has secrets of a real stack", async () => {
    const real = `encryptionsalt: v1:real\n${text}`;
    writeFileSync(file, real);
    const changed = real.replace("system: demo", "system: 'secure: v1:other'");
    const run = keepingStackFiles(folder, async () => {
      writeFileSync(file, changed);
      return 3;
    });
    expect(await run).toBe(3);
    expect(readFileSync(file, "utf8")).toBe(changed);
  });

  test("whichever command of the engine did it", async () => {
    const own = "Pulumi.staging.yaml";
    using project = projectWithEngine(`echo "encryptionsalt: v1:x" >> "$(dirname "$0")/../${own}"`);
    await expect(passThrough(["config", "set", "a", "b"], { stack: "staging" })).rejects.toThrow("was put back as it was");
    expect(readFileSync(project.file(own), "utf8")).toBe("config: {}\n");
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });
});
