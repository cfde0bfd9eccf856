/** What an update applied on a cluster has to run, or the update fails, however complete the provider calls it. */
import { beforeEach, expect, test } from "vitest";
import type { ObjectPlace } from "../../../ops/kubernetes/cluster.ts";
import { requireRunning } from "../../../ops/release/running.ts";
import { ModelCloud } from "../../model/wired/cloud.ts";
import { clusterDoor } from "../../model/wired/cluster.ts";
import { configWith, stateWith } from "../../model/wired/stack.ts";

const [old, fresh] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
let cloud: ModelCloud;
let waited = 0;
let broken: Error | undefined;
beforeEach(() => {
  broken = undefined;
  cloud = new ModelCloud();
  waited = 0;
  cloud.ecs.failed = "stalls";
  cloud.ecs.registry.set(old, "good").set(fresh, "good");
  cloud.ecs.update("blue", cloud.ecs.register("blue", old), 4);
  cloud.ecs.update("green", cloud.ecs.register("green", old), 2);
  cloud.ecs.tick(40);
});
/** What an update of a part is told; one of everything is refused with it. */
const told = async (names: readonly string[] = [], ticks = true) => {
  const compute = "kubernetes";
  const config = configWith({ live: "blue", candidateWeight: 0, images: { blue: old, green: fresh } }, 20, compute);
  const state = stateWith({ blue: { digest: old, revision: "" }, green: { digest: fresh, revision: "" } }, { compute });
  const wait = async (seconds: number) => {
    waited += seconds;
    if (ticks) cloud.ecs.tick(1);
  };
  const { read, patch } = clusterDoor(cloud, "up");
  const cluster = { patch, read: (place: ObjectPlace) => (broken === undefined ? read(place) : Promise.reject(broken)) };
  const applied = { config, state, aws: cloud.door("up"), cluster, asked: names, wait };
  const lines: string[] = [];
  await requireRunning({ ...applied, say: (line) => void lines.push(line) });
  const before = waited;
  const whole = requireRunning({ ...applied, wait: async () => {} });
  await (lines.length === 0 ? whole : expect(whole).rejects.toThrow(lines.join("\n")));
  expect(waited).toBe(before);
  return lines;
};
const deploy = () => cloud.ecs.update("green", cloud.ecs.register("green", fresh), 2);

test("what runs as it was told to is not waited for", async () => {
  deploy();
  cloud.ecs.tick(40);
  expect([await told(), waited]).toEqual([[], 0]);
});

test("a rollout that has begun is waited for", async () => {
  deploy();
  expect(await told()).toEqual([]);
  expect(waited > 0 && waited < 60).toBe(true);
});

test("one that does not end in two minutes is told", async () => {
  deploy();
  expect(await told([], false)).toEqual([
    `api-green is not deployed: nothing runs, and ${fresh} is wanted. See why: kubectl -n coinestate describe deployment api-green`,
  ]);
  expect(waited).toBe(120);
});

test("one that failed is told at once, and so is another image than was applied", async () => {
  expect((await told()).join()).toContain(`api-green is not deployed: ${old} runs, and ${fresh} is wanted`);
  cloud.ecs.registry.set(fresh, "bad");
  deploy();
  cloud.ecs.tick(40);
  expect((await told()).join()).toContain("api-green is not deployed: the deployment failed: ");
  expect(waited).toBe(0);
});

test("pods that a way back asked for are not waited for", async () => {
  deploy();
  cloud.ecs.tick(40);
  cloud.ecs.update("blue", cloud.ecs.describe("blue").revision, 12);
  expect([await told(["api-blue"]), waited]).toEqual([[], 0]);
  expect((await told([], false)).join()).toContain(`api-blue is not deployed: 4 of 12 tasks of ${old} run`);
});

test("what is wrong with the program itself is no answer of a cluster", async () => {
  broken = new TypeError("broken");
  await expect(told()).rejects.toThrow("broken");
});

test("a cluster that does not answer is told, as nobody knows what runs", async () => {
  cloud.before = (_, operation) => {
    if (operation === "describeServices") throw new Error("no");
  };
  expect(await told()).toHaveLength(2);
});
