/** Laws that every alarm of every shipped stack keeps, read off the graphs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { descriptionLimit } from "../../../components/alarms/contract.ts";
import { WatchedStack, watchedStacks, world } from "../../harness/watchedStack.ts";

const runbooks = join(import.meta.dirname, "..", "..", "..", "docs", "runbooks");

/** What each alarm's silence says: what counts something is silent when there is nothing, what always reports is not. */
const reportsAlways = /^AWS\/(RDS (?!EBS|MaximumUsed)|DocDB |ApplicationELB HealthyHostCount|Route53 )/;

describe.each(watchedStacks)("%s", (name) => {
  let stack: WatchedStack;
  beforeAll(async () => {
    stack = await WatchedStack.of(name);
  });

  test("every alarm reaches somebody, by a topic of its own region", () => {
    const reached = new Set<string>();
    for (const alarm of stack.alarms) {
      for (const topic of stack.topicsOf(alarm, "alarmActions")) {
        expect(topic.region, alarm.key).toBe(alarm.region);
        reached.add(alarm.name);
      }
    }
    for (const { rule = "", name: composite } of stack.compositeAlarms)
      if (reached.has(composite)) for (const [, child = ""] of rule.matchAll(/(?<!NOT )ALARM\("([^"]+)"\)/g)) reached.add(child);
    const suppressors = stack.alarms.filter(({ key }) => key.startsWith("needs-of-"));
    expect(stack.alarms.length).toBeGreaterThan(20);
    expect(stack.alarms.filter(({ name: alarm }) => !reached.has(alarm))).toEqual(suppressors);
  });

  test("every topic that an alarm names has a subscriber", () => {
    const topics = new Set(stack.alarms.flatMap((alarm) => stack.topicsOf(alarm, "alarmActions").map(({ urn }) => urn)));
    expect(topics.size).toBeGreaterThan(0);
    for (const topic of topics) expect(stack.subscribersOf(topic), topic).toBeGreaterThan(0);
  });

  test("every alarm says what is wrong and names a runbook that is there", () => {
    for (const { key, resource } of stack.alarms) {
      const text = String(resource.inputs.alarmDescription);
      const named = [...text.matchAll(/^Runbook: https:\/\/\S+\/docs\/runbooks\/([a-z0-9-]+)\.md$/gm)].map(([, page = ""]) => page);
      expect(named.length, key).toBeGreaterThan(0);
      for (const page of named) expect(existsSync(join(runbooks, `${page}.md`)), `${key}: ${page}`).toBe(true);
      expect(text.length, key).toBeLessThanOrEqual(descriptionLimit);
      expect(text.split("\n")[1], key).toMatch(/^\S.{8,300}$/);
    }
  });

  test("silence is decided for each: what always reports is bad when silent, what counts is not", () => {
    for (const { key, resource } of stack.metricAlarms) {
      const { treatMissingData, namespace, metricName, metricQueries, alarmActions, insufficientDataActions } = resource.inputs;
      if (treatMissingData === "missing") expect(insufficientDataActions, key).toEqual(alarmActions);
      else expect(["breaching", "notBreaching", "ignore"], key).toContain(treatMissingData);
      const queries = (metricQueries ?? []) as { metric?: { namespace: string; metricName: string } }[];
      const names =
        metricName === undefined
          ? queries.flatMap(({ metric }) => (metric === undefined ? [] : [`${metric.namespace} ${metric.metricName}`]))
          : [`${String(namespace)} ${String(metricName)}`];
      // A candidate without tasks reports nothing, and has nothing to be rolled back.
      if (key.endsWith("-rollback-unhealthy-targets")) expect(treatMissingData, key).toBe("notBreaching");
      else if (names.some((metric) => reportsAlways.test(metric))) expect(treatMissingData, key).toBe("breaching");
      else if (names.every((metric) => metric.startsWith("AWS/DynamoDB"))) expect(treatMissingData, key).toBe("ignore");
    }
  });

  test("P0 and P1 say when it is over", () => {
    const told = stack.alarms.filter((alarm) => alarm.severity <= "P1" && stack.topicsOf(alarm, "alarmActions").length > 0);
    expect(told.length).toBeGreaterThan(3);
    for (const alarm of told) {
      // A cause is told at P2 and does not page.
      const own = stack.topicsOf(alarm, "alarmActions").map(({ urn }) => urn);
      const pages = alarm.rule !== undefined || own.some((urn) => /-P[01]$/.test(urn));
      if (pages)
        expect(
          stack.topicsOf(alarm, "okActions").map(({ urn }) => urn),
          alarm.key,
        ).toEqual(own);
    }
  });

  test("names are unique, start with stack and region, and fit", () => {
    const places = stack.alarms.map((alarm) => `${alarm.region} ${alarm.name}`);
    expect(new Set(places).size).toBe(places.length);
    for (const alarm of stack.alarms) {
      expect(alarm.name.length).toBeLessThanOrEqual(255);
      expect(alarm.key, alarm.name).not.toBe("");
    }
  });

  test("periods and windows are within CloudWatch's limits", () => {
    for (const { key, resource } of stack.metricAlarms) {
      const { period, evaluationPeriods, datapointsToAlarm, metricQueries } = resource.inputs;
      const queries = (metricQueries ?? []) as { metric?: { period: number } }[];
      const periods = period === undefined ? queries.flatMap(({ metric }) => metric?.period ?? []) : [Number(period)];
      expect(new Set(periods).size, key).toBe(1);
      for (const seconds of periods) {
        expect(seconds % 60, key).toBe(0);
        expect(seconds * Number(evaluationPeriods), key).toBeLessThanOrEqual(seconds < 3600 ? 86_400 : 604_800);
      }
      expect(Number(datapointsToAlarm), key).toBeLessThanOrEqual(Number(evaluationPeriods));
    }
  });

  test("a good day fires nothing, a bad one fires every alarm", () => {
    const good = stack.states(world("good", stack));
    expect(Object.entries(good).filter(([, state]) => state !== "OK")).toEqual([]);
    const bad = stack.states(world("bad", stack));
    const quiet = Object.entries(bad).flatMap(([alarm, state]) => (state === "ALARM" ? [] : [alarm]));
    // A P1 page is silent while the P0 page of the same subject says it louder; a store that reports is not silent, and what waits for that does not.
    expect(quiet.filter((alarm) => !/-p1$/.test(alarm) && !/-(?:db|cache)-.*-(?:silent|p0)$|-needs-of-api$/.test(alarm))).toEqual([]);
    for (const alarm of quiet.filter((candidate) => /-p1$/.test(candidate))) expect(bad[alarm.replace(/1$/, "0")], alarm).toBe("ALARM");
  });

  test("silence of everything fires exactly what must not be silent", () => {
    const silent = stack.states(() => undefined);
    const expected = stack.metricAlarms.filter(({ resource }) => resource.inputs.treatMissingData === "breaching").map(({ name }) => name);
    const firing = stack.metricAlarms.filter(({ name }) => silent[name] === "ALARM").map(({ name }) => name);
    // FILL gives a healthy-target alarm its zeros, so that it fires by its own line.
    expect(firing.sort()).toEqual(expected.filter((alarm) => !alarm.endsWith("-few-healthy-targets")).sort());
  });

  test("causes never page: their own topic is P2's or lower", () => {
    const causes = stack.metricAlarms.filter(({ key }) => /-(?:cpu|memory|connections|slow-statements|evictions)-p\d$/.test(key));
    expect(causes.length).toBeGreaterThan(0);
    for (const cause of causes) for (const { urn } of stack.topicsOf(cause, "alarmActions")) expect(urn, cause.key).toMatch(/-P[23]$/);
  });
});

test("every runbook is a page with the five headings, and its links lead somewhere", () => {
  const pages = readdirSync(runbooks).filter((page) => page !== "README.md");
  expect(pages.length).toBeGreaterThan(20);
  for (const page of pages) {
    const text = readFileSync(join(runbooks, page), "utf8");
    expect(
      [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading),
      page,
    ).toEqual(["What you see", "What users see", "First five minutes", "Decide", "Afterwards"]);
    for (const [, target = ""] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g))
      if (!target.startsWith("http")) expect(existsSync(join(runbooks, target)), `${page}: ${target}`).toBe(true);
  }
});
