/** One data store of each kind on the real engine: made, left alone, guarded, and taken away. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataStores } from "../harness/dataStack.ts";
import { FakeGitHub } from "../harness/fakeGitHub.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];

describe("data stores", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  beforeAll(async () => {
    stack.set({ ...dataStores, "network.zones": zones });
    await stack.prepare();
  });
  afterAll(() => stack.remove());

  test("a second update has nothing to do", async () => {
    const again = await stack.up("--expect-no-changes");
    expect(again.exitCode, again.stdout + again.stderr).toBe(0);
  });

  test("a refresh finds nothing that has drifted", async () => {
    const refreshed = await stack.refresh("--expect-no-changes");
    expect(refreshed.exitCode, refreshed.stdout + refreshed.stderr).toBe(0);
  });

  test("the password that is stored is the one that logs in, and neither is in clear", async () => {
    const versions = stack.live("aws:secretsmanager/secretVersion:SecretVersion");
    expect(versions.length).toBe(7);
    const exported = await stack.slipway("pulumi", "--stack", "staging", "stack", "export");
    const state = JSON.parse(exported.stdout) as { deployment: { resources: { type: string; inputs?: Record<string, unknown> }[] } };
    const passwords = state.deployment.resources.flatMap(({ inputs = {} }) =>
      [inputs.password, inputs.secretString].filter((value) => value !== undefined),
    );
    expect(passwords.length).toBe(8);
    for (const password of passwords) expect(Object.keys(password as object)).toContain("ciphertext");
  });

  test("what AWS fixes at creation cannot change, and is told before anything happens", async () => {
    const before = stack.live().length;
    stack.set({ "databases.main.databaseName": "another", "buckets.metadata": { purpose: "documents", lock: { days: 1 } } });
    const { exitCode, stdout, stderr } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).toContain("slipway:databases.main.databaseName");
    expect(stdout + stderr).toContain('"deedpro_production", as deployed');
    expect(stdout + stderr).toContain("slipway:buckets.metadata.purpose");
    expect(stack.live().length).toBe(before);
    stack.set({ "databases.main.databaseName": "deedpro_production", "buckets.metadata": { purpose: "private" } });
  });

  test("what RDS refuses of a database is told before anything happens", async () => {
    const before = JSON.stringify(stack.live());
    const edits = { "databases.main.version": "18", "databases.olympiad.version": "8.0.0", "services.api.environment.CHANGED": "too" };
    stack.set(edits);
    const { exitCode, stdout, stderr } = await stack.up();
    stack.set(Object.fromEntries(Object.keys(edits).map((path) => [path, undefined])));
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).toContain("slipway:databases.main.version");
    expect(stdout + stderr).toContain("slipway:databases.olympiad.version");
    expect(JSON.stringify(stack.live())).toBe(before);
  });

  test("what may change is an update in place", async () => {
    stack.set({
      "databases.main.storageGib": 200,
      "databases.main.instanceClass": "db.t4g.large",
      "databases.main.backupRetentionDays": 14,
      "caches.sessions.replicas": 2,
      "databases.olympiad.slowQueryMilliseconds": 500,
    });
    const { changes } = await stack.preview();
    expect(changes.map(({ op, name }) => [op, name]).sort()).toEqual([
      ["update", "coinestate-staging-use1-c-fs11pi"],
      ["update", "coinestate-staging-use1-db-main"],
      ["update", "coinestate-staging-use1-db-olympiad"],
    ]);
  });

  test("A22 what RDS leaves for the maintenance window or for a reboot is said, and is no drift", async () => {
    stack.set({ "databases.main.maximumConnections": 200 });
    await stack.update();
    const github = new FakeGitHub();
    const drift = await stack.slipwayWith(await github.start(), "ci", "drift", "--stack", "staging");
    github.stop();
    expect(drift.stdout).toContain("0 differences live, 0 in config; issue none");
    expect(drift.stdout).toMatch(/pending: \S+db-main-\w+: instanceClass → db\.t4g\.large, .*maintenance window/);
    expect(drift.stdout).toMatch(/pending: \S+db-main-\w+: parameters of \S+, until it is rebooted/);
    expect(github.issues).toEqual([]);
  });

  test("a store that is taken from config is deleted with all that belongs to it, and destroy leaves nothing", async () => {
    const destroyed = await stack.destroy();
    expect(destroyed.exitCode, destroyed.stdout + destroyed.stderr).toBe(0);
    expect(stack.live()).toEqual([]);
  });
});
