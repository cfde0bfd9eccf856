/** Services on a cluster by the same questions as those on ECS: what is live, who is there to take traffic, what is asked for, and what is written down. */
import { beforeEach, expect, test } from "vitest";
import { entryOf, weightsIn } from "../../../components/release/record.ts";
import type { ObjectPlace } from "../../../ops/kubernetes/cluster.ts";
import { requireTargets } from "../../../ops/release/readiness.ts";
import { type Happening, writeReleaseRecord } from "../../../ops/release/recordTable.ts";
import { releasedServices } from "../../../ops/release/releasedServices.ts";
import { heldReserves, releaseReserves } from "../../../ops/release/reserve.ts";
import { recordIntents, recordResults } from "../../../ops/release/updateRecords.ts";
import { openDigests } from "../../../ops/rollback/acknowledge.ts";
import { UserError } from "../../../ops/userError.ts";
import type { Side } from "../../model/ecs.ts";
import { ModelCloud } from "../../model/wired/cloud.ts";
import { clusterDoor } from "../../model/wired/cluster.ts";
import { configWith, stateWith } from "../../model/wired/stack.ts";

const [old, fresh, other] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`, `sha256:${"c".repeat(64)}`];
const routeType = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const serviceType = "kubernetes:core/v1:Service";
const compute = "kubernetes";
let cloud: ModelCloud;
const said: string[] = [];
beforeEach(() => {
  cloud = new ModelCloud();
  said.length = 0;
  cloud.ecs.registry.set(old, "good").set(fresh, "good");
  cloud.ecs.update("blue", cloud.ecs.register("blue", old), 12);
  cloud.ecs.update("green", cloud.ecs.register("green", fresh), 2);
  cloud.ecs.setWeights("before", { blue: 100, green: 0 });
  cloud.ecs.tick(40);
});

const state = (digests: Partial<Record<Side, string>> = { blue: old, green: fresh }, maximum = 20) => {
  const of = (side: Side) => (digests[side] === undefined ? {} : { [side]: { digest: digests[side], revision: "" } });
  return stateWith({ ...of("blue"), ...of("green") }, { compute, maximum });
};
const update = (candidateWeight: number, live: Side = "blue") => ({
  config: configWith({ live, candidateWeight, images: { blue: old, green: fresh } }, 20, compute),
  ...{ state: state(), aws: cloud.door("up"), cluster: clusterDoor(cloud, "up"), stack: "staging" },
  say: (line: string) => void said.push(line),
  wait: async () => cloud.ecs.tick(1),
});
const hasty = { wait: () => Promise.reject(new Error("waited")) };
const service = (given: Parameters<typeof releasedServices>[0] = update(0)) => releasedServices(given)[0]!;
/** The cluster with one answer of another's. */
const answering = (type: string, object: unknown) => {
  const { read, patch } = clusterDoor(cloud, "up");
  const patches: unknown[] = [];
  return {
    patches,
    read: async (place: ObjectPlace) => (place.type.endsWith(type) ? (object as Record<string, unknown> | undefined) : read(place)),
    patch: async (place: ObjectPlace, body: object) => {
      patches.push([place.name, body]);
      await patch(place, body);
    },
  };
};

test("pods that a candidate lacks for its share are asked of its autoscaler, and the weight waits for them", async () => {
  await requireTargets(update(100));
  expect(cloud.fewest).toEqual({ blue: 12, green: 12 });
  expect(cloud.ecs.describe("green").healthy).toBe(12);
  expect(said[0]).toBe("api: 100 % needs 12 healthy targets in green, and 2 are there. 12 tasks are asked for.");
});

test("a candidate with enough is asked for no more, and the old colour is held at the pods that it serves with", async () => {
  await requireTargets({ ...update(10), ...hasty });
  expect(cloud.fewest).toEqual({ blue: 12, green: 2 });
  expect(said).toEqual([]);
  const held = await heldReserves(update(10));
  expect(held).toEqual([
    expect.objectContaining({ properties: ["spec.minReplicas"], urn: expect.stringMatching(/HorizontalPodAutoscaler::.*api-blue$/) }),
  ]);
});

test("pods that do not come, and more than the autoscaler may make, are refused", async () => {
  await recorded(ran("blue", old), ran("green", fresh));
  await expect(requireTargets({ ...update(100), state: state(undefined, 8) })).rejects.toThrow("Its scaling.maximum is 8");
  const never = { ...update(100), wait: async () => {}, state: state(undefined, 12) };
  await expect(requireTargets(never)).rejects.toThrow("100 % needs 12 healthy targets in green, and 2 are there.\n  They did not come.");
  expect(cloud.fewest).toEqual({ blue: 2, green: 2 });
});

test("where no autoscaler is in the state, nobody is asked for pods", async () => {
  const { resources, ...rest } = state();
  const unscaled = { ...rest, resources: resources.filter(({ type }) => !type.endsWith("HorizontalPodAutoscaler")) };
  await expect(requireTargets({ ...update(100), state: unscaled })).rejects.toThrow("Its scaling.maximum is 0");
  expect(await heldReserves({ ...update(100), state: unscaled })).toEqual([]);
});

test("an autoscaler that is gone from the cluster holds nothing", async () => {
  const scaling = service({ ...update(0), cluster: answering("HorizontalPodAutoscaler", undefined) }).scaling("blue")!;
  expect(await scaling.fewest()).toBeUndefined();
  expect([scaling.declared, scaling.maximum, scaling.runner]).toEqual([2, 20, "api-blue"]);
});

const back = () => {
  cloud.ecs.update("green", cloud.ecs.describe("green").revision, 12);
  cloud.ecs.update("blue", cloud.ecs.describe("blue").revision, 2);
  cloud.ecs.tick(40);
  cloud.ecs.setWeights("before", { blue: 0, green: 100 });
};

test("a way back asks for what it lacks, waits for nothing, and goes", async () => {
  back();
  expect(await requireTargets({ ...update(0), ...hasty })).toEqual(["api-blue"]);
  expect(said).toEqual(["api: 2 of 12 healthy targets in blue: 12 tasks are asked for, expect errors until they run"]);
  expect(cloud.fewest.blue).toBe(12);
});

test("a way back goes where neither pods nor record can be read", async () => {
  back();
  cloud.before = (_, operation) => {
    if (["getItem", "describeServices"].includes(operation)) throw new Error(`no ${operation}`);
  };
  await requireTargets({ ...update(0), ...hasty });
  expect(said).toEqual([]);
});

test("a way back to nobody is refused while the other colour serves", async () => {
  back();
  cloud.ecs.kill("blue", 9);
  await expect(requireTargets(update(0))).rejects.toThrow(
    "api: blue has no ready pod, and green has 12: users are served by green. Leave the weights, and get pods of blue to run first: kubectl -n coinestate describe deployment api-blue",
  );
});

test("a rollout that failed is not waited for, and says where to look", async () => {
  cloud.ecs.failed = "stalls";
  cloud.ecs.registry.set(other, "bad");
  cloud.ecs.kill("green", 9);
  cloud.ecs.update("green", cloud.ecs.register("green", other), 2);
  cloud.ecs.tick(40);
  await expect(requireTargets({ ...update(5), ...hasty, state: state({ blue: old, green: other }) })).rejects.toThrow(
    "api: green has no ready pod, and blue has 12",
  );
  cloud.ecs.kill("blue", 99);
  await expect(requireTargets({ ...update(5), ...hasty, state: state({ blue: old, green: other }) })).rejects.toThrow(
    "Neither colour has a ready pod: no weight helps, get pods to run: kubectl -n coinestate describe deployment api-green",
  );
});

test("what cannot be read of pods holds what goes forward", async () => {
  cloud.before = (_, operation) => {
    if (operation === "describeServices") throw new Error("no");
  };
  await expect(requireTargets({ ...update(5), ...hasty })).rejects.toThrow(
    "The pods of green cannot be read (Deployment api-green: Error: no): look before you move traffic there: kubectl -n coinestate describe deployment api-green",
  );
});

test("another image that runs than the state has gets no traffic, nor does a colour that the cluster or the state has none of", async () => {
  await expect(requireTargets({ ...update(5), ...hasty, state: state({ blue: old, green: other }) })).rejects.toThrow(
    `api: ${fresh} runs, and ${other} is wanted`,
  );
  await expect(requireTargets({ ...update(5), ...hasty, state: state({ blue: old }) })).rejects.toThrow(
    "what green runs could not be read",
  );
  cloud.absent.add("green");
  await expect(requireTargets({ ...update(5), ...hasty })).rejects.toThrow("green has no ready pod, and blue has 12");
});

const unread = (type: string) => ({
  read: async (place: ObjectPlace) => {
    if (place.type.endsWith(type)) throw new TypeError("broken");
    return clusterDoor(cloud, "up").read(place);
  },
  patch: clusterDoor(cloud, "up").patch,
});

test("what is wrong with the program itself is not taken for a cluster that does not answer", async () => {
  const broken = service({ ...update(5), cluster: unread("Deployment") });
  await expect(broken.healthy()).rejects.toThrow("broken");
  await expect(broken.reasonToStay("green")).rejects.toThrow("broken");
  cloud.ecs.kill("green", 1);
  expect(await service().reasonToStay("green")).toBeUndefined();
});

/** Status of green's Deployment, and what it means. */
test.each<[string, object, object]>([
  ["all run", { replicas: 4, updatedReplicas: 4, readyReplicas: 4 }, { running: { revision: fresh, tasks: 4 }, state: "completed" }],
  ["old pods are ready too", { replicas: 5, updatedReplicas: 2, readyReplicas: 4 }, { running: { revision: fresh, tasks: 1 } }],
  ["only old pods are ready", { replicas: 5, updatedReplicas: 1, readyReplicas: 4 }, { running: { revision: "", tasks: 0 } }],
  ["none is there", { readyReplicas: undefined }, { running: { revision: "", tasks: 0 } }],
  ["fewer are ready", { replicas: 2, updatedReplicas: 5, readyReplicas: 1 }, { running: { revision: fresh, tasks: 4 } }],
  ["more are ready than new", { replicas: 2, updatedReplicas: 1, readyReplicas: 9 }, { running: { revision: fresh, tasks: 1 } }],
  ["few", { replicas: 6, updatedReplicas: 1, readyReplicas: 2 }, { running: { revision: "", tasks: 0 } }],
  [
    "the controller has not seen it",
    { observedGeneration: 1, replicas: 4, updatedReplicas: 4, readyReplicas: 4 },
    { running: { revision: "", tasks: 0 }, state: "inProgress" },
  ],
  [
    "under way",
    { replicas: 4, updatedReplicas: 4, readyReplicas: 4, conditions: [{ type: "Progressing", reason: "ReplicaSetUpdated" }] },
    { running: { revision: fresh, tasks: 4 }, state: "inProgress" },
  ],
  [
    "failed",
    { replicas: 4, updatedReplicas: 4, conditions: [{ type: "Progressing", reason: "ProgressDeadlineExceeded" }] },
    { state: "failed" },
  ],
  [
    "another condition",
    { replicas: 4, updatedReplicas: 4, conditions: [{ type: "Available", reason: "ProgressDeadlineExceeded" }] },
    { state: "inProgress" },
  ],
])("a rollout: %s", async (_, status, means) => {
  const conditions = [
    { type: "Available", reason: "MinimumReplicasAvailable" },
    { type: "Progressing", reason: "NewReplicaSetAvailable" },
  ];
  const live = {
    metadata: { generation: 2 },
    spec: { replicas: 4, template: { spec: { containers: [{ image: `repository@${fresh}` }] } } },
    status: { observedGeneration: 2, conditions, ...status },
  };
  const { green } = await service({ ...update(0), cluster: answering("Deployment", live) }).deployments();
  expect(green).toMatchObject({ digest: fresh, wanted: { revision: fresh, tasks: 4 }, ...means });
});

test("a Deployment that says nothing is told to run one pod, and runs none", async () => {
  const bare = service({ ...update(0), cluster: answering("Deployment", {}) });
  expect((await bare.deployments()).green).toEqual({
    digest: fresh,
    wanted: { revision: fresh, tasks: 1 },
    running: { revision: "", tasks: 0 },
    state: "inProgress",
  });
  expect(await bare.healthy()).toEqual({ blue: 0, green: 0 });
});

const routed = (...backends: readonly (readonly [name: string, weight?: number])[]) => ({
  metadata: { resourceVersion: "7" },
  spec: {
    rules: [
      { matches: [{ headers: [{ name: "x-canary" }] }], backendRefs: [{ name: "api-green", weight: 1 }] },
      { matches: [{}], backendRefs: backends.map(([name, weight]) => ({ name, weight })) },
      { backendRefs: [{ name: "api-green", weight: 2 }] },
    ],
  },
});

test.each<[string, object, object]>([
  ["whole percent", routed(["api-blue", 95], ["api-green", 5]), { blue: 95, green: 5 }],
  ["parts of their sum", routed(["api-blue", 100], ["api-green", 77]), { blue: 56, green: 44 }],
  ["none", routed(["api-blue", 0], ["api-green", 0]), { blue: 0, green: 0 }],
  ["blue alone", routed(["api-blue"]), { blue: 100, green: 0 }],
  ["green alone", routed(["api-green", 3]), { blue: 0, green: 100 }],
])("weights of a route: %s", async (_, object, weights) => {
  expect(await service({ ...update(0), cluster: answering("HTTPRoute", object) }).weights()).toEqual(weights);
});

test("a route that splits nothing, and one that is gone, tell no weights, which the engine meets", async () => {
  for (const object of [routed(["api-service", 1]), undefined]) {
    const cluster = answering("HTTPRoute", object);
    await expect(service({ ...update(5), cluster }).weights()).rejects.toThrow("coinestate/api: no object splits traffic any more.");
    await requireTargets({ ...update(5), cluster, ...hasty });
  }
});

test("a service without a route in the state, one on ECS, and another's route are none", async () => {
  const { resources, ...rest } = state();
  const [route] = resources.filter(({ type }) => type === routeType);
  const left = resources.filter(({ type }) => type !== routeType);
  expect(releasedServices({ ...update(5), state: { ...rest, resources: left } })).toEqual([]);
  const others = [...left, { ...route!, id: "coinestate/web" }, { ...route!, id: undefined }] as typeof left;
  expect(releasedServices({ ...update(5), state: { ...rest, resources: others } })).toEqual([]);
  const onEcs = configWith({ live: "blue", candidateWeight: 5, images: { blue: old, green: fresh } });
  expect(releasedServices({ ...update(5), config: onEcs })).toEqual([]);
  const { kubernetes } = update(5).config;
  expect(releasedServices({ ...update(5), config: { ...onEcs, kubernetes } })).toEqual([]);
});

test("what a replacement left in the state counts for nothing", async () => {
  const { resources, ...rest } = state();
  const left = resources.map((one) => (one.type.endsWith("HorizontalPodAutoscaler") ? { ...one, delete: true } : one));
  expect(service({ ...update(5), state: { ...rest, resources: left } }).scaling("green")).toBeUndefined();
});

/** With a Service whose selector is the switch; the route leads to it. */
const bySelector = (version: string) => {
  const { resources, ...rest } = state();
  const [route] = resources.filter(({ type }) => type === routeType);
  const switching = { ...route!, type: serviceType, id: "coinestate/api-service", inputs: { spec: { selector: { version } } } };
  const cluster = answering(":Service", { metadata: { resourceVersion: "1" }, spec: { selector: { version } } });
  const { read } = cluster;
  cluster.read = async (place) => (place.type === routeType ? routed(["api-service", 1]) : read(place));
  return { cluster, state: { ...rest, resources: [...resources, switching] } };
};

test("where a selector is the switch, everything is where it points, and is given back by it", async () => {
  const switched = { ...update(0), ...bySelector("green") };
  expect(await service(switched).weights()).toEqual({ blue: 0, green: 100 });
  await service(switched).giveWeights({ blue: 100, green: 0 });
  await service(switched).giveWeights({ blue: 0, green: 100 });
  const patch = (version: string) => ["api-service", { metadata: { resourceVersion: "1" }, spec: { selector: { version } } }];
  expect(switched.cluster.patches).toEqual([patch("blue"), patch("green")]);
});

test("weights are given back to the rule for everybody, under the version that was read", async () => {
  const cluster = answering("HTTPRoute", routed(["api-blue", 50], ["other", 9], ["api-green", 50]));
  const given = service({ ...update(0), cluster }).giveWeights({ blue: 100, green: 0 });
  await expect(given).rejects.toThrow("the object has been modified");
  const { rules } = routed(["api-blue", 100], ["other", 9], ["api-green", 0]).spec;
  expect(cluster.patches).toEqual([["api", { metadata: { resourceVersion: "7" }, spec: { rules } }]]);
});

const place = { region: "us-east-1", table: "releases", service: "api" };
const moment = () => ({ now: cloud.now(), retainOldMinutes: 60 });
const recorded = (...told: readonly Happening[]) => writeReleaseRecord(cloud.door("before"), place, undefined, told, "blue", moment());
const ran = (colour: Side, digest: string): Happening => ({
  ...{ kind: "deployed", by: "up", colour, digest, tasks: { wanted: 2, running: 2 } },
  revision: { wanted: digest, running: digest },
});

test("the record is written before and after, and a step that the record knows has its basis", async () => {
  await recordResults(update(0), { told: [], versions: new Map() });
  const begun = await recordIntents(update(5));
  expect([begun.told, cloud.record?.intent?.weights]).toEqual([[], { blue: 95, green: 5 }]);
  cloud.ecs.setWeights("engine", { blue: 95, green: 5 });
  expect(await recordResults(update(5), begun)).toEqual([]);
  expect(cloud.record).toMatchObject({ service: "api", runs: { blue: old, green: fresh } });
  expect(entryOf(cloud.record!, "green")).toMatchObject({ share: 5, basis: "step", revision: { running: fresh } });
});

test("a digest that was rolled back gets nothing before somebody acknowledges it, and then does", async () => {
  const given = { kind: "shareChanged", by: "up", weights: { blue: 95, green: 5 }, basis: "step" } as const;
  const taken = { kind: "rolledBack", by: "ana", colour: "green", digest: fresh, weights: { blue: 100, green: 0 } } as const;
  await recorded(ran("blue", old), ran("green", fresh), given, taken);
  await expect(requireTargets({ ...update(5), ...hasty })).rejects.toThrow(
    "api: the digest in green was rolled back: it gets no traffic before somebody acknowledges that (ana, 2026-11-30T00:40:00.000Z): npx slipway rollback acknowledge --stack staging --service api",
  );
  expect(await openDigests(cloud.door("ana"), place, { by: "ana", reason: "looked" }, moment())).toEqual({ digests: [fresh] });
  await requireTargets({ ...update(5), ...hasty });
});

test("a rollback while the engine runs is not undone by it: the route gets its weights again", async () => {
  await recorded(ran("blue", old), ran("green", fresh));
  cloud.ecs.setWeights("up", { blue: 95, green: 5 });
  await recordResults(update(5), { told: [], versions: new Map() });
  const begun = await recordIntents(update(50));
  const weights = { blue: 100, green: 0 };
  const taken = { kind: "rolledBack", by: "ana", colour: "green", digest: fresh, weights } as const;
  await writeReleaseRecord(cloud.door("ana"), place, cloud.record, [taken], "blue", moment());
  cloud.ecs.setWeights("engine", { blue: 50, green: 50 });
  expect((await recordResults(update(50), begun)).join()).toContain("it gives 0 %. The route has these weights again.");
  expect([cloud.ecs.weights, weightsIn(cloud.record!)]).toEqual([weights, weights]);
});

test("the reserve is held until retainOldMinutes are over", async () => {
  await recorded(ran("blue", old), ran("green", fresh), {
    kind: "shareChanged",
    by: "up",
    weights: { blue: 100, green: 0 },
    basis: "word",
  });
  await requireTargets(update(100));
  cloud.ecs.setWeights("up", { blue: 0, green: 100 });
  await recordResults(update(100), { told: [], versions: new Map() });
  expect(await releaseReserves(update(100))).toEqual([
    "blue of api keeps 12 tasks: blue is the way back, and the release in green has not finished.",
    "green of api may scale down to 2 tasks again; 12 were kept.",
  ]);
  cloud.ecs.tick(1440 + update(0).config.rollout.retainOldMinutes);
  await recordResults(update(100), { told: [], versions: new Map() });
  expect(await releaseReserves(update(100))).toEqual(["blue of api may scale down to 2 tasks again; 12 were kept."]);
});

test("a cluster that does not answer holds no update, and it is told", async () => {
  cloud.before = (_, operation) => {
    if (operation === "describeRules") throw new UserError("no");
  };
  expect((await recordIntents(update(5))).told.join()).toContain("The release record of api in us-east-1 was not written: HTTPRoute api");
});
