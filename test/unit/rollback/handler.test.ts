/** Two alarms in the same second: the function runs twice at once, and what is left behind is what happened. */
import { once } from "node:events";
import { createServer } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import type { AddressInfo } from "node:net";
import timers from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Cloud } from "../../../components/rollback/function/cloud.mjs";
import type { Latch } from "../../../components/rollback/function/decision.mjs";
import { handler } from "../../../components/rollback/function/index.mjs";

const world = {
  rule: { weights: { blue: 95, green: 5 }, sticky: false },
  latch: undefined as Latch | undefined,
  told: [] as string[],
  /** What happens elsewhere while the function waits. */
  meanwhile: () => {},
};

/** Puts the world in the place of AWS and of time. */
function simulate(): void {
  const cloud = Cloud.prototype;
  vi.spyOn(cloud, "rule").mockImplementation(async () => structuredClone(world.rule));
  vi.spyOn(cloud, "healthy").mockImplementation(async () => ({ blue: 2, green: 2 }));
  vi.spyOn(cloud, "latch").mockImplementation(async () => world.latch);
  vi.spyOn(cloud, "setLatch").mockImplementation(async (latch) => {
    world.latch = latch;
  });
  vi.spyOn(cloud, "forwardTo").mockImplementation(async (targets) => {
    const weightOf = (arn: string) => targets.find(({ TargetGroupArn }) => TargetGroupArn === arn)?.Weight ?? 0;
    world.rule = { weights: { blue: weightOf("arn:blue"), green: weightOf("arn:green") }, sticky: false };
  });
  vi.spyOn(cloud, "tell").mockImplementation(async ({ Subject }) => {
    world.told.push(Subject);
  });
  vi.spyOn(timers, "setTimeout").mockImplementation(async <T>(_?: number, value?: T) => {
    world.meanwhile();
    return value as T;
  });
  syncBuiltinESMExports();
}

const fired = (id: string, alarmName: string) => ({ id, time: "2026-11-21T12:00:00Z", detail: { alarmName, state: { value: "ALARM" } } });
const byOther: Latch = {
  ...{ state: "set", service: "api", alarm: "errors", reason: "", at: "2026-11-21T12:00:00Z", event: "first", notified: true },
  ...{ live: "blue", candidate: "green", before: { blue: 95, green: 5 }, outcome: "rolledBack" },
};

beforeEach(() => {
  world.rule = { weights: { blue: 95, green: 5 }, sticky: false };
  world.latch = undefined;
  world.told = [];
  world.meanwhile = () => {};
  simulate();
  vi.spyOn(console, "log").mockImplementation(() => {});
  vi.stubEnv(
    "SLIPWAY_ROLLBACK",
    JSON.stringify({
      ...{ stack: "production", service: "api", ruleArn: "arn:rule", targetGroups: { blue: "arn:blue", green: "arn:green" } },
      ...{ live: "blue", candidateOpen: true, action: "rollBack", latch: "/slipway/rollback/api", topicArn: "arn:topic" },
    }),
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  syncBuiltinESMExports();
});

test("both find the candidate exposed: it ends at 0, with one latch that knows what was", async () => {
  await Promise.all([handler(fired("first", "errors")), handler(fired("second", "slow"))]);
  expect(world.rule).toEqual({ weights: { blue: 100, green: 0 }, sticky: false });
  expect(world.latch).toMatchObject({ outcome: "rolledBack", before: { blue: 95, green: 5 }, notified: true });
});

test("the second comes between the first one's move and its latch: that latch stays, and nobody is told otherwise", async () => {
  world.rule = { weights: { blue: 100, green: 0 }, sticky: false };
  world.meanwhile = () => {
    world.latch = byOther;
  };
  expect(await handler(fired("second", "slow"))).toMatchObject({ outcome: "alreadyAtZero" });
  expect(world.latch).toEqual(byOther);
  expect(world.told).toEqual([]);
});

test("alone over a weight of 0 it writes the latch and tells people", async () => {
  world.rule = { weights: { blue: 100, green: 0 }, sticky: false };
  await handler(fired("only", "errors"));
  expect(world.latch).toMatchObject({ outcome: "alreadyAtZero", event: "only", notified: true });
  expect(world.told).toEqual(["production api: green stays at 0 %"]);
});

test("a cloud that does not answer who asks for tasks is left after a second", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const environment = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "k", AWS_SECRET_ACCESS_KEY: "s", AWS_ENDPOINT_URL: url };
  for (const [key, value] of Object.entries(environment)) vi.stubEnv(key, value);
  const began = performance.now();
  const receiver = { serviceArn: "arn:aws:ecs:us-east-1:123456789012:service/main/api-blue", minimum: 1, maximum: 9 };
  const refused = await new Cloud(JSON.parse(String(process.env.SLIPWAY_ROLLBACK))).askForTasks(receiver, 4);
  expect(refused).toHaveLength(2);
  expect(performance.now() - began).toBeLessThan(3000);
  silent.close();
  silent.closeAllConnections();
});

test("a rollback waits for nobody", async () => {
  world.meanwhile = () => {
    throw new Error("waited");
  };
  expect(await handler(fired("only", "errors"))).toMatchObject({ outcome: "rolledBack" });
});
