/**
 * A project whose engine notes what it is started for and does nothing: what a command does before and beside the engine, without one.
 */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import { engineCommand } from "../../ops/engine/commands.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";

const root = join(import.meta.dirname, "..", "..");
let folder = "";
/** A path in the project. */
export const inProject = (...parts: string[]) => join(folder, "project", ...parts);

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
export function starts(): string[] {
  const noted = readFileSync(join(folder, "starts"), "utf8");
  writeFileSync(join(folder, "starts"), "");
  return noted
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(" --")[0] ?? "");
}

const arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012";
/** A rule that the state holds. */
export const rule = {
  urn: "urn:pulumi:staging::slipway::aws:lb/listenerRule:ListenerRule::use1-api",
  type: "aws:lb/listenerRule:ListenerRule",
  custom: true,
  id: `${arn}:listener-rule/app/alb/1/2/3`,
};
/** What it is, with this share for green. */
export const weighted = (green: number) => ({
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
export function leave(latest: object, backend = inProject(".slipway", "state")): void {
  const file = join(backend, ".pulumi", "stacks", "slipway", "staging.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ version: 3, checkpoint: { stack: "organization/slipway/staging", latest } }));
}

/** Makes the rule live with this share for green. */
export function live(green: number): void {
  const createdFor = rule.urn;
  openLiveStore(inProject(".slipway")).put({
    type: rule.type,
    id: rule.id,
    scope: "123456789012/us-east-1",
    createdFor,
    properties: weighted(green),
  });
}

/** Makes the project before each test, with its state and what is live, and takes it away afterwards. */
export function inNotedProject(): void {
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
}

export const staging = { stack: "staging" };
export const up = () => engineCommand("up", staging, ["--yes", "--skip-preview", "--non-interactive"]);
export const preview = () => engineCommand("preview", staging, ["--non-interactive"]);

/** File of the state. */
export const stateFile = () => inProject(".slipway", "state", ".pulumi", "stacks", "slipway", "staging.json");

/** The rule as the state has it. */
export const own = { ...rule, inputs: weighted(5), outputs: weighted(5) };

/** A folder beside the project. */
export const besideProject = (name: string) => join(folder, name);
