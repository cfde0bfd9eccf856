/** Three regions on the real engine: made, left alone, approved, exercised, and taken away. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { carriedStores, threeRegions } from "../harness/failoverStack.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

/** Its logins are by IAM, which names a server by an id of RDS's own. */
const main = { ...(carriedStores.databases as { readonly main: object }).main, iamAuthentication: true };

describe("a stack that fails over", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi, ...carriedStores, databases: { main } });
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
    expect((await stack.slipway("failover", "revoke", "--stack", "staging", "--reason", "exercise")).exitCode).toBe(0);
    expect((await status()).stdout).not.toContain("may be left");
    const wrong = await stack.slipway("failover", "approve", "--stack", "staging", "--region", "us-east-1", "--reason", "exercise");
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

  const databaseOf = (region: string) =>
    stack
      .live("aws:rds/instance:Instance")
      .find(({ scope, properties }) => scope.endsWith(region) && !/-(new|damaged)$/.test(String(properties.identifier)))!;
  const failover = (...words: string[]) => stack.slipway("failover", ...words, "--stack", "staging", "--reason", "exercise");

  test("N12 the last healthy region is not withdrawn, and no second writer is let back", async () => {
    const asia = stack.live("aws:ecs/service:Service").filter(({ scope }) => scope.endsWith("ap-southeast-1"));
    for (const service of asia) stack.edit(service, (properties) => Object.assign(properties, { desiredCount: 0 }));
    expect((await failover("withdraw", "--region", "us-east-1")).exitCode).toBe(0);
    const last = await failover("withdraw", "--region", "eu-west-1");
    expect(last.exitCode, last.stdout).toBe(1);
    expect(last.stderr).toContain("no healthy region would be left: us-east-1 is withdrawn, ap-southeast-1 is down");
    const replica = databaseOf("eu-west-1");
    stack.edit(replica, (properties) => Object.assign(properties, { replicateSourceDb: "" }));
    const mode = stack
      .live("aws:ssm/parameter:Parameter")
      .find(({ id, scope }) => id.endsWith("/failover/read-only") && scope.endsWith("eu-west-1"))!;
    stack.edit(mode, (properties) => Object.assign(properties, { insecureValue: "false" }));
    const second = await failover("restore", "--region", "us-east-1");
    expect(second.exitCode, second.stdout).toBe(1);
    expect(second.stderr).toMatch(/its database takes writes, and \S+ in eu-west-1 takes writes of main .*: two would/);
    for (const object of [replica, mode, ...asia]) stack.edit(object, () => {});
    expect((await failover("restore", "--region", "us-east-1")).exitCode).toBe(0);
  });

  test("N9 a replica that follows the damaged server is told, and is not promoted", async () => {
    const replica = databaseOf("eu-west-1");
    const damaged = `${String(replica.properties.replicateSourceDb)}-damaged`;
    stack.edit(replica, (properties) => Object.assign(properties, { replicateSourceDb: damaged }));
    const verified = await stack.slipway("verify", "restoration", "--stack", "staging");
    expect(verified.exitCode, verified.stdout).toBe(1);
    expect(verified.stdout).toContain("npx slipway database follow --stack staging --region eu-west-1");
    const refused = await stack.slipway("database", "promote", "--stack", "staging", "--region", "eu-west-1", "--reason", "exercise");
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/Nothing was promoted: \S+ follows \S+-damaged, which is not the server that takes writes/);
    stack.edit(replica, () => {});
  });

  test("N10 a database is brought back to a moment by one command, with its logins, and replicas are made to follow it", async () => {
    const words = (command: string, ...more: string[]) =>
      stack.slipway("database", command, "--stack", "staging", "--reason", "exercise", ...more);
    const before = databaseOf("us-east-1");
    const plan = await words("restore", "--database", "main", "--to", "latest", "--dry-run");
    expect(plan.exitCode, plan.stderr).toBe(0);
    expect(databaseOf("us-east-1").id).toBe(before.id);
    const restored = await words("restore", "--database", "main", "--to", "latest");
    expect(restored.exitCode, restored.stdout + restored.stderr).toBe(0);
    expect(restored.stdout).toMatch(
      /Logins by IAM[\s\S]*^Next: npx slipway up --stack staging --refresh && npx slipway database follow --stack staging --database main /m,
    );
    const after = databaseOf("us-east-1");
    expect(after.id).not.toBe(before.id);
    const kept = [
      "identifier",
      "address",
      "iamDatabaseAuthenticationEnabled",
      "parameterGroupName",
      "vpcSecurityGroupIds",
      "dbSubnetGroupName",
      "multiAz",
      "deletionProtection",
    ];
    const told = [
      ...kept,
      "enabledCloudwatchLogsExports",
      "backupRetentionPeriod",
      "backupWindow",
      "maintenanceWindow",
      "performanceInsightsEnabled",
      "caCertIdentifier",
    ];
    const of = ({ properties }: typeof before) => Object.fromEntries(told.map((name) => [name, properties[name]]));
    expect(of(after)).toEqual(of(before));
    const updated = await stack.up("--refresh");
    expect(updated.exitCode, updated.stdout + updated.stderr).toBe(0);
    for (const region of ["eu-west-1", "ap-southeast-1"]) {
      const followed = await words("follow", "--region", region);
      expect(followed.exitCode, followed.stdout + followed.stderr).toBe(0);
      expect(databaseOf(region).properties.replicateSourceDb).toBe(after.properties.arn);
    }
    const again = await stack.up("--refresh");
    expect(again.exitCode, again.stdout + again.stderr).toBe(0);
    expect((await stack.slipway("verify", "restoration", "--stack", "staging")).stdout).not.toMatch(/damaged/);
    expect((await stack.preview()).changes).toEqual([]);
    for (const { id, properties } of stack.live("aws:rds/instance:Instance"))
      if (String(properties.identifier).endsWith("-damaged")) stack.forget(id);
  });

  test("destroy leaves nothing", async () => {
    const destroyed = await stack.destroy();
    expect(destroyed.exitCode, destroyed.stdout + destroyed.stderr).toBe(0);
    expect(stack.live()).toEqual([]);
  });
});
