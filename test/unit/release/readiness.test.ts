/** What `up` asks before it gives a colour more traffic, against a model of ECS: tasks are asked for and waited for, and a reserve is kept. */
import { beforeEach, expect, test } from "vitest";
import { requireTargets } from "../../../ops/release/readiness.ts";
import { type Happening, writeReleaseRecord } from "../../../ops/release/recordTable.ts";
import { heldReserves, releaseReserves } from "../../../ops/release/reserve.ts";
import { recordResults } from "../../../ops/release/updateRecords.ts";
import { openDigests } from "../../../ops/rollback/acknowledge.ts";
import type { Side } from "../../model/ecs.ts";
import { ModelCloud } from "../../model/wired/cloud.ts";
import { clusterDoor } from "../../model/wired/cluster.ts";
import { configWith, stateWith } from "../../model/wired/stack.ts";

const [old, fresh] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
let cloud: ModelCloud;
let revisions: Record<Side, string>;
beforeEach(() => {
  cloud = new ModelCloud();
  said.length = 0;
  cloud.ecs.registry.set(old, "good").set(fresh, "good");
  revisions = { blue: cloud.ecs.register("blue", old), green: cloud.ecs.register("green", fresh) };
  cloud.ecs.update("blue", revisions.blue, 12);
  cloud.ecs.update("green", revisions.green, 2);
  cloud.ecs.setWeights("before", { blue: 100, green: 0 });
  cloud.ecs.tick(40);
});
const colours = () => ({ blue: { digest: old, revision: revisions.blue }, green: { digest: fresh, revision: revisions.green } });
const state = (options?: Parameters<typeof stateWith>[1]) => stateWith(colours(), options);
const config = (candidateWeight: number, live: Side = "blue") => configWith({ live, candidateWeight, images: { blue: old, green: fresh } });

const said: string[] = [];
const update = (candidateWeight: number, live: Side = "blue") => ({
  ...{ config: config(candidateWeight, live), state: state(), aws: cloud.door("up"), cluster: clusterDoor(cloud, "up"), stack: "staging" },
  say: (line: string) => void said.push(line),
  wait: async () => cloud.ecs.tick(1),
});

test("A10 up asks for the tasks that a candidate lacks for its share, and moves the weight when they are there", async () => {
  await requireTargets(update(100));
  expect(cloud.ecs.describe("green").healthy).toBe(12);
});

test("a candidate with enough is asked for no more, and the old colour is held at what it serves with", async () => {
  await requireTargets(update(10));
  expect(cloud.fewest).toEqual({ blue: 12, green: 2 });
  expect(said).toEqual([]);
});

test("tasks that do not come are waited for a bounded time, and the weight stays", async () => {
  await recorded(ran("blue", old), ran("green", fresh));
  let waited = 0;
  const wait = async (seconds: number) => {
    waited += seconds;
  };
  const never = { ...update(100), wait, state: state({ maximum: 12 }) };
  await expect(requireTargets(never)).rejects.toThrow(
    "100 % needs 12 healthy targets in green, and 2 are there.\n  They did not come. See why, or have them run first: pulumi config set --stack staging --path 'slipway:services.api.release.green.minimumTasks' 12",
  );
  expect([waited, cloud.ecs.weights, cloud.fewest]).toEqual([600, { blue: 100, green: 0 }, { blue: 2, green: 2 }]);
  expect(said).toEqual([
    "api: 100 % needs 12 healthy targets in green, and 2 are there. 12 tasks are asked for.",
    "api: 2 of 12 tasks of green:2 run. Waiting for it, 10 minutes at most.",
    "green of api may scale down to 2 tasks again; 12 were kept.",
  ]);
});

const hasty = { wait: () => Promise.reject(new Error("waited")) };

test("a service without a rule, and one whose weights stay, are asked for nothing", async () => {
  const { resources, ...left } = state();
  const ruleless = { ...left, resources: resources.filter(({ type }) => type !== "aws:lb/listenerRule:ListenerRule") };
  await requireTargets({ ...update(100), ...hasty, state: ruleless });
  await requireTargets({ ...update(0), ...hasty });
  expect([said, cloud.fewest]).toEqual([[], { blue: 2, green: 2 }]);
});

test("what cannot be read of the rule is the engine's to meet", async () => {
  cloud.before = (_, operation) => {
    if (operation === "describeRules") throw new Error("no");
  };
  await requireTargets({ ...update(100), ...hasty });
  expect(said).toEqual([]);
});

test("as many tasks as the service may scale to are asked for", async () => {
  await requireTargets({ ...update(100), state: state({ maximum: 12 }) });
  expect(cloud.fewest.green).toBe(12);
});

test("a deployment that failed is not waited for", async () => {
  cloud.ecs.registry.set(fresh, "bad");
  cloud.ecs.kill("green", 9);
  cloud.ecs.update("green", revisions.green, 2, true);
  cloud.ecs.tick(40);
  await expect(requireTargets({ ...update(5), ...hasty })).rejects.toThrow("green has no healthy target, and blue has 12");
  expect(said).toEqual([]);
});

test("nor are more tasks than the service may scale to", async () => {
  const few = { ...update(100), state: stateWith(colours(), { maximum: 8 }) };
  await expect(requireTargets(few)).rejects.toThrow("Its scaling.maximum is 8: raise that, or give green a smaller share.");
  expect(cloud.fewest.green).toBe(2);
});

test("nor is what nobody may ask for", async () => {
  cloud.before = (_, operation) => {
    if (operation === "updateService") throw Object.assign(new Error("no"), { name: "AccessDeniedException" });
  };
  await expect(requireTargets(update(100))).rejects.toThrow("Asking for 12 tasks was refused: AccessDeniedException: no");
});

test("another revision that runs gets no traffic, however many are healthy", async () => {
  const deployed = { ...colours(), green: { digest: fresh, revision: "green:9" } };
  const other = { ...update(5), state: stateWith(deployed), ...hasty };
  await expect(requireTargets(other)).rejects.toThrow("api: green:2 runs, and green:9 is wanted\nNothing was changed");
});

test("a colour that ECS has no service of is refused, and says who serves", async () => {
  cloud.absent.add("green");
  await expect(requireTargets({ ...update(5), ...hasty })).rejects.toThrow("what green runs could not be read");
  cloud.ecs.kill("green", 9);
  await expect(requireTargets(update(5))).rejects.toThrow("green has no healthy target, and blue has 12: users are served by blue");
});

const back = () => {
  cloud.ecs.update("green", revisions.green, 12);
  cloud.ecs.update("blue", revisions.blue, 2);
  cloud.ecs.tick(40);
  cloud.ecs.setWeights("before", { blue: 0, green: 100 });
};

test("a way back asks for what it lacks, waits for nothing, and goes", async () => {
  back();
  const asked = await requireTargets({ ...update(0), wait: () => Promise.reject(new Error("waited")) });
  expect(asked).toEqual([expect.stringMatching(/blue/)]);
  expect(said).toEqual(["api: 2 of 12 healthy targets in blue: 12 tasks are asked for, expect errors until they run"]);
  expect(cloud.fewest).toEqual({ blue: 12, green: 2 });
});

test("a way back goes also where neither record nor ECS can be read, and asking is refused", async () => {
  back();
  cloud.before = (_, operation) => {
    if (["getItem", "describeServices", "updateService", "registerScalableTarget"].includes(operation)) throw new Error(`no ${operation}`);
  };
  await requireTargets(update(0));
  expect(said).toEqual([
    "api: 2 of 12 healthy targets in blue: expect errors until more tasks run; asking for 12 was refused: Error: no registerScalableTarget; Error: no updateService",
  ]);
});

test("a way back goes where health cannot be read, and where only one of two asks is granted", async () => {
  back();
  cloud.before = (_, operation) => {
    if (operation === "describeTargetHealth") throw new Error("no");
  };
  await requireTargets({ ...update(0), ...hasty });
  expect(said).toEqual([]);
  cloud.before = (_, operation) => {
    if (operation === "updateService") throw new Error("no");
  };
  await requireTargets({ ...update(0), ...hasty });
  expect(said[0]).toContain("expect errors until more tasks run; asking for 12 was refused: Error: no");
});

/** The stack's state without what the pattern says, by type and name. */
const without = (left: RegExp) => {
  const { resources, ...rest } = state();
  return { ...rest, resources: resources.filter(({ urn, id }) => !left.test(`${urn} ${id}`)) };
};

test("where nobody scales a colour nothing is asked for, and no reserve is held", async () => {
  const unscaled = { ...hasty, state: without(/scalableTarget|appautoscaling/) };
  await requireTargets({ ...update(5), ...unscaled });
  expect(await releaseReserves({ ...update(5), ...unscaled })).toEqual([]);
  expect(await heldReserves({ ...update(5), ...unscaled })).toEqual([]);
  await expect(requireTargets({ ...update(100), ...unscaled })).rejects.toThrow("Its scaling.maximum is 0: raise that");
  back();
  await requireTargets({ ...update(0), ...unscaled });
  expect(said).toEqual(["api: 2 of 12 healthy targets in blue: expect errors until more tasks run"]);
  expect(cloud.fewest).toEqual({ blue: 2, green: 2 });
});

test("a colour without a target group has no targets, and one without a service runs nothing", async () => {
  const groupless = { ...update(5), state: without(/targetGroup.* arn:green/) };
  await expect(requireTargets(groupless)).rejects.toThrow("green has no healthy target, and blue has 12: users are served by blue");
  expect(said[0]).toBe("api: 5 % needs 1 healthy targets in green, and 0 are there. 1 tasks are asked for.");
  for (const left of [/ecs\/service:Service.*green/, /ecs\/service:Service/])
    await expect(requireTargets({ ...update(5), ...hasty, state: without(left) })).rejects.toThrow("what green runs could not be read");
});

test("tasks that died and are started again are waited for, and it is said", async () => {
  cloud.ecs.kill("green", 9);
  await requireTargets({ ...update(5), wait: async () => cloud.ecs.tick(30) });
  expect(said).toEqual(["api: nothing runs, and green:2 is wanted. Waiting for it, 10 minutes at most."]);
});

test("the reserve is what runs, is not written twice, and is lowered by no step", async () => {
  let written = 0;
  cloud.before = (_, operation) => {
    if (operation === "registerScalableTarget") written += 1;
  };
  cloud.ecs.kill("blue", 2);
  await requireTargets(update(5));
  expect(cloud.fewest).toEqual({ blue: 10, green: 2 });
  await requireTargets(update(5));
  expect(written).toBe(1);
  cloud.fewest.blue = 15;
  await requireTargets(update(5));
  expect(cloud.fewest.blue).toBe(15);
});

test("a reserve that nobody may hold holds nothing, and is told", async () => {
  cloud.before = (_, operation) => {
    if (operation === "registerScalableTarget") throw new Error("no");
  };
  await requireTargets(update(5));
  expect(said).toEqual(["blue of api is not held at 12 tasks for the way back: Error: no"]);
  cloud.fewest.blue = 12;
  cloud.ecs.setWeights("up", { blue: 100, green: 0 });
  expect(await releaseReserves(update(0))).toEqual(["The tasks that blue of api keeps could not be looked at: Error: no"]);
});

test("no reserve is held where no weight changes", async () => {
  cloud.ecs.update("green", revisions.green, 12);
  cloud.ecs.tick(40);
  cloud.ecs.setWeights("before", { blue: 0, green: 100 });
  await requireTargets({ ...update(0, "green"), state: state({ rollbackTo: "green" }) });
  expect(cloud.fewest).toEqual({ blue: 2, green: 2 });
  expect(await releaseReserves({ ...update(0), state: without(/listenerRule/) })).toEqual([]);
});

test("a part of the traffic keeps a reserve, and nothing is said of it", async () => {
  await recorded(ran("blue", old), ran("green", fresh));
  for (const weights of [
    { blue: 1, green: 99 },
    { blue: 99, green: 1 },
  ]) {
    cloud.ecs.setWeights("up", weights);
    cloud.fewest.blue = 12;
    cloud.fewest.green = 5;
    expect(await releaseReserves(update(weights.green))).toEqual([]);
    expect(cloud.fewest).toEqual({ blue: 12, green: 5 });
  }
});

test("clients that stay with a colour keep its reserve longer than retainOldMinutes", async () => {
  const sticky = update(0);
  const { api } = sticky.config.services;
  const staying = {
    ...sticky,
    config: { ...sticky.config, services: { api: { ...api!, release: { ...api!.release, stickinessSeconds: 36_000 } } } },
  };
  const [given, taken] = [5, 0].map(
    (green): Happening => ({ kind: "shareChanged", by: "up", weights: { blue: 100 - green, green }, basis: "less" }),
  );
  await recorded(ran("blue", old), ran("green", fresh), given!, taken!);
  cloud.fewest.green = 5;
  cloud.ecs.tick(500);
  expect((await releaseReserves(staying)).join()).toContain("green of api keeps 5 tasks");
  cloud.ecs.tick(101);
  expect((await releaseReserves(staying)).join()).toContain("green of api may scale down to 2 tasks again");
});

test("a way back to the live colour from a release that has finished waits for nothing", async () => {
  back();
  const all = { kind: "shareChanged", by: "up", weights: { blue: 0, green: 100 }, basis: "word" } as const;
  await recorded(ran("blue", old), ran("green", fresh), all, { kind: "finished", by: "up", colour: "green", digest: fresh });
  await requireTargets({ ...update(0), ...hasty });
  expect(cloud.fewest.blue).toBe(12);
});

const marked = (digest: string) =>
  recorded(ran("blue", old), ran("green", digest), {
    kind: "rolledBack",
    by: "alarm",
    colour: "green",
    digest,
    weights: { blue: 100, green: 0 },
  });

test("what runs in a colour counts, not what ran there when the record was written", async () => {
  await marked(`sha256:${"c".repeat(64)}`);
  await requireTargets({ ...update(5), ...hasty });
  expect(cloud.fewest.blue).toBe(12);
});

test("while something else runs than the state has, the mark in the record counts", async () => {
  await marked(`sha256:${"c".repeat(64)}`);
  const stalled = { ...update(5), ...hasty, state: stateWith({ ...colours(), green: { digest: fresh, revision: "green:9" } }) };
  await expect(requireTargets(stalled)).rejects.toThrow("the digest in green was rolled back");
});

test("the way back of the record is held, whatever the labels say", async () => {
  await recorded(ran("blue", old), ran("green", fresh), {
    kind: "shareChanged",
    by: "up",
    weights: { blue: 100, green: 0 },
    basis: "word",
  });
  await requireTargets(update(0, "green"));
  expect(cloud.fewest.blue).toBe(12);
});

test("a way back to nobody is refused while the other colour serves", async () => {
  back();
  cloud.ecs.kill("blue", 9);
  await expect(requireTargets(update(0))).rejects.toThrow("blue has no healthy target, and green has 12");
});

test("more for a candidate waits for a record that can be read", async () => {
  cloud.item = { version: { N: "1" }, record: { S: "{" } };
  await expect(requireTargets(update(5))).rejects.toThrow(
    /the release record could not be read, so nobody can tell how far it is \(SyntaxError/,
  );
});

const recorded = (...told: readonly Happening[]) => writeReleaseRecord(cloud.door("before"), place, undefined, told, "blue", moment());
const place = { region: "us-east-1", table: "releases", service: "api" };
const moment = () => ({ now: cloud.now(), retainOldMinutes: 60 });
const ran = (colour: Side, digest: string): Happening => ({
  ...{ kind: "deployed", by: "up", colour, digest, tasks: { wanted: 2, running: 2 } },
  revision: { wanted: revisions[colour], running: revisions[colour] },
});

test("a digest that was rolled back gets nothing before somebody acknowledges it, and then does", async () => {
  const given = { kind: "shareChanged", by: "up", weights: { blue: 95, green: 5 }, basis: "step" } as const;
  const taken = { kind: "rolledBack", by: "alarm", colour: "green", digest: fresh, weights: { blue: 100, green: 0 } } as const;
  const before = `sha256:${"c".repeat(64)}`;
  const earlier = { ...taken, by: "eve", digest: before };
  await recorded(ran("blue", old), ran("green", before), earlier, ran("green", fresh), given, taken);
  await expect(requireTargets({ ...update(5), ...hasty })).rejects.toThrow(
    "api: the digest in green was rolled back: it gets no traffic before somebody acknowledges that (alarm, 2026-11-30T00:40:00.000Z): npx slipway rollback acknowledge --stack staging --service api, or leave it at 0: pulumi config set --stack staging --path 'slipway:services.api.release.candidateWeight' 0",
  );
  await expect(requireTargets(update(0, "green"))).rejects.toThrow(
    "or leave it at 0: pulumi config set --stack staging --path 'slipway:services.api.release.live' blue",
  );
  expect(await openDigests(cloud.door("ana"), place, { by: "ana", reason: "looked" }, moment())).toEqual({ digests: [fresh] });
  await requireTargets(update(5));
});

test("labels that are set anew make no way back of a way forward", async () => {
  const relabelled = { ...update(0, "green"), state: state({ rollbackTo: "blue" }) };
  await requireTargets(relabelled);
  expect(said[0]).toContain("100 % needs 12 healthy targets in green");
  expect(cloud.fewest).toEqual({ blue: 12, green: 12 });
});

test("the reserve is held until retainOldMinutes are over, and the new colour scales by its traffic", async () => {
  await recorded(ran("blue", old), ran("green", fresh), {
    kind: "shareChanged",
    by: "up",
    weights: { blue: 100, green: 0 },
    basis: "word",
  });
  await requireTargets(update(100));
  const moved = async () => {
    await recordResults(update(100), { told: [], versions: new Map() });
    return releaseReserves(update(100));
  };
  cloud.ecs.setWeights("up", { blue: 0, green: 100 });
  expect(await moved()).toEqual([
    "blue of api keeps 12 tasks: blue is the way back, and the release in green has not finished.",
    "green of api may scale down to 2 tasks again; 12 were kept.",
  ]);
  expect(cloud.fewest).toEqual({ blue: 12, green: 2 });
  const held = await heldReserves(update(100));
  expect(held).toEqual([expect.objectContaining({ properties: ["minCapacity"], urn: expect.stringMatching(/-blue$/) })]);
  expect(held[0]!.lines[0]).toContain("blue of api keeps 12 tasks, 2 are declared");
  const { retainOldMinutes } = config(100).rollout;
  cloud.ecs.tick(1440 + retainOldMinutes);
  expect(await moved()).toEqual(["blue of api may scale down to 2 tasks again; 12 were kept."]);
  expect(cloud.fewest.blue).toBe(2);
});
