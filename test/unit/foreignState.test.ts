/** A state and the providers that work on it are of one cloud: another cloud's providers find nothing of it and take it away. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sandboxOf } from "../../ops/engine/backend.ts";
import { refuseForeignState } from "../../ops/engine/foreignState.ts";
import { simulatedMark } from "../../sandbox/sandbox.ts";
import { slipway } from "../harness/host/commandProcess.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "slipway-foreign-"));
const project = { folder, name: "slipway", runtimeOptions: {} };
const stateFile = join(folder, ".slipway", "state", ".pulumi", "stacks", "slipway", "staging.json");

/** A provider in a state, as the engine keeps it. */
const provider = (name: string, marked: boolean) => ({
  urn: `urn:pulumi:staging::slipway::pulumi:providers:${name}::main`,
  type: `pulumi:providers:${name}`,
  custom: true,
  id: "4b8c6f0e-0d0b-4a57-9d9b-000000000000",
  inputs: { region: "us-east-1", ...(marked ? { [simulatedMark]: "slipway" } : {}) },
});

describe("a state copied from a real backend into .slipway", () => {
  beforeAll(() => {
    for (const file of ["Pulumi.yaml", "Pulumi.staging.yaml", "base.yaml"]) copyFileSync(join(root, file), join(folder, file));
    mkdirSync(dirname(stateFile), { recursive: true });
    const latest = { manifest: {}, resources: [provider("aws", false)] };
    writeFileSync(stateFile, JSON.stringify({ version: 3, checkpoint: { stack: "organization/slipway/staging", latest } }));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each<string[]>([
    ["preview", "--stack", "staging"],
    ["up", "--stack", "staging", "--yes"],
    ["refresh", "--stack", "staging", "--yes"],
    ["pulumi", "--stack", "staging", "preview"],
  ])("slipway %s %s %s %s is refused, and nothing is changed", async (...args) => {
    const before = readFileSync(stateFile, "utf8");
    const words = args.filter((word) => typeof word === "string");
    const { exitCode, stderr } = await slipway(words, folder);
    expect(stderr).toContain("The state of staging in .slipway was not made by the simulated cloud: aws in it is a real provider");
    expect(stderr).toContain("rm .slipway/state/.pulumi/stacks/slipway/staging.json");
    expect(exitCode).toBe(2);
    expect(readFileSync(stateFile, "utf8")).toBe(before);
  });
});

describe("providers in a state", () => {
  const shared = { kind: "shared", folder: join(folder, ".slipway"), url: "s3://state" } as const;
  const refusal = (marked: boolean, backend: Parameters<typeof refuseForeignState>[1]) => () =>
    refuseForeignState([provider("aws", marked), provider("cloudflare", true), provider("pulumi", false)], backend, project, "staging");

  test("of the sandbox, in the sandbox", () => expect(refusal(true, sandboxOf(project))).not.toThrow());
  test("of AWS, in the sandbox with real AWS", () => expect(refusal(false, sandboxOf(project, ["aws"]))).not.toThrow());
  test("of the sandbox, in the sandbox with real AWS", () => expect(refusal(true, sandboxOf(project, ["aws"]))).toThrow("simulated"));
  test("of AWS, in the sandbox", () => expect(refusal(false, sandboxOf(project))).toThrow("aws in it is a real provider"));
  test("of the sandbox, at the team's backend", () =>
    expect(refusal(true, shared)).toThrow("The state of staging in s3://state was made by the simulated cloud"));
  test("none yet", () => expect(() => refuseForeignState([], shared, project, "staging")).not.toThrow());
});
