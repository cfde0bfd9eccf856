/** What `verify` tells of services on a cluster: as of those on ECS, by the cluster's own word. */
import { beforeEach, expect, test } from "vitest";
import { clusterChecks } from "../../../ops/verify/clusterTraffic.ts";
import type { TrafficTarget } from "../../../ops/verify/traffic.ts";
import { ModelCloud } from "../../model/wired/cloud.ts";
import { clusterDoor } from "../../model/wired/cluster.ts";
import { configWith, stateWith } from "../../model/wired/stack.ts";

const [old, fresh] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
let cloud: ModelCloud;
beforeEach(() => {
  cloud = new ModelCloud();
  cloud.ecs.registry.set(old, "good").set(fresh, "good");
  cloud.ecs.update("blue", cloud.ecs.register("blue", old), 4);
  cloud.ecs.update("green", cloud.ecs.register("green", fresh), 2);
  cloud.ecs.setWeights("before", { blue: 75, green: 25 });
  cloud.ecs.tick(40);
});
const compute = "kubernetes";
const config = configWith({ live: "blue", candidateWeight: 25, images: { blue: old, green: fresh } }, 20, compute);
const whole = stateWith({ blue: { digest: old, revision: "" }, green: { digest: fresh, revision: "" } }, { compute });
const rows = async (target: TrafficTarget = "deployment", state = whole) => {
  const update = { config, state, aws: cloud.door("verify"), cluster: clusterDoor(cloud, "verify") };
  const checks = await clusterChecks(target, update, { stack: "staging" });
  return checks.map(({ what, expected, found, verdict }) => `${what}: ${expected}: ${found}: ${verdict}`);
};
const weights = "weights of api, on the cluster: blue 75 %, green 25 %: blue 75 %, green 25 %: good";

test("weights and the pods of each colour that has traffic", async () => {
  expect(await rows()).toEqual([
    weights,
    "pods of api, blue: 2 ready at least: 4 ready: good",
    "pods of api, green: 1 ready at least: 2 ready: good",
  ]);
});

test("after a rollback everything is on the live colour, and the other one's pods are nobody's matter", async () => {
  expect(await rows("rollback")).toEqual([
    "weights of api, on the cluster: blue 100 %, green 0 %: blue 75 %, green 25 %: failed",
    "pods of api, blue: 2 ready at least: 4 ready: good",
  ]);
});

test("too few pods, none, and a rollout that did not end", async () => {
  cloud.ecs.update("blue", cloud.ecs.describe("blue").revision, 1);
  cloud.ecs.kill("blue", 3);
  cloud.ecs.kill("green", 9);
  expect(await rows()).toEqual([
    weights,
    "pods of api, blue: 2 ready at least: 1 ready: degraded",
    `pods of api, green: 1 ready at least: 0 ready; nothing runs, and ${fresh} is wanted: failed`,
  ]);
  cloud.ecs.failed = "stalls";
  cloud.ecs.registry.set(fresh, "bad");
  cloud.ecs.update("green", cloud.ecs.register("green", fresh), 2);
  cloud.ecs.tick(40);
  expect((await rows()).at(-1)).toContain("0 ready; the deployment failed: ");
});

test("a colour that the cluster has no Deployment of, a service without a route, and a cluster that does not answer", async () => {
  cloud.absent.add("green");
  expect((await rows()).at(-1)).toBe("pods of api, green: 1 ready at least: 0 ready; no Deployment that the state has: failed");
  expect(await rows("deployment", { ...whole, resources: [] })).toEqual([
    "weights of api, on the cluster: blue 75 %, green 25 %: no route in the state: failed",
  ]);
  cloud.before = () => {
    throw new Error("no");
  };
  expect((await rows()).map((row) => row.split(": ").at(-1))).toEqual(["failed", "failed", "failed"]);
});
