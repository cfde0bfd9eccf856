/** A rollback by a person's word, against a model of ECS and of a cluster: it waits for nothing that may be ill, and a killed one is ended by the next. */
import { beforeEach, describe, expect, test } from "vitest";
import { entryOf, isBarred } from "../../../components/release/record.ts";
import { latchName, parseLatch } from "../../../infra/config/latch.ts";
import { requireTargets } from "../../../ops/release/readiness.ts";
import { type Happening, recordPlaceIn, writeReleaseRecord } from "../../../ops/release/recordTable.ts";
import { releasedServices } from "../../../ops/release/releasedServices.ts";
import { rollbackTo } from "../../../ops/release/situation.ts";
import { recordIntents, recordResults } from "../../../ops/release/updateRecords.ts";
import { openDigests } from "../../../ops/rollback/acknowledge.ts";
import { moveBack } from "../../../ops/rollback/moveBack.ts";
import type { RollbackOrder } from "../../../ops/rollback/order.ts";
import type { Side } from "../../model/ecs.ts";
import { ModelCloud } from "../../model/wired/cloud.ts";
import { clusterDoor } from "../../model/wired/cluster.ts";
import { type Compute, configWith, stateWith } from "../../model/wired/stack.ts";

const [old, fresh] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
const moment = { now: new Date("2026-11-30T00:00:00Z"), retainOldMinutes: 60 };
let cloud: ModelCloud;
let revisions: Record<Side, string>;
const said: string[] = [];

const colours = () => ({ blue: { digest: old, revision: revisions.blue }, green: { digest: fresh, revision: revisions.green } });
const update = (candidateWeight = 50, compute: Compute = "ecs", live: Side = "blue", who = "jo") => ({
  config: configWith({ live, candidateWeight, images: { blue: old, green: fresh } }, 20, compute),
  ...{ state: stateWith(colours(), { compute }), aws: cloud.door(who), cluster: clusterDoor(cloud, who), stack: "staging" },
  say: (line: string) => void said.push(line),
  wait: async () => cloud.ecs.tick(1),
});
const order = (edits: Partial<RollbackOrder> = {}, given = update()): RollbackOrder => {
  const { config, state, aws, say, wait } = given;
  const place = releasedServices(given)[0]!;
  const { region } = config.aws;
  return {
    ...{ config, place, aws, say, wait, scaling: place.scaling, rollbackTo: rollbackTo(state, "api") },
    ...{ record: recordPlaceIn(config, state, region, "api"), latch: { region, name: latchName(config, "api") } },
    ...{ by: "arn:jo", reason: "checkout fails", whenReady: false, ...edits },
  };
};
const latch = () => (cloud.parameter === undefined ? undefined : parseLatch(cloud.parameter));
const marked = () => cloud.record !== undefined && isBarred(entryOf(cloud.record, "green")!);

async function recorded(...happenings: Happening[]): Promise<void> {
  const { config, state, aws } = update();
  const at = recordPlaceIn(config, state, config.aws.region, "api")!;
  await writeReleaseRecord(aws, at, cloud.record, happenings, "blue", moment);
}
const ran = (colour: Side, digest: string): Happening => ({
  ...{ kind: "deployed", by: "up", colour, digest, tasks: { wanted: 2, running: 2 } },
  revision: { wanted: revisions[colour], running: revisions[colour] },
});

beforeEach(async () => {
  cloud = new ModelCloud();
  said.length = 0;
  cloud.ecs.registry.set(old, "good").set(fresh, "good");
  revisions = { blue: cloud.ecs.register("blue", old), green: cloud.ecs.register("green", fresh) };
  cloud.ecs.update("blue", revisions.blue, 12);
  cloud.ecs.update("green", revisions.green, 12);
  cloud.ecs.setWeights("before", { blue: 50, green: 50 });
  cloud.ecs.tick(40);
  await recorded(ran("blue", old), ran("green", fresh), {
    kind: "shareChanged",
    by: "up",
    weights: { blue: 50, green: 50 },
    basis: "step",
  });
});

const kinds: Compute[] = ["ecs", "kubernetes"];
describe.each(kinds)("on %s", (compute) => {
  const given = () => order({}, update(50, compute));

  test("rollback now moves, latches and marks, whatever alarms say", async () => {
    const asked: string[] = [];
    cloud.before = (_, operation) => void asked.push(operation);
    expect(await moveBack(given())).toMatchObject({ outcome: "moved", receiver: "blue", before: { blue: 50 }, passed: [], unwritten: [] });
    expect(cloud.ecs.weights).toEqual({ blue: 100, green: 0 });
    expect(latch()).toMatchObject({
      by: "arn:jo",
      reason: "checkout fails",
      candidate: "green",
      outcome: "rolledBack",
      before: { green: 50 },
    });
    expect(marked()).toBe(true);
    expect(asked.filter((operation) => /alarm/i.test(operation))).toEqual([]);
    expect(asked.slice(0, asked.indexOf("modifyRule")).length).toBeLessThanOrEqual(8);
  });

  test("no update gives the digest traffic until somebody acknowledges it", async () => {
    await moveBack(given());
    const up = { ...update(50, compute), wait: () => Promise.reject(new Error("waited")) };
    await expect(requireTargets(up)).rejects.toThrow("was rolled back: it gets no traffic before somebody acknowledges that");
    const at = recordPlaceIn(up.config, up.state, up.config.aws.region, "api")!;
    await openDigests(up.aws, at, { by: "kim", reason: "fixed" }, moment);
    await requireTargets(up);
  });

  test("an update that was under way does not give it back", async () => {
    const slow = update(50, compute);
    const begun = await recordIntents({
      ...slow,
      config: configWith({ live: "blue", candidateWeight: 80, images: { blue: old, green: fresh } }, 20, compute),
    });
    await moveBack(given());
    cloud.ecs.setWeights("the engine", { blue: 20, green: 80 });
    await recordResults(slow, begun);
    expect(cloud.ecs.weights).toEqual({ blue: 100, green: 0 });
  });

  test("a colour where nobody answers gets nothing, and it is said who serves", async () => {
    cloud.ecs.kill("blue", 99);
    expect(await moveBack(given())).toMatchObject({
      outcome: "refused",
      reason: "blue has no healthy target, and green has 12: users are served by green",
    });
    expect([cloud.ecs.weights, cloud.parameter, marked()]).toEqual([{ blue: 50, green: 50 }, undefined, false]);
  });

  test("with --when-ready its tasks are asked for, and traffic goes when they are there", async () => {
    cloud.ecs.update("blue", revisions.blue, 0);
    cloud.ecs.tick(1);
    const ready = order({ whenReady: true }, { ...update(50, compute), wait: async () => cloud.ecs.tick(40) });
    expect(await moveBack(ready)).toMatchObject({ outcome: "moved" });
    expect(said[0]).toBe("0 of 12 healthy targets in blue: 12 tasks are asked for. Traffic waits for them.");
    expect([cloud.ecs.describe("blue").healthy >= 12, cloud.ecs.weights]).toEqual([true, { blue: 100, green: 0 }]);
  });

  test("fewer healthy targets than everything needs: tasks are asked for, nobody waits, and it is said until when", async () => {
    cloud.ecs.update("blue", revisions.blue, 2);
    cloud.ecs.tick(1);
    cloud.ecs.setWeights("before", { blue: 10, green: 90 });
    expect(await moveBack(order({ wait: () => Promise.reject(new Error("waited")) }, update(90, compute)))).toMatchObject({
      outcome: "moved",
    });
    expect(said).toEqual([
      expect.stringMatching(/^2 of 1\d healthy targets in blue: expect errors until \d\d:\d\d UTC; 1\d tasks are asked for\.$/),
    ]);
    expect(cloud.fewest.blue).toBeGreaterThan(10);
  });

  test("what is neither rule nor health is passed over, and named", async () => {
    cloud.ecs.update("blue", revisions.blue, 2);
    cloud.ecs.tick(1);
    cloud.before = (_, operation) => {
      if (!["describeRules", "modifyRule", "describeTargetHealth", "describeServices"].includes(operation))
        throw new Error(`no ${operation}`);
    };
    const result = await moveBack(given());
    expect(result).toMatchObject({ outcome: "moved", passed: expect.arrayContaining([expect.stringContaining("no getItem")]) });
    expect(result).toMatchObject({ unwritten: [expect.stringContaining("the latch"), expect.stringContaining(`the mark on ${fresh}`)] });
    expect(cloud.ecs.weights).toEqual({ blue: 100, green: 0 });
  });

  test("what does not answer is waited for a second", async () => {
    cloud.before = (_, operation) => (operation === "getItem" ? new Promise(() => {}) : undefined);
    const begun = performance.now();
    const result = moveBack(order({ record: order().record }, update(50, compute)));
    await expect.poll(() => cloud.ecs.weights, { timeout: 4000 }).toEqual({ blue: 100, green: 0 });
    expect(performance.now() - begun).toBeLessThan(2500);
    expect(await result).toMatchObject({
      passed: [expect.stringContaining("no answer within 1000 ms")],
      unwritten: [expect.stringContaining("mark")],
    });
  });

  test("killed at any boundary, a second run ends it", async () => {
    const writes: string[] = [];
    const isWrite = (operation: string) => /^(?:put|modify|register|update)/.test(operation);
    const dead = new Set<string>();
    cloud.ecs.update("blue", revisions.blue, 2);
    cloud.ecs.tick(1);
    cloud.ecs.setWeights("before", { blue: 10, green: 90 });
    const begin = { item: cloud.item, fewest: { ...cloud.fewest } };
    cloud.before = (_, operation) => void (isWrite(operation) && writes.push(operation));
    await moveBack(given());
    const all = writes.length;
    expect(all).toBeGreaterThanOrEqual(compute === "ecs" ? 6 : 5);
    for (let boundary = 0; boundary < all; boundary++) {
      cloud.item = begin.item;
      cloud.parameter = undefined;
      Object.assign(cloud.fewest, begin.fewest);
      cloud.ecs.setWeights("before", { blue: 10, green: 90 });
      const victim = `killed at ${boundary}`;
      let done = 0;
      // Of the dead no call is ever answered again.
      cloud.before = (who, operation) => {
        if (who === victim && isWrite(operation) && done++ === boundary) dead.add(who);
        return dead.has(who) ? new Promise<void>(() => {}) : undefined;
      };
      void moveBack(order({}, update(90, compute, "blue", victim))).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(dead.has(victim), victim).toBe(true);
      expect(await moveBack(given()), victim).toMatchObject({ unwritten: [] });
      expect([victim, cloud.ecs.weights, marked(), latch()?.candidate]).toEqual([victim, { blue: 100, green: 0 }, true, "green"]);
    }
  });

  test("repeated, it moves nothing more, and leaves the latch as it was", async () => {
    await moveBack(given());
    const [value, writes] = [cloud.parameter, cloud.ecs.writes.length];
    expect(await moveBack(given())).toMatchObject({ outcome: "there", unwritten: [] });
    expect([cloud.parameter, cloud.ecs.writes.length]).toEqual([value, writes]);
  });
});

test("clients that stay with the candidate are taken from it, in the same write", async () => {
  cloud.stickiness = { Enabled: true, DurationSeconds: 3600 };
  expect(await moveBack(order())).toMatchObject({ outcome: "moved" });
  expect(cloud.stickiness).toEqual({ Enabled: false });
  expect(cloud.ecs.writes.filter(({ by }) => by === "jo")).toHaveLength(1);
});

test("where no release is open there is nothing to roll back, and nothing is written", async () => {
  cloud.ecs.setWeights("before", { blue: 100, green: 0 });
  const closed = update(0);
  const { api } = closed.config.services;
  const release = { ...api!.release, green: { ...api!.release.green, capacity: "zero" as const } };
  const config = { ...closed.config, services: { api: { ...api!, release } } };
  expect(await moveBack(order({}, { ...closed, config }))).toMatchObject({ outcome: "nothing", receiver: "blue" });
  expect(cloud.parameter).toBeUndefined();
});

test("after a swap of labels everything goes to the colour before, while it runs what it ran", async () => {
  await recorded(
    { kind: "shareChanged", by: "up", weights: { blue: 0, green: 100 }, basis: "step" },
    { kind: "labelsSwapped", by: "up", live: "green" },
  );
  cloud.ecs.setWeights("before", { blue: 0, green: 100 });
  expect(await moveBack(order({}, update(0, "ecs", "green")))).toMatchObject({ outcome: "moved", receiver: "blue" });
});

test("a refused write of the rule is an error, and leaves neither latch nor mark", async () => {
  cloud.before = (_, operation) => {
    if (operation === "modifyRule") throw new Error("AccessDenied");
  };
  await expect(moveBack(order())).rejects.toThrow("The rule arn:rule cannot be written: AccessDenied");
  expect([cloud.parameter, marked()]).toEqual([undefined, false]);
});
