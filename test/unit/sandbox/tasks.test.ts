/** Simulated tasks that take time, and some that stop: what runs differs from what is wanted for a while. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Aws } from "../../../ops/aws/aws.ts";
import { atLeastOne, durationOrNone } from "../../../ops/flags.ts";
import { advance } from "../../../rehearsal/sandbox/clock.ts";
import { setFate } from "../../../rehearsal/sandbox/images.ts";
import { listTasks, setPace, stop } from "../../../rehearsal/sandbox/tasks.ts";
import { simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { aws as catalogue } from "../../../sandbox/cloud/aws/catalogue.ts";
import { pushImage } from "../../../sandbox/cloud/aws/images.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import type { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { openLiveStore } from "../../../sandbox/sandbox.ts";

const place = { account: "123456789012", region: "us-east-1" };
const digest = `sha256:${"a".repeat(64)}`;
let folder = "";
let store: LiveStore;
const project = () => ({ folder, name: "shop", runtimeOptions: {} });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-tasks-"));
  store = openLiveStore(join(folder, ".slipway"));
  const cloud = new Cloud(catalogue, store);
  const create = (type: string, inputs: Parameters<Cloud["create"]>[0]["inputs"]) =>
    cloud.create({ type, urn: type, inputs, secrets: [] }, place);
  pushImage(store, place, { repository: "api", digest });
  const image = `${place.account}.dkr.ecr.${place.region}.amazonaws.com/api@${digest}`;
  const containerDefinitions = JSON.stringify([{ name: "app", image }]);
  const task = create("aws:ecs/taskDefinition:TaskDefinition", { family: "api", containerDefinitions }).properties;
  const cluster = create("aws:ecs/cluster:Cluster", { name: "shop" });
  create("aws:ecs/service:Service", { name: "api", cluster: cluster.id, taskDefinition: String(task.arn), desiredCount: 2 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ecs = () => new Aws({ ...place, cloud: "it", answer: simulatedAws(store, place.account) }).client("ecs", place.region);

/** Tasks as ECS tells them: wanted, running, pending. */
async function told(): Promise<(number | undefined)[]> {
  const { services: [service] = [] } = await (await ecs()).describeServices({ cluster: "shop", services: ["api"] });
  return [service?.desiredCount, service?.runningCount, service?.pendingCount];
}
const ask = async (desiredCount: number) => (await ecs()).updateService({ cluster: "shop", service: "api", desiredCount });

test("they run at once unless somebody says how long they take", async () => {
  await ask(4);
  expect(await told()).toEqual([4, 4, 0]);
  expect(listTasks(project())).toContain("runs at once");
});

describe("where they take a minute", () => {
  beforeEach(() => {
    expect(setPace(project(), 60_000)).toBe("A task that is asked for runs after 60 s of the simulated cloud's clock.");
  });

  test("more of them are pending until it is over", async () => {
    await ask(6);
    expect(await told()).toEqual([6, 2, 4]);
    advance(project(), 59_000);
    expect(await told()).toEqual([6, 2, 4]);
    advance(project(), 2_000);
    expect(await told()).toEqual([6, 6, 0]);
  });

  test("fewer of them are fewer at once", async () => {
    await ask(1);
    expect(await told()).toEqual([1, 1, 0]);
  });

  test("some stop, and others take their place", async () => {
    expect(stop(project(), "api", 1)).toBe("api runs 1 of 2 tasks; others run after 60 s.");
    expect(await told()).toEqual([2, 1, 1]);
    expect(listTasks(project())).toMatch(/api\s+│ 2\s+│ 1\s+│ 1 /);
    advance(project(), 61_000);
    expect(await told()).toEqual([2, 2, 0]);
  });

  test("those of an image that is gone do not start, and those that run go on", async () => {
    await ask(4);
    advance(project(), 61_000);
    setFate(project(), digest, "absent");
    store = openLiveStore(join(folder, ".slipway"));
    await ask(8);
    advance(project(), 61_000);
    expect(await told()).toEqual([8, 4, 0]);
  });

  test("more than run cannot stop, nor any of a service that is not there", () => {
    expect(() => stop(project(), "api", 3)).toThrow("api runs 2 tasks; 3 cannot stop. Nothing was changed.");
    expect(() => stop(project(), "app", 1)).toThrow("There is no service app. There are: api.");
  });
});

test("where they take no time, none is seen to stop", () => {
  expect(() => stop(project(), "api", 1)).toThrow("slipway sandbox tasks take 60s");
});

test("a number of tasks and a length of time are read, or refused", () => {
  expect([durationOrNone("0s"), durationOrNone("2m"), atLeastOne("3")]).toEqual([0, 120_000, 3]);
  for (const bad of ["0", "-1", "1.5", "many"]) expect(() => atLeastOne(bad)).toThrow("from 1 to 9999");
});
