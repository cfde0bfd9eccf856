/** Topics and alarms on the real engine: made, left alone, without a secret in clear, and untouched by a canary step. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { watchedApi } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

describe("alarms", () => {
  const stack = new StackUnderTest("bench/production", watchedApi);
  beforeAll(async () => {
    stack.set({
      "notifications.slack": { workspaceId: "T0123456789", channelId: "C0123456789" },
      "notifications.pagerDuty": { integrationKey: { secure: "AAABAAexampleOfAnEncryptedValue" } },
      "notifications.routes": { P0: ["pagerDuty", "slack", "email"], P1: ["pagerDuty", "slack"], P2: ["slack"], P3: ["email"] },
    });
    await stack.prepare();
  });
  afterAll(() => stack.remove());

  test("every alarm is there, and a second update has nothing to do", async () => {
    expect(stack.live("aws:cloudwatch/metricAlarm:MetricAlarm").length).toBeGreaterThan(30);
    expect(stack.live("aws:cloudwatch/compositeAlarm:CompositeAlarm").length).toBeGreaterThan(6);
    expect(stack.live("aws:sns/topic:Topic").length).toBe(4);
    const again = await stack.up("--expect-no-changes");
    expect(again.exitCode, again.stdout + again.stderr).toBe(0);
  });

  test("the key of PagerDuty is in clear nowhere: not in the state, not in what the cloud keeps", async () => {
    const subscriptions = stack
      .live("aws:sns/topicSubscription:TopicSubscription")
      .filter(({ properties }) => properties.protocol === "https");
    expect(subscriptions.length).toBe(2);
    for (const { properties } of subscriptions) expect(String(properties.endpoint)).toMatch(/^sealed:sha256:/);
    const exported = await stack.slipway("pulumi", "--stack", "production", "stack", "export");
    const state = JSON.parse(exported.stdout) as {
      deployment: { resources: { type: string; inputs?: Record<string, unknown>; outputs?: Record<string, unknown> }[] };
    };
    const kept = state.deployment.resources.filter(
      ({ type, inputs }) => type.endsWith(":TopicSubscription") && inputs?.protocol === "https",
    );
    expect(kept.length).toBe(2);
    for (const { inputs, outputs } of kept)
      for (const value of [inputs?.endpoint, outputs?.endpoint]) expect(Object.keys(value as object)).toContain("ciphertext");
    expect(exported.stdout).not.toContain("events.pagerduty.com");
  });

  test("a canary step changes the rule and no alarm", async () => {
    stack.set({ "services.api.release.candidateWeight": 5 });
    const { changes } = await stack.preview();
    expect(changes.map(({ op, name }) => [op, name])).toEqual([["update", "coinestate-prod-use1-api"]]);
    stack.set({ "services.api.release.candidateWeight": 0 });
  });

  test("another line is an update in place of its alarm, and of the dashboards that draw it", async () => {
    stack.set({ "alarms.tasks.memoryPercent": { P2: 75 } });
    const { changes } = await stack.preview();
    expect(changes.map(({ op, name }) => [op, name]).sort()).toEqual([
      ["update", "coinestate-prod-use1-alarms-api-memory-p2"],
      ["update", "coinestate-prod-use1-dashboard-region"],
      ["update", "coinestate-prod-use1-dashboard-release"],
      ["update", "coinestate-prod-use1-dashboard-service"],
    ]);
  });
});
