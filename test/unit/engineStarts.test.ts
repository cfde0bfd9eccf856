/**
 * How often a command starts the engine. Each start brings providers of hundreds of megabytes with it, so every number is a law: what
 * a command has to know beforehand is read from the state, or asked of the cloud itself.
 */
import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { engineCommand, openSession } from "../../ops/engine/commands.ts";
import { readState } from "../../ops/engine/state.ts";
import { namedStack } from "../../ops/project/stack.ts";
import { reviewStack } from "../../ops/review/preview.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";

const root = join(import.meta.dirname, "..", "..");
let folder = "";
const inProject = (...parts: string[]) => join(folder, "project", ...parts);

/** An engine that notes what it is started for and does nothing. */
function installEngine(): void {
  const pulumi = join(folder, "bin", "pulumi");
  mkdirSync(dirname(pulumi));
  writeFileSync(
    pulumi,
    `#!/bin/sh\n[ "$1" = version ] && echo v3.300.0\n[ -e export ] && [ "$1 $2" = "stack export" ] && cat export\necho "$*" >> "${join(folder, "starts")}"\n`,
  );
  chmodSync(pulumi, 0o755);
}

/** Commands that the engine was started for since the last look, without their flags. */
function starts(): string[] {
  const noted = readFileSync(join(folder, "starts"), "utf8");
  writeFileSync(join(folder, "starts"), "");
  return noted
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(" --")[0] ?? "");
}

const arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012";
const rule = {
  urn: "urn:pulumi:staging::slipway::aws:lb/listenerRule:ListenerRule::use1-api",
  type: "aws:lb/listenerRule:ListenerRule",
  custom: true,
  id: `${arn}:listener-rule/app/alb/1/2/3`,
};
const weighted = (green: number) => ({
  listenerArn: `${arn}:listener/app/alb/1/2`,
  priority: 30_100,
  conditions: [{ hostHeader: { values: ["api.example.com"] } }],
  actions: [
    {
      type: "forward",
      forward: {
        targetGroups: [
          { arn: `${arn}:targetgroup/use1-api-blue/1`, weight: 100 - green },
          { arn: `${arn}:targetgroup/use1-api-green/2`, weight: green },
        ],
      },
    },
  ],
});

/** Writes the state as the last update left it. @param folder of the backend. @default the project's own */
function leave(latest: object, backend = inProject(".slipway", "state")): void {
  const file = join(backend, ".pulumi", "stacks", "slipway", "staging.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ version: 3, checkpoint: { stack: "organization/slipway/staging", latest } }));
}

/** Makes the rule live with this share for green. */
function live(green: number): void {
  const createdFor = rule.urn;
  openLiveStore(inProject(".slipway")).put({
    type: rule.type,
    id: rule.id,
    scope: "123456789012/us-east-1",
    createdFor,
    properties: weighted(green),
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-starts-"));
  installEngine();
  mkdirSync(inProject());
  for (const file of ["Pulumi.yaml", "Pulumi.staging.yaml", "base.yaml"]) copyFileSync(join(root, file), inProject(file));
  mkdirSync(inProject(".slipway", "stacks"), { recursive: true });
  writeFileSync(inProject(".slipway", "stacks", "staging.salt"), "v1:AAAAAAAAAAA=:v1:AAAAAAAAAAAAAAAA:AAAA");
  leave({ resources: [{ ...rule, inputs: weighted(5), outputs: weighted(5) }] });
  live(5);
  writeFileSync(join(folder, "starts"), "");
  vi.stubEnv("PATH", `${join(folder, "bin")}:${process.env.PATH}`);
  vi.stubEnv("SLIPWAY_CACHE", join(folder, "cache"));
  vi.stubEnv("PULUMI_BACKEND_URL", "");
  vi.spyOn(process, "cwd").mockReturnValue(inProject());
  vi.spyOn(console, "error").mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const staging = { stack: "staging" };
const up = () => engineCommand("up", staging, ["--yes", "--skip-preview", "--non-interactive"]);
const preview = () => engineCommand("preview", staging, ["--non-interactive"]);

test("a new engine is asked for its version, once", async () => {
  await preview();
  expect(starts()).toEqual(["version", "preview"]);
  await preview();
  expect(starts()).toEqual(["preview"]);
});

test("a stack of the sandbox that is not there yet is made without a start", async () => {
  rmSync(inProject(".slipway"), { recursive: true });
  await preview();
  expect(starts().slice(1)).toEqual(["preview"]);
  const state = readFileSync(inProject(".slipway", "state", ".pulumi", "stacks", "slipway", "staging.json"), "utf8");
  expect(JSON.parse(state)).toEqual({ version: 3, checkpoint: { stack: "organization/slipway/staging" } });
});

test("live is what the state says: one start for each command", async () => {
  await preview();
  starts();
  await preview();
  expect(starts()).toEqual(["preview"]);
  await up();
  expect(starts()).toEqual(["up"]);
  await reviewStack(staging);
  expect(starts()).toEqual(["preview"]);
  await engineCommand("refresh", staging, ["--yes"]);
  expect(starts()).toEqual(["refresh"]);
  await engineCommand("destroy", staging, ["--yes"]);
  expect(starts()).toEqual(["destroy"]);
});

test("who only reads the state starts nothing, not even to learn a version", async () => {
  const session = openSession(namedStack(staging));
  expect((await readState(session)).resources.map(({ urn }) => urn)).toEqual([rule.urn]);
  session.close();
  expect(starts()).toEqual([]);
});

test("the team's state is read where it lies; only what nobody else can read is exported by the engine", async () => {
  await preview();
  starts();
  const team = join(folder, "team state");
  leave({ resources: [{ ...rule, type: "aws:s3/bucket:Bucket" }] }, team);
  vi.stubEnv("PULUMI_BACKEND_URL", pathToFileURL(team).href);
  expect((await readState(openSession(namedStack(staging)))).resources).toHaveLength(1);
  await preview();
  expect(starts()).toEqual(["preview"]);
  vi.stubEnv("PULUMI_BACKEND_URL", "gs://team-state");
  await expect(preview()).rejects.toThrow();
  expect(starts()).toEqual(["stack export"]);
});

test("traffic was moved by hand: one more, for the rules alone", async () => {
  await preview();
  starts();
  live(40);
  await preview();
  expect(starts()).toEqual(["refresh", "preview"]);
  await up();
  expect(starts()).toEqual(["refresh", "up"]);
});

test("a rule is gone: one more, which tells the state", async () => {
  await preview();
  starts();
  const store = openLiveStore(inProject(".slipway"));
  for (const object of store.all(rule.type)) store.delete(object);
  await up();
  expect(starts()).toEqual(["refresh", "up"]);
});

test("the last update did not finish: one more, for what it left half done", async () => {
  await preview();
  starts();
  const own = { ...rule, inputs: weighted(5), outputs: weighted(5) };
  leave({ resources: [own], pending_operations: [{ type: "updating", resource: own }] });
  await preview();
  expect(starts()).toEqual(["refresh", "preview"]);
  await up();
  expect(starts()).toEqual(["refresh", "up"]);
});

/** A lock as an engine writes it, of a process of this machine, a minute old. @param more what is otherwise in it */
function lockedBy(pid: number, more: object = {}, name = "one"): string {
  const file = inProject(".slipway", "state", ".pulumi", "locks", "organization", "slipway", "staging", `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  const timestamp = new Date(Date.now() - 60_000).toISOString();
  writeFileSync(file, JSON.stringify({ pid, username: "ada", hostname: hostname(), timestamp, ...more }));
  return file;
}

const own = { ...rule, inputs: weighted(5), outputs: weighted(5) };
const begun = { ...rule, urn: `${rule.urn}-2`, id: undefined, inputs: weighted(5) };
const stateFile = () => inProject(".slipway", "state", ".pulumi", "stacks", "slipway", "staging.json");

describe("while another update runs", () => {
  let other = spawn("sleep", ["60"]);
  beforeEach(async () => {
    await preview();
    starts();
    writeFileSync(inProject("export"), JSON.stringify({ version: 3, deployment: {} }));
    leave({ resources: [own], pending_operations: [{ type: "creating", resource: begun }] });
    other = spawn("sleep", ["60"]);
  });
  afterEach(() => void other.kill());

  test.each(["preview", "up", "refresh", "destroy"] as const)(
    "case 08 it is not taken for a crash: %s says who holds the stack, since when, and touches nothing",
    async (command) => {
      lockedBy(other.pid!, { timestamp: new Date().toISOString() });
      const before = readFileSync(stateFile(), "utf8");
      const said = await engineCommand(command, staging, ["--yes", "--non-interactive"]).then(String, String);
      expect(said).toMatch(/ada .*process \d+.* since \d{4}-\d\d-\d\dT/);
      expect(starts()).toEqual([]);
      expect(readFileSync(stateFile(), "utf8")).toBe(before);
    },
  );

  test("case 08 a young lock of another machine holds previews as well, one that is older than any update does not", async () => {
    const file = lockedBy(other.pid!, { hostname: "elsewhere" });
    await expect(preview()).rejects.toThrow("elsewhere");
    expect(starts()).toEqual([]);
    lockedBy(other.pid!, { hostname: "elsewhere", timestamp: "2026-01-01T00:00:00Z" });
    await preview();
    expect(starts()).toEqual(["refresh", "preview"]);
    await expect(up()).rejects.toThrow("slipway pulumi cancel");
    expect(readFileSync(file, "utf8")).toContain("elsewhere");
  });

  test("case 08 a number that another process got since is no holder", async () => {
    const file = lockedBy(other.pid!);
    await preview();
    expect(existsSync(file)).toBe(false);
  });

  test("case 08 what was created is taken in under a lock, without an engine between reading and writing", async () => {
    await up();
    expect(starts()).toEqual(["refresh", "up"]);
    expect(JSON.parse(readFileSync(stateFile(), "utf8"))).toMatchObject({ checkpoint: { latest: { pending_operations: [] } } });
  });
});

test("secrets of the stack file cost no start", async () => {
  await preview();
  starts();
  const file = inProject("Pulumi.staging.yaml");
  const secret = "    pagerDuty: {integrationKey: {secure: AAABAAexampleOfAnEncryptedValue}}";
  writeFileSync(file, readFileSync(file, "utf8").replace(/^( {2}slipway:notifications:.*)$/m, `$1\n${secret}`));
  await preview();
  expect(starts()).toEqual(["preview"]);
});
