/**
 * The ways back of a database on simulated RDS: restored, followed, promoted. Each is killed before every call that changes something, and
 * after it, and the same command ends the same; RDS answers with the status of before for a while, as it does.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readOnlyParameter } from "../../../components/environment/contract/failover.ts";
import { Aws } from "../../../ops/aws/aws.ts";
import { adoptAfter, renewedIn } from "../../../ops/database/adopt.ts";
import { followIn } from "../../../ops/database/follow.ts";
import { growServers } from "../../../ops/database/grow.ts";
import { promoteServers } from "../../../ops/database/promote.ts";
import { restoreServer } from "../../../ops/database/restore.ts";
import { familiesOf, followings, serverPlaces, suffixed } from "../../../ops/database/servers.ts";
import { leftToModify, marks, replicaRequest, restoreRequest } from "../../../ops/database/settings.ts";
import { nextStep } from "../../../ops/database/swap.ts";
import { otherWriters, reasonAgainstWithdrawal } from "../../../ops/failover/safety.ts";
import { UserError } from "../../../ops/userError.ts";
import { serviceError, simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { recordsAt, write, writesOf } from "../../../sandbox/cloud/aws/records.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { configOf } from "../../harness/config.ts";
import { carriedStores, threeRegions } from "../../harness/failoverStack.ts";
import { account } from "../../harness/stubbedAws.ts";

const config = configOf("staging", { ...carriedStores, ...threeRegions });
const regions = ["us-east-1", "eu-west-1", "ap-southeast-1"] as const;
const type = "aws:rds/instance:Instance";
const tags = { System: config.system, Environment: config.environment, Name: "main" };

let folder = "";
let store: LiveStore;
const startOf = (region: string) => serverPlaces(config, "main").find((place) => place.region === region)!.start;
const nameIn = (region: string) => `${startOf(region)}0a1b2c3d`;
const arnIn = (region: string) => `arn:aws:rds:${region}:${account}:db:${nameIn(region)}`;
const hour = 3_600_000;
const noon = new Date(Math.floor(Date.now() / 1000) * 1000 - 2 * hour);
const moment = new Date(noon.getTime() + 30_000);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-ways-"));
  store = new LiveStore(folder);
  for (const region of regions) {
    const own = {
      identifier: nameIn(region),
      arn: arnIn(region),
      resourceId: `db-${region}`,
      address: `${nameIn(region)}.chash.${region}.rds.amazonaws.com`,
    };
    const settings = {
      ...{ instanceClass: "db.m7g.large", allocatedStorage: 50, maxAllocatedStorage: 500, storageType: "gp3", storageEncrypted: true },
      ...{
        kmsKeyId: `key-${region}`,
        dbSubnetGroupName: `subnets-${region}`,
        vpcSecurityGroupIds: [`sg-${region}`],
        parameterGroupName: `own-${region}`,
      },
      ...{
        multiAz: true,
        deletionProtection: true,
        copyTagsToSnapshot: true,
        iamDatabaseAuthenticationEnabled: true,
        caCertIdentifier: "rds-ca-rsa2048-g1",
      },
      ...{ enabledCloudwatchLogsExports: ["postgresql", "upgrade"], autoMinorVersionUpgrade: true, publiclyAccessible: false },
      ...{ backupRetentionPeriod: region === "us-east-1" ? 7 : 0, backupWindow: "03:00-04:00", maintenanceWindow: "sun:05:00-sun:06:00" },
      ...{
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: `key-${region}`,
        performanceInsightsRetentionPeriod: 7,
        engineVersion: "17",
      },
    };
    const replicateSourceDb = region === "us-east-1" ? {} : { replicateSourceDb: arnIn("us-east-1") };
    const engine = region === "us-east-1" ? { engine: "postgres" } : {};
    const properties = { region, status: "available", tags, ...own, ...settings, ...engine, ...replicateSourceDb };
    store.put({ type, id: `db-${region}`, scope: `${account}/${region}`, properties, createdFor: "" });
    const Name = readOnlyParameter(config);
    const mode = { name: Name, type: "String", insecureValue: String(region !== "us-east-1"), version: 1, arn: "arn:p" };
    store.put({ type: "aws:ssm/parameter:Parameter", id: Name, scope: `${account}/${region}`, properties: mode, createdFor: "" });
  }
  const at = (seconds: number) => new Date(noon.getTime() + seconds * 1000).toISOString();
  write(store, arnIn("us-east-1"), [
    { at: at(0), key: "order-1", value: "paid" },
    { at: at(60), key: "order-1" },
  ]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const changing = /^(Restore|Create|Promote|Modify|Put)/;

/** Simulated AWS. @param kill call that changes something, by its number, at which whoever asks is killed */
function cloud(kill?: { readonly call: number; readonly when: "before" | "after" }, lost: readonly string[] = []): Aws {
  const answer = simulatedAws(store, account);
  let calls = 0;
  let slow = 0;
  let before: object = {};
  let written = "";
  const asked: typeof answer = async (call) => {
    if (lost.includes(call.region) && call.client === "RDS") throw serviceError("TimeoutError", "no answer");
    if (!changing.test(call.operation)) {
      const now = await answer(call);
      if (call.operation !== "DescribeDBInstances" || call.client !== "RDS") return now;
      if (slow === 0 || written !== call.region) return now;
      slow -= 1;
      return slow === 1 ? before : busy(now);
    }
    calls += 1;
    if (kill?.call === calls && kill.when === "before") throw new Error("killed");
    if (call.client === "RDS") before = await answer({ ...call, operation: "DescribeDBInstances", input: {} });
    written = call.region;
    const told = await answer(call);
    if (call.client === "RDS") slow = 2;
    if (kill?.call === calls && kill.when === "after") throw new Error("killed");
    return told;
  };
  return new Aws({ account, region: "us-east-1", cloud: "the simulated cloud", answer: asked });
}

function busy(answer: object): object {
  const { DBInstances = [], ...more } = answer as { DBInstances?: object[] };
  return { ...more, DBInstances: DBInstances.map((one) => ({ ...one, DBInstanceStatus: "modifying" })) };
}

const silent = { print: () => {}, wait: async () => {} };
const named = (region: string, name: string) =>
  store.all(type).find(({ scope, properties }) => scope.endsWith(region) && properties.identifier === name);
const switches = (...off: string[]) => ({
  readSwitch: async (name: string) => ({ on: off.some((code) => name.endsWith(code)), note: "" }),
  health: async (host: string) => (host.includes("apse1") ? ("down" as const) : ("healthy" as const)),
});

/** Runs until nobody kills it any more. @returns calls that it took */
async function despiteKills(run: (aws: Aws) => Promise<unknown>, reset: () => void): Promise<number> {
  for (let call = 1; ; call += 1)
    for (const when of ["before", "after"] as const) {
      reset();
      try {
        await run(cloud({ call, when }));
        return call - 1;
      } catch (error) {
        if (!(error instanceof Error) || error.message !== "killed") throw error;
        await run(cloud());
      }
      expect(
        store
          .all(type)
          .map(({ properties }) => String(properties.identifier))
          .filter((name) => name.endsWith("-new")),
      ).toEqual([]);
    }
}

describe("a restore", () => {
  const restore = (aws: Aws, to = moment.toISOString(), more: { dryRun?: boolean } = {}) =>
    restoreServer(aws, config, { database: "main", to, ...more }, "a DELETE without WHERE", silent);
  const kept = [
    "iamDatabaseAuthenticationEnabled",
    "enabledCloudwatchLogsExports",
    "parameterGroupName",
    "vpcSecurityGroupIds",
    "dbSubnetGroupName",
    "deletionProtection",
  ];
  const more = [
    "multiAz",
    "caCertIdentifier",
    "maintenanceWindow",
    "backupWindow",
    "backupRetentionPeriod",
    "performanceInsightsEnabled",
    "maxAllocatedStorage",
    "address",
    "copyTagsToSnapshot",
  ];

  test("has the rows of the moment under the old name and host, and all that the original had; the damaged one is kept", async () => {
    const original = named("us-east-1", nameIn("us-east-1"))!;
    await restore(cloud());
    const [own, aside] = [named("us-east-1", nameIn("us-east-1"))!, named("us-east-1", `${nameIn("us-east-1")}-damaged`)!];
    expect([own.id === original.id, aside.id]).toEqual([false, original.id]);
    for (const name of [...kept, ...more]) expect([name, own.properties[name]]).toEqual([name, original.properties[name]]);
    expect(recordsAt(writesOf(store, String(own.properties.arn)))).toEqual({ "order-1": "paid" });
    expect(recordsAt(writesOf(store, String(aside.properties.arn)))).toEqual({});
    expect(own.properties.tags).toEqual({ ...tags, [marks.restored]: moment.toISOString() });
  });

  test("that is killed at any call goes on by the same command, and ends the same", async () => {
    const objects = store.all();
    const reset = () => {
      for (const object of store.all()) store.delete(object);
      for (const object of objects) store.put(object);
    };
    expect(await despiteKills(restore, reset)).toBe(4); // restore, settle, two names
    const count = store.all(type).length;
    await restore(cloud());
    expect(store.all(type)).toHaveLength(count);
  });

  test("prints its plan and does nothing, and refuses a moment that is none or too new", async () => {
    const lines: string[] = [];
    await restoreServer(cloud(), config, { database: "main", to: "latest", dryRun: true }, "r", {
      ...silent,
      print: (line) => lines.push(line),
    });
    expect(lines.join("\n")).toMatch(/Nothing is changed[\s\S]*-damaged[\s\S]*euw1\S+ in eu-west-1 goes on with the damaged data/);
    expect(store.all(type)).toHaveLength(3);
    await expect(restore(cloud(), "yesterday")).rejects.toThrow(/--to is yesterday; allowed: latest, or a moment as/);
    await expect(restore(cloud(), new Date().toISOString())).rejects.toThrow(/which RDS cannot restore yet; allowed: .* at most/);
    await expect(restore(cloud(), new Date(0).toISOString())).rejects.toThrow("the restorable time is from");
  });

  test("beside what is left of another one is refused, with what makes room", async () => {
    await restore(cloud());
    const later = new Date(moment.getTime() + 1000).toISOString();
    await expect(restore(cloud(), later)).rejects.toThrow(
      /-damaged in us-east-1 is left of a restore before[\s\S]*aws rds delete-db-instance --region us-east-1/,
    );
  });

  test("leaves replicas with the damaged server: each is told, and follow makes them anew", async () => {
    await restore(cloud());
    const other = { follows: "other", source: `${nameIn("us-east-1")}-damaged` };
    expect((await followings(cloud(), config)).map(({ region, state }) => [region, state])).toEqual([
      ["eu-west-1", other],
      ["ap-southeast-1", other],
    ]);
    await expect(promoteServers(cloud(), config, switches("use1"), { region: "eu-west-1" }, "r", () => {})).rejects.toThrow(
      /Nothing was promoted: \S+ follows \S+-damaged, which is not the server that takes writes/,
    );
    const objects = store.all();
    const reset = () => {
      for (const object of store.all()) store.delete(object);
      for (const object of objects) store.put(object);
    };
    expect(await despiteKills((aws) => followIn(aws, config, { region: "eu-west-1" }, "r", silent), reset)).toBe(4);
    const replica = named("eu-west-1", nameIn("eu-west-1"))!;
    expect(replica.properties.replicateSourceDb).toBe(arnIn("us-east-1"));
    for (const name of [...kept, "kmsKeyId", "performanceInsightsEnabled"])
      expect(replica.properties[name]).toEqual(store.get(type, "db-eu-west-1", `${account}/eu-west-1`)!.properties[name]);
    expect(recordsAt(writesOf(store, String(replica.properties.arn)))).toEqual({ "order-1": "paid" });
  });
});

describe("a promotion", () => {
  const promote = (aws: Aws, off: string[], more: { force?: boolean; dryRun?: boolean } = {}) =>
    promoteServers(
      aws,
      config,
      switches(...off),
      { region: "eu-west-1", ...more },
      "the region is lost",
      () => {},
      async () => {},
    );
  const source = () => named("eu-west-1", nameIn("eu-west-1"))!.properties.replicateSourceDb;

  test("is refused while the writer's region has users and takes writes; withdrawn, it goes, and is repeated without harm", async () => {
    await expect(promote(cloud(), [])).rejects.toThrow(/us-east-1 takes writes of main [\s\S]*slipway failover withdraw/);
    expect(source()).toBe(arnIn("us-east-1"));
    expect(await promote(cloud(), ["use1"], { dryRun: true })).toBe(false);
    expect(source()).toBe(arnIn("us-east-1"));
    expect(await promote(cloud(), ["use1"])).toBe(true);
    expect([source(), named("eu-west-1", nameIn("eu-west-1"))!.properties.backupRetentionPeriod]).toEqual(["", 7]);
    expect(await promote(cloud(), ["use1"])).toBe(true);
  });

  test("needs no answer of a region that is lost: what config says of it counts", async () => {
    await expect(promote(cloud(undefined, ["us-east-1"]), [])).rejects.toThrow(
      /us-east-1 takes writes of main by its config, and cannot be asked/,
    );
    expect(await promote(cloud(undefined, ["us-east-1"]), ["use1"])).toBe(true);
  });

  test("is refused where a second standby has been promoted", async () => {
    const third = named("ap-southeast-1", nameIn("ap-southeast-1"))!;
    store.put({ ...third, properties: { ...third.properties, replicateSourceDb: "" } });
    const mode = store.all("aws:ssm/parameter:Parameter").find(({ scope }) => scope.endsWith("ap-southeast-1"))!;
    store.put({ ...mode, properties: { ...mode.properties, insecureValue: "false" } });
    await expect(promote(cloud(), ["use1"])).rejects.toThrow(/in ap-southeast-1 takes writes of main/);
    expect(await promote(cloud(), ["use1"], { force: true })).toBe(true);
  });

  test("the way home: the old region follows, and takes writes when the other one refuses them", async () => {
    await promote(cloud(), ["use1"]);
    const set = (region: string, value: string) => {
      const mode = store.all("aws:ssm/parameter:Parameter").find(({ scope }) => scope.endsWith(region))!;
      store.put({ ...mode, properties: { ...mode.properties, insecureValue: value } });
    };
    set("eu-west-1", "false");
    write(store, arnIn("eu-west-1"), [{ at: new Date().toISOString(), key: "order-2", value: "paid abroad" }]);
    await expect(followIn(cloud(), config, { region: "us-east-1" }, "home", silent)).rejects.toThrow(
      /may take writes of users[\s\S]*failover read-only/,
    );
    set("us-east-1", "true");
    await followIn(cloud(), config, { region: "us-east-1" }, "home", silent);
    expect(named("us-east-1", nameIn("us-east-1"))!.properties.replicateSourceDb).toBe(arnIn("eu-west-1"));
    const home = () =>
      promoteServers(
        cloud(),
        config,
        switches("use1"),
        { region: "us-east-1" },
        "home",
        () => {},
        async () => {},
      );
    await expect(home()).rejects.toThrow(/in eu-west-1 takes writes of main/);
    set("eu-west-1", "true");
    expect(await home()).toBe(true);
    expect(recordsAt(writesOf(store, arnIn("us-east-1")))).toMatchObject({ "order-2": "paid abroad" });
  });
});

describe("storage", () => {
  const bigger = (storageGib: number) =>
    ({ ...config, databases: { ...config.databases, main: { ...config.databases.main!, storageGib } } }) as typeof config;
  const lines: string[] = [];
  const grow = (gib: number, more: { withPending?: boolean; dryRun?: boolean } = {}) => {
    lines.length = 0;
    return growServers(cloud(), bigger(gib), { database: "main", stack: "staging", ...more }, "nearly full", (line) => lines.push(line));
  };
  const sizes = () => regions.map((region) => named(region, nameIn(region))!.properties.allocatedStorage);

  test("grows at once on every server, to what config says, and not again within six hours", async () => {
    await grow(400, { dryRun: true });
    expect(sizes()).toEqual([50, 50, 50]);
    await grow(400);
    expect(sizes()).toEqual([400, 400, 400]);
    expect(lines[1]).toMatch(/in us-east-1: 50 → 400 GiB, without an outage/);
    await expect(grow(400)).rejects.toThrow(
      /has 400 GiB or more[\s\S]*pulumi config set --stack staging --path 'slipway:databases.main.storageGib' 800/,
    );
    await expect(grow(500)).rejects.toThrow("the previous storage change is being optimized");
  });

  test("beside what else waits is refused with its cost, since RDS does all of it; and done when told so", async () => {
    const properties = { instanceClass: "db.m7g.xlarge", allocatedStorage: 400 };
    store.put({
      type: "aws:rds/instance:PendingModifiedValues",
      id: "db-us-east-1",
      scope: `${account}/us-east-1`,
      properties,
      createdFor: "pending",
    });
    await expect(grow(400)).rejects.toThrow(
      /more than storage:\n {2}\S+ in us-east-1: DBInstanceClass → db.m7g.xlarge: a restart: with a standby a failover/,
    );
    expect(sizes()).toEqual([50, 50, 50]);
    await grow(400, { withPending: true });
    expect(sizes()).toEqual([400, 400, 400]);
    expect(named("us-east-1", nameIn("us-east-1"))!.properties.instanceClass).toBe("db.m7g.xlarge");
  });
});

describe("what operators say of regions", () => {
  test("a withdrawal leaves a healthy region that answers", async () => {
    expect(await reasonAgainstWithdrawal(config, switches(), "us-east-1")).toBeUndefined();
    expect(await reasonAgainstWithdrawal(config, switches("use1"), "eu-west-1")).toBe(
      "no healthy region would be left: us-east-1 is withdrawn, ap-southeast-1 is down",
    );
  });

  test("a region is let back while no other takes its writes; one that only replicates always", async () => {
    expect(await otherWriters(cloud(), config, switches(), "us-east-1")).toEqual([]);
    expect(await otherWriters(cloud(), config, switches(), "eu-west-1")).toEqual([]);
    const replica = named("eu-west-1", nameIn("eu-west-1"))!;
    store.put({ ...replica, properties: { ...replica.properties, replicateSourceDb: "" } });
    expect(await otherWriters(cloud(), config, switches(), "us-east-1")).toEqual([]); // its services refuse writes
    const mode = store.all("aws:ssm/parameter:Parameter").find(({ scope }) => scope.endsWith("eu-west-1"))!;
    store.delete(mode);
    expect(await otherWriters(cloud(), config, switches(), "us-east-1")).toMatchObject([{ region: "eu-west-1" }]);
    expect(await otherWriters(cloud(), config, switches("euw1"), "us-east-1")).toEqual([]);
  });
});

describe("small parts", () => {
  test("a long name is cut for what stands behind it, and ends in no two hyphens", () => {
    const long = `${"a".repeat(54)}-12345678`;
    expect([suffixed(long, "-damaged"), suffixed("short", "-new")]).toEqual([`${"a".repeat(54)}-damaged`, "short-new"]);
    expect(suffixed(long, "-damaged").length).toBeLessThanOrEqual(63);
  });

  test("requests name nothing that RDS did not tell, and a replica beside its source neither key nor subnets", () => {
    const bare = {
      DBInstanceIdentifier: "a",
      DBInstanceArn: "arn:aws:rds:us-east-1:1:db:a",
      KmsKeyId: "k",
      DBSubnetGroup: { DBSubnetGroupName: "s" },
    };
    const mark = { key: marks.follows, value: "db-1" };
    expect(Object.values(restoreRequest(bare, "a-new", moment, mark)).includes(undefined)).toBe(false);
    expect(replicaRequest(bare, "a-new", { ...bare, DBInstanceIdentifier: "w" }, mark)).toEqual({
      ...{
        DBInstanceIdentifier: "a-new",
        SourceDBInstanceIdentifier: "w",
        VpcSecurityGroupIds: [],
        Tags: [{ Key: mark.key, Value: "db-1" }],
      },
    });
    const far = { ...bare, DBInstanceArn: "arn:aws:rds:eu-west-1:1:db:w" };
    expect(replicaRequest(bare, "a-new", far, mark)).toMatchObject({
      SourceDBInstanceIdentifier: far.DBInstanceArn,
      KmsKeyId: "k",
      DBSubnetGroupName: "s",
    });
    expect(leftToModify(bare, bare)).toBeUndefined();
  });

  test("a server that was made for something else is left to a person, as is a name that nobody has", async () => {
    const [family] = await familiesOf(cloud(), config, serverPlaces(config, "main"));
    const mark = { key: marks.restored, value: "2027" };
    const fresh = { DBInstanceIdentifier: "x-new", DBInstanceStatus: "available", TagList: [{ Key: marks.restored, Value: "2026" }] };
    expect(() => nextStep({ ...family!, fresh }, mark)).toThrow(
      /was made for something else \(slipway:restored-to is 2026, and not 2027\)/,
    );
    expect(() => nextStep({ place: family!.place }, mark)).toThrow(/and none was made to be: restore one from a backup/);
  });

  test("a state that somebody holds, or that one may not write, is told later: the command for it is the last line", async () => {
    const lines: string[] = [];
    const told = (adopted: () => Promise<readonly string[]>) =>
      adoptAfter(
        "The servers follow",
        { stack: "staging" },
        adopted,
        async () => "npx slipway up",
        (line) => lines.push(line),
      );
    const refused = async (): Promise<never> => {
      throw new UserError("The state of staging cannot be written");
    };
    expect(await told(refused)).toBe(1);
    expect(lines.splice(0)).toEqual([
      "The state of staging cannot be written\nThe servers follow; only the state is not told yet.",
      "Next: npx slipway database adopt --stack staging",
    ]);
    expect(await told(async () => ["The state has it."])).toBe(0);
    expect(lines).toEqual(["The state has it.", "Next: npx slipway up"]);
    const broken = async (): Promise<never> => {
      throw new RangeError("a fault of ours");
    };
    await expect(told(broken)).rejects.toThrow(RangeError);
  });

  test("the state is told the ids that differ, and no others", async () => {
    const families = await familiesOf(cloud(), config, serverPlaces(config, "main"));
    const resource = (region: string, resourceId: string) => ({ urn: "u", type, outputs: { identifier: nameIn(region), resourceId } });
    const state = { resources: [resource("us-east-1", "db-OLD"), resource("eu-west-1", "db-eu-west-1")], pendingOperations: [] };
    expect(renewedIn(state, families)).toEqual([
      { identifier: nameIn("us-east-1"), region: "us-east-1", from: "db-OLD", to: "db-us-east-1" },
    ]);
  });
});
