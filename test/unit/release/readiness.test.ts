/** What `up` asks before it gives a colour more traffic, against a model of ECS: tasks are asked for and waited for, and a reserve is kept. */
import { beforeEach, expect, test } from "vitest";
import { requireTargets } from "../../../ops/release/readiness.ts";
import type { Side } from "../../model/ecs.ts";
import { ModelCloud } from "../../model/wired/cloud.ts";
import { configWith, stateWith } from "../../model/wired/stack.ts";

const [old, fresh] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
let cloud: ModelCloud;
let revisions: Record<Side, string>;
beforeEach(() => {
  cloud = new ModelCloud();
  cloud.ecs.registry.set(old, "good").set(fresh, "good");
  revisions = { blue: cloud.ecs.register("blue", old), green: cloud.ecs.register("green", fresh) };
  cloud.ecs.update("blue", revisions.blue, 12);
  cloud.ecs.update("green", revisions.green, 2);
  cloud.ecs.setWeights("before", { blue: 100, green: 0 });
  cloud.ecs.tick(40);
});
const state = (options?: Parameters<typeof stateWith>[1]) =>
  stateWith({ blue: { digest: old, revision: revisions.blue }, green: { digest: fresh, revision: revisions.green } }, options);
const config = (candidateWeight: number, live: Side = "blue") => configWith({ live, candidateWeight, images: { blue: old, green: fresh } });

test.fails("A10 up asks for the tasks that a candidate lacks for its share, and moves the weight when they are there", async () => {
  cloud.before = () => cloud.ecs.tick(1);
  await requireTargets(config(100), state(), cloud.door("up"), "staging");
  expect(cloud.ecs.describe("green").healthy).toBe(12);
});
