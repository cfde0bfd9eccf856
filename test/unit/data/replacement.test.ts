/** What would replace a data store is refused, and nothing that may change is part of its name. */
import { describe, expect, test } from "vitest";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import { deployedData, replacingDataChanges } from "../../../infra/release/deployedData.ts";
import { factsOf } from "../../../sandbox/facts/facts.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { dataStores } from "../../harness/dataStack.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import type { Registered } from "../../harness/graph.ts";

const stores = () => structuredClone(dataStores) as Edits;
const deployed = deployedData(configOf("bench/production", stores()));

const fixed: readonly [path: string, edits: Edits, mended: boolean][] = [
  ["databases.main.databaseName", { "databases.main.databaseName": "another" }, true],
  ["databases.main.masterUser", { "databases.main.masterUser": "owner" }, true],
  ["databases.olympiad.masterUser", { "databases.olympiad.masterUser": "owner" }, true],
  [
    "databases.main.engine",
    { "databases.main": { engine: "documentdb", instanceClass: "db.r6g.large", databaseName: "a", applicationUser: "b_app" } },
    true,
  ],
  ["databases.contracts.partitionKey.name", { "databases.contracts.partitionKey.name": "key" }, true],
  ["databases.contracts.partitionKey.type", { "databases.contracts.partitionKey.type": "N" }, true],
  ["databases.contracts.sortKey.type", { "databases.contracts.sortKey.type": "S" }, true],
  ["buckets.metadata.purpose", { "buckets.metadata": { purpose: "documents", lock: { days: 1 } } }, false],
  ["buckets.kyc.purpose", { "buckets.kyc": { purpose: "private" } }, false],
  ["network.cidr", { "network.cidr": "10.99.0.0/16" }, true],
  ["system", { system: "renamed" }, true],
  ["environment", { environment: "live" }, true],
];

describe("changes that would replace a store", () => {
  test.each(fixed)("%s is refused", (path, edits, mended) => {
    const problems = replacingDataChanges(configOf("bench/production", { ...stores(), ...edits }), deployed);
    expect(problems.map((problem) => formatConfigPath(problem.path))).toEqual([path]);
    expect(problems[0]!.reason).toMatch(/delete the old one with its data|no data store can move to it/);
    expect(problems[0]!.fix !== undefined).toBe(mended);
  });

  test("nothing is refused that is the same, new, or gone from a stack that is not protected", () => {
    expect(replacingDataChanges(configOf("bench/production", stores()), deployed)).toEqual([]);
    expect(replacingDataChanges(configOf("bench/production", stores()), {})).toEqual([]);
    expect(replacingDataChanges(configOf("bench/production", { protect: false }), deployed)).toEqual([]);
  });

  test("the record of a stack without data stores has its names, its region and its network alone", () => {
    const config = configOf("bench/production");
    const names = { system: "coinestate", environment: "prod" };
    expect(deployedData(config)).toEqual({ names, region: config.aws.region, network: { cidr: config.network.cidr } });
  });
});

/** Everything that may change, changed at once. */
const changes: Edits = {
  protect: false,
  tags: { Team: "data" },
  "logs.retentionDays": 30,
  "network.zones": ["us-east-1c", "us-east-1b", "us-east-1a"],
  "databases.main.instanceClass": "db.r7g.large",
  "databases.main.storageGib": 200,
  "databases.main.version": "18",
  "databases.main.allowMajorUpgrade": true,
  "databases.main.applicationUser": "other_app",
  "databases.main.multiAz": false,
  "databases.main.recoveryClass": "high",
  "databases.main.readReplicas": { extra: {} },
  "databases.ledger.readReplicas": {},
  "databases.olympiad.version": "8.0.0",
  "databases.olympiad.instances": 2,
  "databases.olympiad.slowQueryMilliseconds": 500,
  "databases.contracts.indexes": {},
  "databases.contracts.pointInTimeDays": 7,
  "caches.sessions.version": "8.1",
  "caches.sessions.replicas": 2,
  "caches.sessions.evictionPolicy": "allkeys-lru",
  "caches.queue": { engine: "valkey", nodeType: "cache.t4g.small" },
  "buckets.kyc.lock.days": 60,
  "buckets.kyc.replicaRegion": undefined,
  "buckets.media.origins": ["https://www.coinestate.io"],
  "fileSystems.uploads.infrequentDays": 60,
};

const stateful =
  /^aws:(rds\/instance|docdb\/cluster|dynamodb\/table|elasticache\/replicationGroup|efs\/fileSystem|kms\/key|s3\/bucket):\w+$/;

test("no other change touches what replaces a stateful resource, or its name", async () => {
  const holding = (resources: readonly Registered[]) =>
    new Map(
      resources
        .filter(({ type, inputs, name }) => stateful.test(type) && inputs.replicateSourceDb === undefined && !name.includes("usw2"))
        .map((resource) => [resource.urn, resource]),
    );
  const before = holding(await declaredGraph(configOf("bench/production", stores())));
  const after = holding(await declaredGraph(configOf("bench/production", { ...stores(), ...structuredClone(changes) })));
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  let compared = 0;
  for (const [urn, { type, inputs }] of before) {
    for (const [property, { replaces }] of Object.entries(factsOf(type)!.properties)) {
      if (replaces !== true || inputs[property] === undefined) continue;
      compared++;
      expect(masked(after.get(urn)!.inputs[property]), `${urn} ${property}`).toEqual(masked(inputs[property]));
    }
  }
  expect(compared).toBeGreaterThan(25);
});

test("zones in another order move nothing", async () => {
  const order = async (zones: string[]) =>
    (await declaredGraph(configOf("bench/production", { ...stores(), "network.zones": zones }))).map(({ urn, inputs }) => [
      urn,
      // Which values come out of which resource is in the random ids; the rest has to be the same.
      masked(inputs),
    ]);
  const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];
  expect(Object.fromEntries(await order(zones.toReversed()))).toEqual(Object.fromEntries(await order(zones)));
});

/** Without the random parts of ids, which differ from run to run. */
function masked(value: unknown): string {
  return JSON.stringify(value ?? null)
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "uuid")
    .replaceAll(/\b(?=[0-9a-f]*\d)[0-9a-f]{6,}\b/g, "hex")
    .replaceAll(/(:secret:[\w/!.-]+?-)[0-9A-Za-z]{6}\b(?![\w-])/g, "$1six")
    .replaceAll(/\b\d{8,}\b/g, "digits")
    .replaceAll(/(?<=")[\w-]{43}(?=\\?")/g, "password");
}
