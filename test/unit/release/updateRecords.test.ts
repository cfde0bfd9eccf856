/** What `up` writes down before and after the engine, and what it does where somebody else wrote between. */
import { beforeEach, expect, test, vi } from "vitest";
import { entryOf, weightsIn } from "../../../components/release/record.ts";
import { rollBack } from "../../../components/rollback/function/index.mjs";
import { recordIntents, recordResults } from "../../../ops/release/updateRecords.ts";
import { alarm, settings } from "../../harness/rolledBack.ts";
import type { Side } from "../../model/ecs.ts";
import { ModelCloud } from "../../model/wired/cloud.ts";
import { clusterDoor } from "../../model/wired/cluster.ts";
import { configWith, stateWith } from "../../model/wired/stack.ts";

const [old, fresh] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
let cloud: ModelCloud;
let revisions: Record<Side, string>;
beforeEach(async () => {
  vi.spyOn(console, "log").mockImplementation(() => {});
  cloud = new ModelCloud();
  cloud.ecs.registry.set(old, "good").set(fresh, "good");
  revisions = { blue: cloud.ecs.register("blue", old), green: cloud.ecs.register("green", fresh) };
  cloud.ecs.update("blue", revisions.blue, 4);
  cloud.ecs.update("green", revisions.green, 4);
  cloud.ecs.setWeights("before", { blue: 100, green: 0 });
  cloud.ecs.tick(40);
  await results(0, nothing);
});
const state = () => stateWith({ blue: { digest: old, revision: revisions.blue }, green: { digest: fresh, revision: revisions.green } });
const config = (candidateWeight: number, live: Side = "blue") => configWith({ live, candidateWeight, images: { blue: old, green: fresh } });
const nothing = { told: [], versions: new Map<string, number>() };
const update = (weight: number, live: Side = "blue") => ({
  config: config(weight, live),
  state: state(),
  aws: cloud.door("up"),
  cluster: clusterDoor(cloud, "up"),
});
const intents = (weight: number) => recordIntents(update(weight));
const results = (weight: number, begun: Parameters<typeof recordResults>[1], live: Side = "blue") =>
  recordResults(update(weight, live), begun);

test("the weights are written down before and after, with who did it", async () => {
  const begun = await intents(5);
  expect(begun.told).toEqual([]);
  expect(cloud.record?.intent).toMatchObject({ weights: { blue: 95, green: 5 }, basis: "step", by: "up" });
  cloud.ecs.setWeights("up", { blue: 95, green: 5 });
  expect(await results(5, begun)).toEqual([]);
  expect(cloud.record).toMatchObject({ runs: { blue: old, green: fresh } });
  expect(cloud.record?.intent).toBeUndefined();
  expect(entryOf(cloud.record!, "green")).toMatchObject({ share: 5, basis: "step", tasks: { wanted: 4, running: 4 }, by: "up" });
  const { version } = cloud.record!;
  await results(5, await intents(5));
  expect(cloud.record?.version).toBe(version);
});

test("a rollback while the engine runs is not undone by it: the slower update gives its weights back", async () => {
  cloud.ecs.setWeights("up", { blue: 95, green: 5 });
  cloud.stickiness = { Enabled: true, DurationSeconds: 300 };
  await results(5, nothing);
  const begun = await intents(50);
  await rollBack(alarm("first"), settings, cloud.calls("function"));
  cloud.ecs.setWeights("engine", { blue: 50, green: 50 });
  expect(await results(50, begun)).toEqual([
    "The release record of api in us-east-1: green has 50 %, and the release record was written meanwhile: it gives 0 %. The load balancer has these weights again.",
  ]);
  expect(cloud.ecs.weights).toEqual({ blue: 100, green: 0 });
  expect(cloud.stickiness).toEqual({ Enabled: true, DurationSeconds: 300 });
  expect(weightsIn(cloud.record!)).toEqual({ blue: 100, green: 0 });
  expect(entryOf(cloud.record!, "green")).toMatchObject({ state: "rolledBack" });
});

test.each([
  [5, true],
  [0, true],
  [5, false],
])(
  "of two updates at once, one to %i %%, the one that the engine's lock held back takes nothing from the other (a record: %s)",
  async (weight, known) => {
    if (!known) cloud.item = undefined;
    const heldBack = await intents(weight);
    const begun = await intents(5);
    cloud.ecs.kill("blue", 1); // what the one that was held back has to write
    expect(await results(weight, heldBack)).toEqual([]);
    expect(cloud.record?.intent).toMatchObject({ weights: { blue: 95, green: 5 } });
    cloud.ecs.setWeights("engine", { blue: 95, green: 5 });
    expect(await results(5, begun)).toEqual([]);
    expect(cloud.ecs.weights).toEqual({ blue: 95, green: 5 });
    expect(weightsIn(cloud.record!)).toEqual({ blue: 95, green: 5 });
    expect(cloud.record?.intent).toBeUndefined();
  },
);

test("weights that are neither those of before nor the intended ones are written down", async () => {
  const begun = await intents(50);
  cloud.ecs.setWeights("console", { blue: 75, green: 25 });
  await results(50, begun);
  expect(weightsIn(cloud.record!)).toEqual({ blue: 75, green: 25 });
});

test("so it is where the rollback comes between the reading and the writing of the result", async () => {
  const begun = await intents(50);
  cloud.ecs.setWeights("engine", { blue: 50, green: 50 });
  let first = true;
  cloud.before = async (writer, operation) => {
    if (writer !== "up" || operation !== "putItem" || !first) return;
    first = false;
    await rollBack(alarm("first"), settings, cloud.calls("function"));
    cloud.ecs.setWeights("console", { blue: 50, green: 50 });
  };
  expect((await results(50, begun)).join()).toContain("The load balancer has these weights again");
  expect(cloud.ecs.weights).toEqual({ blue: 100, green: 0 });
});

test("what somebody else wrote that gives as much is left as it is, and the result is written", async () => {
  const begun = await intents(5);
  cloud.record = { ...cloud.record!, version: cloud.record!.version + 1 };
  cloud.ecs.setWeights("up", { blue: 95, green: 5 });
  expect(await results(5, begun)).toEqual([]);
  expect(weightsIn(cloud.record!)).toEqual({ blue: 95, green: 5 });
});

test("labels are swapped in the record where the live colour has everything", async () => {
  cloud.ecs.setWeights("up", { blue: 0, green: 100 });
  await results(100, nothing);
  await results(0, nothing, "green");
  expect(cloud.record).toMatchObject({ live: "green", wayBack: "blue" });
  cloud.ecs.setWeights("up", { blue: 50, green: 50 });
  expect(await results(50, nothing)).toEqual([]);
  expect(cloud.record).toMatchObject({ live: "green" });
  cloud.ecs.setWeights("up", { blue: 100, green: 0 });
  await results(0, nothing);
  expect(cloud.record).toMatchObject({ live: "blue" });
});

test("less for a candidate is no step, though the record knows nothing of what it had", async () => {
  cloud.ecs.setWeights("console", { blue: 50, green: 50 });
  const begun = await intents(20);
  cloud.ecs.setWeights("up", { blue: 80, green: 20 });
  await results(20, begun);
  expect(entryOf(cloud.record!, "green")).toMatchObject({ share: 20, basis: "less" });
});

test("where ECS has no service, or the stack neither rule nor table, there is nothing to write down", async () => {
  cloud.item = undefined;
  cloud.absent.add("green");
  expect(await results(0, nothing)).toEqual([]);
  expect(cloud.record?.runs).toEqual({ blue: old });
  cloud.item = undefined;
  cloud.absent.add("blue");
  expect(await results(0, nothing)).toEqual([]);
  cloud.absent.clear();
  for (const left of ["lb/listenerRule", "dynamodb/table"]) {
    const { resources, ...rest } = state();
    const without = { ...rest, resources: resources.filter(({ type }) => !type.includes(left)) };
    expect(await recordResults({ ...update(0), state: without }, nothing)).toEqual([]);
  }
  expect(cloud.record).toBeUndefined();
});

test("weights that are no whole percent are written as such", async () => {
  cloud.ecs.setWeights("console", { blue: 2, green: 1 });
  await results(0, nothing);
  expect(weightsIn(cloud.record!)).toEqual({ blue: 67, green: 33 });
});

test("weights that are none are written as none, and a colour without tasks runs nothing", async () => {
  cloud.ecs.setWeights("console", { blue: 0, green: 0 });
  cloud.ecs.kill("green", 9);
  cloud.ecs.update("blue", revisions.blue, 1);
  cloud.ecs.kill("blue", 3);
  await results(0, nothing);
  expect(weightsIn(cloud.record!)).toEqual({ blue: 0, green: 0 });
  expect(entryOf(cloud.record!, "green")).toMatchObject({
    tasks: { wanted: 4, running: 0 },
    revision: { wanted: revisions.green, running: "" },
  });
  expect(entryOf(cloud.record!, "blue")).toMatchObject({ tasks: { wanted: 1, running: 1 }, revision: { running: revisions.blue } });
});

test.each([
  ["getItem", "could not be read: Error: no getItem"],
  ["putItem", "was not written: Error: no putItem"],
  ["describeServices", "was not written: The services of api cannot be read: no describeServices"],
])("where %s is refused nothing is held, and it is told", async (operation, says) => {
  cloud.ecs.setWeights("up", { blue: 95, green: 5 });
  cloud.before = (_, asked) => {
    if (asked === operation) throw new Error(`no ${operation}`);
  };
  expect(await results(5, nothing)).toEqual([`The release record of api in us-east-1 ${says}`]);
});
