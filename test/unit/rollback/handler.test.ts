/** Two alarms in the same second: the function runs twice at once, and what is left behind is what happened. */
import { beforeEach, expect, test, vi } from "vitest";
import type { Rule } from "../../../components/rollback/function/cloud.mjs";
import type { Latch } from "../../../components/rollback/function/decision.mjs";
import { handler } from "../../../components/rollback/function/index.mjs";

const world = vi.hoisted(() => ({
  rule: { weights: { blue: 95, green: 5 }, sticky: false },
  latch: undefined as unknown,
  told: [] as string[],
  /** What happens elsewhere while the function waits. */
  meanwhile: () => {},
}));

vi.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve(world.meanwhile()) }));
vi.mock("../../../components/rollback/function/cloud.mjs", () => ({
  Cloud: class {
    async rule(): Promise<Rule> {
      return structuredClone(world.rule);
    }
    async healthy() {
      return { blue: 2, green: 2 };
    }
    async latch() {
      return world.latch;
    }
    async setLatch(latch: Latch) {
      world.latch = latch;
    }
    async forwardTo(targets: { TargetGroupArn: string; Weight: number }[]) {
      const weightOf = (arn: string) => targets.find(({ TargetGroupArn }) => TargetGroupArn === arn)?.Weight ?? 0;
      world.rule = { weights: { blue: weightOf("arn:blue"), green: weightOf("arn:green") }, sticky: false };
    }
    async tell({ Subject }: { Subject: string }) {
      world.told.push(Subject);
    }
  },
}));

const fired = (id: string, alarmName: string) => ({ id, time: "2026-11-21T12:00:00Z", detail: { alarmName, state: { value: "ALARM" } } });
const byOther: Latch = {
  ...{ state: "set", service: "api", alarm: "errors", reason: "", at: "2026-11-21T12:00:00Z", event: "first", told: true },
  ...{ live: "blue", candidate: "green", before: { blue: 95, green: 5 }, outcome: "rolledBack" },
};

beforeEach(() => {
  world.rule = { weights: { blue: 95, green: 5 }, sticky: false };
  world.latch = undefined;
  world.told = [];
  world.meanwhile = () => {};
  vi.spyOn(console, "log").mockImplementation(() => {});
  vi.stubEnv(
    "SLIPWAY_ROLLBACK",
    JSON.stringify({
      ...{ stack: "production", service: "api", ruleArn: "arn:rule", targetGroups: { blue: "arn:blue", green: "arn:green" } },
      ...{ live: "blue", candidateOpen: true, action: "rollBack", latch: "/slipway/rollback/api", topicArn: "arn:topic" },
    }),
  );
});

test("both find the candidate exposed: it ends at 0, with one latch that knows what was", async () => {
  await Promise.all([handler(fired("first", "errors")), handler(fired("second", "slow"))]);
  expect(world.rule).toEqual({ weights: { blue: 100, green: 0 }, sticky: false });
  expect(world.latch).toMatchObject({ outcome: "rolledBack", before: { blue: 95, green: 5 }, told: true });
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
  expect(world.latch).toMatchObject({ outcome: "alreadyAtZero", event: "only", told: true });
  expect(world.told).toEqual(["production api: green stays at 0 %"]);
});

test("a rollback waits for nobody", async () => {
  world.meanwhile = () => {
    throw new Error("waited");
  };
  expect(await handler(fired("only", "errors"))).toMatchObject({ outcome: "rolledBack" });
});
