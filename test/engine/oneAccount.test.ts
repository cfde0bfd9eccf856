/** Two stacks in one account, each made, changed and taken away beside the other. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configOf } from "../harness/config.ts";
import { onlyApi, unprotected, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

/** Production without what only it has: what both have is what they could share. */
const production = new StackUnderTest("production", {
  ...unprotected,
  ...onlyApi,
  edge: undefined,
  failover: undefined,
  databases: undefined,
  buckets: undefined,
  backup: undefined,
  "services.api.connects": undefined,
  "loadBalancer.allowFrom": ["0.0.0.0/0"],
});

describe("staging and production in one account", () => {
  const staging = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  const inProduction = (command: "up" | "destroy") =>
    staging.slipway(command, "--stack", "production", "--yes", "--skip-preview", "--non-interactive");
  const ofStaging = () => JSON.stringify(staging.live().filter(({ createdFor }) => createdFor.startsWith("urn:pulumi:staging::")));

  beforeAll(async () => {
    cpSync(production.file, join(staging.folder, "Pulumi.production.yaml"));
    await staging.prepare();
  });
  afterAll(() => {
    staging.remove();
    production.remove();
  });

  test("A4 production is made, changed and taken away beside staging, which stays as it is", async () => {
    expect(configOf("staging").aws.accountId).toBe(configOf("production").aws.accountId);
    const before = ofStaging();
    const all = staging.live();
    expect(JSON.parse(before)).not.toEqual([]);
    await staging.slipway("sandbox", "images", "push", "--stack", "production");
    await staging.slipway("sandbox", "secrets", "set", "--stack", "production");
    const made = await inProduction("up");
    expect(made.exitCode, made.stdout + made.stderr).toBe(0);
    expect(ofStaging()).toBe(before);
    const destroyed = await inProduction("destroy");
    expect(destroyed.exitCode, destroyed.stdout + destroyed.stderr).toBe(0);
    expect(staging.live()).toEqual(all);
  });
});
