/** The command line's answers to a person's mistakes: one clear message, an exit code, no stack trace. */
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { slipway } from "../harness/host/commandProcess.ts";

const root = join(import.meta.dirname, "..", "..");

describe("mistakes", () => {
  test.each<[args: string[], says: string]>([
    [["preview"], "Which stack? Give --stack production or --stack staging."],
    [["preview", "--stack", "stagin"], "Did you mean --stack staging?"],
    [["deploy"], "unknown command 'deploy'"],
    [["upp", "--stack", "staging"], "Did you mean up?"],
    [["up", "--stack", "staging", "--real", "gcp"], "Allowed: aws, cloudflare, kubernetes, all."],
    [["up", "--stack", "staging", "--fault", "explode create aws:*"], "allowed: fail, delay, kill"],
    [["up", "--stack", "staging", "--config-file", "other.yaml"], "--config-file would run another file than the one that was checked"],
    [["config", "show", "nowhere"], "There is no stack nowhere"],
    [["destroy", "--stack", "production", "--yes"], "production is protected: slipway:protect is true in Pulumi.production.yaml"],
    [["config", "diff", "staging"], "missing required argument 'stackB'"],
  ])("slipway %j", async (args, says) => {
    const { exitCode, stderr } = await slipway(args);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(exitCode).toBe(2);
  });

  const unanswered: readonly (readonly [string, readonly string[]])[] = [
    ["up", []],
    ["destroy", ["--skip-preview=false"]],
    ["refresh", ["--non-interactive"]],
  ];
  test.each(unanswered)("other systems 5.16 %s in a pipe says that nobody can answer, before anything starts", async (command, flags) => {
    const { exitCode, stderr } = await slipway([command, "--stack", "staging", ...flags]);
    expect(stderr).toContain(`${command} asks before it changes anything, and nobody can answer here`);
    expect(stderr).toContain(`slipway ${command} --stack staging --yes`);
    expect(exitCode).toBe(2);
  });

  test("other systems 5.14 a fix begins with the program that was started, also where a pulumi is on PATH, whose backend may be another", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-fix-"));
    try {
      writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
      writeFileSync(join(folder, "Pulumi.staging.yaml"), "config:\n  slipway:system: 'No Name'\n");
      writeFileSync(join(folder, "pulumi"), "", { mode: 0o700 });
      const refused = await slipway(["config", "show", "staging"], folder, { PATH: `/nowhere:${folder}` });
      expect(refused.stderr).toMatch(/fix: {5}npx slipway pulumi config \w+ --stack staging --path /);
      const words = await slipway(["pulumi", "config", "set", "--stack", "stagin", "--path", "slipway:system", "shop"], folder);
      expect(words.stderr).toContain("Did you mean --stack staging?");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("outside a project", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-nowhere-"));
    const { exitCode, stderr } = await slipway(["up", "--stack", "staging"], folder);
    rmSync(folder, { recursive: true });
    expect(stderr).toContain(`No Pulumi.yaml in ${folder}`);
    expect(exitCode).toBe(2);
  });

  test("simulated providers on the state of real resources", async () => {
    const { exitCode, stderr } = await slipway(["up", "--stack", "staging", "--real", "aws"], root, {
      PULUMI_BACKEND_URL: "s3://somebody-state",
    });
    expect(stderr).toContain("The state is in s3://somebody-state, where every provider is the real one");
    expect(stderr).toMatch(/Leave it out: {3}slipway up --stack staging$/);
    expect(exitCode).toBe(2);
  });

  describe("an operator's word about a stack that is not in the simulated cloud, and no backend named", () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-unnamed-"));
    beforeAll(() => {
      for (const file of ["Pulumi.yaml", "Pulumi.production.yaml", "base.yaml"])
        copyFileSync(join(root, "examples", "coinestate", file), join(folder, file));
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    test.each([
      ["failover", "approve", "--stack", "production", "--reason", "test"],
      ["rollback", "acknowledge", "--stack", "production", "--service", "api"],
    ])("slipway %s %s is refused, and nothing is asked", async (...args) => {
      const { exitCode, stdout, stderr } = await slipway(args, folder);
      expect(stderr).toContain("production is not in the simulated cloud in .slipway, and no backend is named. Nothing was asked.");
      expect(stderr).toContain("export PULUMI_BACKEND_URL=");
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(existsSync(join(folder, ".slipway"))).toBe(false);
    });
  });

  test("a Pulumi.yaml that is not one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-broken-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: [");
    const { exitCode, stderr } = await slipway(["up", "--stack", "staging"], folder);
    rmSync(folder, { recursive: true });
    expect(stderr).toMatch(/Pulumi\.yaml cannot be read: /);
    expect(exitCode).toBe(2);
  });

  test("an object that does not exist", async () => {
    const { exitCode, stderr } = await slipway(["sandbox", "show", "vpc-0"]);
    expect(stderr).toContain("Nothing in the simulated cloud has the id vpc-0. See: slipway sandbox list");
    expect(exitCode).toBe(1);
  });
});

describe("help", () => {
  test.each([[[]], [["up"]], [["config"]], [["sandbox"]], [["pulumi"]]])("slipway %j --help", async (command) => {
    const { exitCode, stdout } = await slipway([...command, "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: slipway ${command.join(" ")}`.trim());
    expect(stdout.split("\n").every((line) => line.length <= 200)).toBe(true);
  });
});

test("config diff lists only what differs, with both values", async () => {
  const { exitCode, stdout } = await slipway(["config", "diff", "staging", "production"]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/network\.natGateways.+single.+perZone/);
  expect(stdout).not.toContain("slipway:system ");
});
