/** What sends the traffic of the shipped stacks back, with the figures of their guides. */
import { expect, test } from "vitest";
import { trafficNames } from "../../../infra/config/physicalNames.ts";
import { configOf } from "../../harness/config.ts";
import { WatchedStack, world } from "../../harness/watchedStack.ts";

/** Keys of the alarms that a stack's rollback listens to, in its first region. */
function triggersOf({ resources }: WatchedStack, service: string): string[] {
  const rule = resources.find(
    ({ type, name }) => type === "aws:cloudwatch/eventRule:EventRule" && name.endsWith(`-use1-${service}-rollback`),
  );
  const { resources: arns } = JSON.parse(String(rule?.inputs.eventPattern)) as { resources: string[] };
  return arns.map((arn) => arn.replace(/^.*:(?:alarm:)?/, "").replace(/^.*-use1-(?:alarms-)?/, "")).sort();
}

test("CoinEstate: 5 % errors for five minutes, twice the usual time for ten", async () => {
  const stack = await WatchedStack.of("coinestate/production");
  const of = (key: string) => {
    const { threshold, evaluationPeriods, metricQueries } = stack.alarm(key).resource.inputs;
    const [{ metric } = {}] = (metricQueries as { metric?: { period: number } }[]).filter((query) => query.metric !== undefined);
    return [threshold, evaluationPeriods, metric?.period];
  };
  expect(of("api-rollback-error-rate")).toEqual([5, 5, 60]);
  expect(of("api-rollback-latency")).toEqual([0.4, 10, 60]); // 200 % of 200 ms
});

test("CoinEstate: the fourth failed health check in a row of the candidate, in three minutes of five", async () => {
  expect(configOf("coinestate/production").services.api!.healthCheck.unhealthyThreshold).toBe(4);
  const { alarms } = await WatchedStack.of("coinestate/production");
  const lines = alarms.flatMap(({ key, region, resource: { inputs } }) =>
    key === "api-rollback-unhealthy-targets" ? [[region, inputs.threshold, inputs.datapointsToAlarm, inputs.evaluationPeriods]] : [],
  );
  expect(lines).toContainEqual(["us-east-1", 0, 3, 5]);
});

test("A11 one unhealthy task of twenty for one minute rolls nothing back, whichever colour it belongs to", async () => {
  const stack = await WatchedStack.of("coinestate/production");
  const [now, good] = [10_000_020, world("good", stack)]; // on a minute
  const states = stack.states((metric, from, to) => {
    return metric.name === "UnHealthyHostCount" && from >= now - 60 ? 1 : good(metric, from, to);
  }, now);
  const fired = stack.alarms.filter(({ name, region }) => region === "us-east-1" && states[name] === "ALARM").map(({ key }) => key);
  expect(fired).toEqual([]);
});

test("two failing tasks of twenty in three of five minutes roll back, where they are the candidate's", async () => {
  const stack = await WatchedStack.of("coinestate/production");
  const [now, good] = [10_000_020, world("good", stack)];
  const alarm = stack.alarm("api-rollback-unhealthy-targets");
  const groups = (alarm.resource.inputs.metricQueries as { metric?: { dimensions: { TargetGroup: string } } }[]).flatMap(
    ({ metric }) => metric?.dimensions.TargetGroup ?? [],
  );
  const { groups: names } = trafficNames(configOf("coinestate/production"), alarm.region, "api");
  expect(groups).toHaveLength(3);
  for (const group of groups) expect(group).toContain(`/${names.green}-`);
  const after = (minutes: number, failing: number) =>
    stack.states(
      (metric, from, to) => (metric.name === "UnHealthyHostCount" && from >= now - minutes * 60 ? failing : good(metric, from, to)),
      now,
    )[alarm.name];
  expect([after(2, 2), after(3, 2), after(5, 1)]).toEqual(["OK", "ALARM", "OK"]);
});

test("CoinEstate: each line of the table of promises is a trigger, and nobody from outside can force one", async () => {
  expect(triggersOf(await WatchedStack.of("coinestate/production"), "api")).toEqual([
    "api-latency-p95-p1",
    "api-rollback-error-rate",
    "api-rollback-latency",
    "api-rollback-unhealthy-targets",
    "app-homepage-p1",
    "app-transaction-confirmation-p1",
    "app-wallet-connection-p1",
  ]);
});

test("more than 1000 blocked requests a minute roll back where config says so, and are told in any case", async () => {
  const blocked = { "alarms.waf": { blockedPerMinute: { P1: 1000 } } };
  const told = await WatchedStack.of("clearhold/production", blocked);
  expect(told.alarm("waf-blocked-p1").resource.inputs).toMatchObject({ threshold: 1000, period: 60, evaluationPeriods: 1 });
  expect(triggersOf(told, "api")).not.toContain("waf-blocked-p1");
  const switched = await WatchedStack.of("clearhold/production", { ...blocked, "autoRollback.api.blockedRequests": true });
  expect(triggersOf(switched, "api")).toContain("waf-blocked-p1");
});

test("a candidate whose slow answers are twice as slow as the live colour's rolls back: not an hour that is slow for both, nor few requests", async () => {
  const stack = await WatchedStack.of("coinestate/production", { "autoRollback.api.tail": { statistic: "p99" } });
  const [now, good] = [10_000_020, world("good", stack)];
  const alarm = stack.alarm("api-rollback-tail");
  expect(alarm.resource.inputs).toMatchObject({ threshold: 200, evaluationPeriods: 5 });
  expect(triggersOf(stack, "api")).toContain("api-rollback-tail");
  const { groups } = trafficNames(configOf("coinestate/production"), alarm.region, "api");
  /** Seconds of each colour's p99, and requests of the candidate a minute. */
  const after = (blue: number, green: number, requests = 1000, minutes = 5) =>
    stack.states((metric, from, to) => {
      const group = String(metric.dimensions?.TargetGroup);
      const candidate = group.includes(`/${groups.green}-`);
      if (from < now - minutes * 60 || !(candidate || group.includes(`/${groups.blue}-`))) return good(metric, from, to);
      if (metric.name === "RequestCount") return candidate ? requests : 1000;
      return metric.statistic === "p99" ? (candidate ? green : blue) : good(metric, from, to);
    }, now)[alarm.name];
  expect([after(0.3, 0.7), after(0.3, 0.55), after(2, 2.2)]).toEqual(["ALARM", "OK", "OK"]);
  // Few requests, few minutes, a candidate that is fast enough, and one that is faster than the live colour.
  expect([after(0.3, 0.7, 3), after(0.3, 0.7, 1000, 4), after(0.05, 0.2), after(0.9, 0.3)]).toEqual(Array(4).fill("OK"));
});
