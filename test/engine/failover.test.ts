/** Three regions on the real engine: made, left alone, approved, exercised, and taken away. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { carriedStores, threeRegions } from "../harness/failoverStack.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

describe("a stack that fails over", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi, ...carriedStores });
  let before: Map<string, string>;
  beforeAll(async () => {
    await stack.prepare();
    before = new Map(stack.live().map(({ id, type, scope }) => [`${type} ${scope} ${id}`, type]));
    stack.set({ ...threeRegions });
    const { exitCode, stdout, stderr } = await stack.up();
    expect(exitCode, stdout + stderr).toBe(0);
  });
  afterAll(() => stack.remove());

  test("nothing that was there is replaced when regions are added, but the tasks' definitions, which are revisions", () => {
    const now = new Set(stack.live().map(({ id, type, scope }) => `${type} ${scope} ${id}`));
    const gone = [...before].filter(([key]) => !now.has(key)).map(([, type]) => type);
    expect(new Set(gone)).toEqual(new Set(["aws:ecs/taskDefinition:TaskDefinition"]));
    expect(before.size).toBeGreaterThan(60);
  });

  test("a second update has nothing to do", async () => {
    const again = await stack.up("--expect-no-changes");
    expect(again.exitCode, again.stdout + again.stderr).toBe(0);
  });

  test("a database is one writer and two replicas, each under a key of its own region", () => {
    const databases = stack.live("aws:rds/instance:Instance");
    expect(databases.map(({ scope }) => scope.split("/")[1]).sort()).toEqual(["ap-southeast-1", "eu-west-1", "us-east-1"]);
    const writer = databases.find(({ scope }) => scope.endsWith("us-east-1"))!;
    const replicas = databases.filter((database) => database !== writer);
    expect(replicas.map(({ properties }) => properties.replicateSourceDb)).toEqual([writer.properties.arn, writer.properties.arn]);
    expect(replicas.every(({ scope, properties }) => String(properties.kmsKeyId).includes(`:kms:${scope.split("/")[1]}:`))).toBe(true);
    expect(replicas.map(({ properties }) => properties.password)).toEqual([undefined, undefined]);
  });

  test("services write in the primary only", () => {
    const modes = stack.live("aws:ssm/parameter:Parameter").filter(({ id }) => id.endsWith("/failover/read-only"));
    expect(modes.map(({ scope, properties }) => [scope.split("/")[1], properties.insecureValue]).sort()).toEqual([
      ["ap-southeast-1", "true"],
      ["eu-west-1", "true"],
      ["us-east-1", "false"],
    ]);
  });

  test("a canary step touches one rule, in the primary", async () => {
    stack.set({ "services.api.release.green": { image: `sha256:${"a".repeat(64)}` } });
    const deployed = await stack.up();
    expect(deployed.exitCode, deployed.stdout + deployed.stderr).toBe(0);
    stack.set({ "services.api.release.candidateWeight": 5 });
    const { changes } = await stack.preview();
    expect(changes.map(({ op, name }) => [op, name])).toEqual([["update", "coinestate-staging-use1-api"]]);
    stack.set({ "services.api.release.candidateWeight": 0 });
  });

  test("an approval is set, shown, kept by an update, and taken back", async () => {
    const status = () => stack.slipway("status", "--stack", "staging");
    const calm = await status();
    expect(calm.stdout, calm.stderr).toContain("leads to us-east-1");
    expect(calm.stdout).not.toMatch(/may be left|withdrawn/);
    const approved = await stack.slipway("failover", "approve", "--stack", "staging", "--reason", "exercise", "--hours", "2");
    expect(approved.exitCode, approved.stderr).toBe(0);
    expect(approved.stdout).toContain("eu-west-1 may be left while it is down, until 20");
    const shown = await status();
    expect(shown.stdout).toContain("may be left until");
    expect(shown.stdout).toContain("exercise");
    const again = await stack.up("--expect-no-changes");
    expect(again.exitCode, again.stdout + again.stderr).toBe(0);
    expect((await status()).stdout).toContain("may be left until");
    expect((await stack.slipway("failover", "revoke", "--stack", "staging")).exitCode).toBe(0);
    expect((await status()).stdout).not.toContain("may be left");
    const wrong = await stack.slipway("failover", "approve", "--stack", "staging", "--region", "us-east-1");
    expect(wrong.stderr).toContain("us-east-1 is no region that waits for an approval. There is: eu-west-1.");
    expect(wrong.exitCode).toBe(2);
  });

  test("the exercise passes and leaves nothing behind", async () => {
    const objects = JSON.stringify(stack.live());
    const { exitCode, stdout, stderr } = await stack.slipway("drill", "region", "--stack", "staging");
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toContain("The drill passed.");
    expect(JSON.stringify(stack.live())).toBe(objects);
  });

  test("destroy leaves nothing", async () => {
    const destroyed = await stack.destroy();
    expect(destroyed.exitCode, destroyed.stdout + destroyed.stderr).toBe(0);
    expect(stack.live()).toEqual([]);
  });
});
