/** The harness behind `npm run replacements`: which changes it makes, and what it calls a loss. */
import { describe, expect, test } from "vitest";
import { configOf } from "../harness/config.ts";
import { changesOf, withChanges } from "../harness/configChanges.ts";
import { lossesBetween } from "../harness/effects.ts";
import type { Registered } from "../harness/graph.ts";

const config = JSON.parse(JSON.stringify(configOf("coinestate/production"))) as Record<string, unknown>;
const { changes, unchangeable } = changesOf(config);
/** A stack that runs on its own: one that fails over refuses what a standby could not carry. */
const alone = changesOf(JSON.parse(JSON.stringify(configOf("smartduka/production"))) as Record<string, unknown>, [
  "network",
  "databases",
]).changes;
const ofAlone = (key: string) => alone.filter((change) => change.key === key);
const of = (key: string) => changes.filter((change) => change.key === key);

describe("changes of a config", () => {
  test("a number and a text go to a neighbour", () => {
    expect(of("services.<name>.port").map(({ path, to }) => [path.join("."), to])).toEqual([
      ["services.api.port", 3001],
      ["services.web.port", 3001],
    ]);
    expect(of("databases.<name>.masterUser").map(({ to }) => to)).toEqual(["slipwaq"]);
  });

  test("a closed choice goes to each of the others", () =>
    expect(ofAlone("network.natGateways").map(({ to }) => to)).toEqual(["single", "none"]));

  test("what is absent is given, and what may be absent is taken away", () => {
    expect(of("buckets.<name>.replicaRegion").map(({ to }) => to)).toEqual(["af-south-1"]);
    expect(of("databases.<name>.storageGib").map(({ to }) => to)).toContain(undefined);
  });

  test("an object becomes each of its other kinds, told by the property that says so", () =>
    expect(ofAlone("databases.<name>.engine").map(({ to }) => (to as { engine: string }).engine)).toEqual(["postgres"]));

  test("a list changes its first item, grows and shrinks", () =>
    expect([...of("network.zones[]"), ...of("network.zones")].map(({ to }) => to)).toEqual(["us-east-1d", ["us-east-1a", "us-east-1b"]]));

  test("a map gets one entry more", () =>
    expect(changes.filter(({ path }) => path.at(-1) === "newcomer").map(({ key }) => key)).toEqual(
      expect.arrayContaining([
        "buckets.<name>",
        "caches.<name>",
        "databases.<name>",
        "edge.redirects.<name>",
        "registry.repositories.<name>",
      ]),
    ));

  test("entries are told apart, so that two changes of one never share a graph", () =>
    expect([...new Set(changes.map(({ entry }) => entry))]).toEqual(
      expect.arrayContaining(["protect", "network", "edge", "edge.rules.bots", "services.api", "services.web", "databases.main"]),
    ));

  test("what has no other good value is told", () => expect(unchangeable).toContain("aws.region"));

  test("each is one value that differs", () => {
    for (const change of changes) expect(withChanges(config, [change]), change.path.join(".")).not.toEqual(config);
  });
});

describe("losses", () => {
  const made = (type: string, name: string, more: Partial<Registered> = {}): Registered => ({
    ...{
      urn: `urn:pulumi:stack::slipway::${type}::${name}`,
      type,
      name,
      custom: true,
      parent: "",
      inputs: {},
      checked: {},
      protect: false,
      deleteBeforeReplace: false,
      replaceOnChanges: [],
      retainOnDelete: false,
      provider: "",
    },
    ...{ ignoreChanges: [], dependsOn: [], references: {}, aliases: [] },
    ...more,
  });
  const cluster = "aws:docdb/cluster:Cluster";
  const group = (inputs: Registered["inputs"]) => made("aws:docdb/subnetGroup:SubnetGroup", "group", { inputs });
  const inGroup = (more: Partial<Registered> = {}) =>
    made(cluster, "main", { inputs: { dbSubnetGroupName: "group-1" }, references: { dbSubnetGroupName: [group({}).urn] }, ...more });
  const lost = (how: string) => [{ how, type: "Cluster", name: "main", protect: false }];

  test("none where nothing differs that replaces", () =>
    expect(lossesBetween([inGroup()], [inGroup({ inputs: { dbSubnetGroupName: "group-1", backupRetentionPeriod: 7 } })])).toEqual([]));

  test("a property that replaces", () =>
    expect(lossesBetween([inGroup()], [inGroup({ inputs: { dbSubnetGroupName: "group-2" } })])).toEqual(lost("replace")));

  test("not where its changes are ignored", () =>
    expect(
      lossesBetween([inGroup()], [inGroup({ inputs: { dbSubnetGroupName: "group-2" }, ignoreChanges: ["dbSubnetGroupName"] })]),
    ).toEqual([]));

  test("a deletion, and none where an alias tells the new name", () => {
    expect(lossesBetween([inGroup()], [])).toEqual(lost("delete"));
    expect(lossesBetween([inGroup()], [made(cluster, "other", { inputs: inGroup().inputs, aliases: [inGroup().urn] })])).toEqual([]);
  });

  test("what points at something that is replaced is replaced too, by a property that replaces", () => {
    const before = [group({ name: "a" }), inGroup()];
    expect(lossesBetween(before, [group({ name: "b" }), inGroup()])).toEqual(lost("replace"));
    expect(lossesBetween(before, [group({ name: "b" }), inGroup({ references: { vpcSecurityGroupIds: [group({}).urn] } })])).toEqual([]);
  });
});
