/** A stack with as many services as one load balancer takes: every page has a rule that CloudWatch takes, and means the same. */
import { beforeAll, describe, expect, test } from "vitest";
import { composedPages } from "../../../components/alarms/alarmGroups.ts";
import { type Page, ruleOf } from "../../../components/alarms/pages.ts";
import { compositeState } from "../../../sandbox/cloudWatch/evaluator.ts";
import type { AlarmState } from "../../../sandbox/events/alarmState.ts";
import { type Edits, rawConfig } from "../../harness/config.ts";
import { WatchedStack, world } from "../../harness/watchedStack.ts";

const runbookBase = "https://github.com/deedpro/infrastructure/blob/main/docs/runbooks";
const names = (rule: string) => [...rule.matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name = ""]) => name);

/** DeedPro (one PostgreSQL, one cache) with copies of its service and the default thresholds, and without dashboards of them all. */
function services(count: number): Edits {
  const { services: shipped } = rawConfig("deedpro/production") as { services: { api: Record<string, unknown> } };
  const { api } = shipped;
  const copies = Array.from({ length: count - 1 }, (_, index) => [
    `copy-${index}`,
    { ...api, connects: undefined, route: { ...(api.route as object), paths: [`/copy-${index}/*`], priority: 200 + index } },
  ]);
  return { services: { api, ...Object.fromEntries(copies) }, alarms: { runbookBase }, "dashboards.enabled": false };
}

const composites = async (count: number) => (await WatchedStack.of("deedpro/production", services(count))).compositeAlarms;

describe("33 services", () => {
  let stack: WatchedStack;
  beforeAll(async () => {
    stack = await WatchedStack.of("deedpro/production", services(33));
  }, 60_000);

  test("every rule is within CloudWatch's limits, and names what is there", () => {
    const known = new Set(stack.alarms.map(({ name }) => name));
    expect(stack.compositeAlarms.length).toBeGreaterThan(33);
    for (const { key, rule = "" } of stack.compositeAlarms) {
      expect(names(rule).length, key).toBeLessThanOrEqual(100);
      expect(rule.length, key).toBeLessThanOrEqual(10_240);
      for (const name of names(rule)) expect(known, key).toContain(name);
    }
  });

  test("groups tell nobody and are made after what they name", () => {
    const groups = stack.compositeAlarms.filter(({ resource }) => resource.inputs.alarmActions === undefined);
    expect(groups.map(({ key }) => key)).toContain("symptoms-copy");
    for (const { key, rule = "", resource } of groups) expect(resource.dependsOn.length, key).toBe(names(rule).length);
  });

  test("a good day fires no page, a bad one fires them all", () => {
    const good = stack.states(world("good", stack));
    expect(Object.entries(good).filter(([, state]) => state !== "OK")).toEqual([]);
    const bad = stack.states(world("bad", stack));
    const quiet = stack.compositeAlarms.filter(({ name }) => bad[name] !== "ALARM").map(({ key }) => key);
    // P1 is silent where P0 says it; a cache that reports is not silent, and what waits for that does not.
    expect(quiet.filter((key) => !key.endsWith("-p1")).sort()).toEqual(["cache-sessions-p0", "needs-of-api"]);
    expect(bad[stack.alarm("saturated-p1").name]).toBe("ALARM");
  });
});

test("a stack whose rules fit has no groups, and another service moves no name", async () => {
  const keys = async (count: number) => (await composites(count)).map(({ key }) => key);
  const [few, some] = [await keys(3), await keys(4)];
  expect(few.filter((key) => key.startsWith("symptoms") || key.startsWith("causes"))).toEqual([]);
  expect(few.filter((key) => !some.includes(key))).toEqual([]);
  const [many, more] = [await keys(32), await keys(33)];
  expect(many.filter((key) => !more.includes(key))).toEqual([]);
  expect(few.filter((key) => !more.includes(key))).toEqual([]);
}, 60_000);

describe("groups", () => {
  const subjects = ["api", "web-shop", "web-desk", "db-main", "db-audit", "cache"];
  const key = (kind: string, index: number) => `${subjects[index % 6]}-${kind}-${"abcdef"[Math.floor(index / 6) % 6]}-${index}`;
  const page = (causes: number, symptoms: number): Page => ({
    ...{ key: "saturated-p1", severity: "P1", about: "saturated", summary: "s", likely: ["l"], runbooks: ["task-resources"] },
    ...{ dashboard: "region", hosts: [], follows: [], heldBackBy: [] },
    ...{ groupedAs: { anyOf: "causes-p1", andAnyOf: "symptoms" } },
    anyOf: Array.from({ length: causes }, (_, index) => key("cpu", index)),
    andAnyOf: Array.from({ length: symptoms }, (_, index) => key("errors", index)),
  });
  const atMost = (limit: number) => (keys: readonly string[]) => keys.length <= limit;

  /** State of the page when these alarms fire. */
  const state = (made: ReturnType<typeof composedPages>, firing: readonly string[]): AlarmState => {
    const rules = new Map([...made.groups, ...made.pages].map((each) => [each.key, ruleOf(each, (name) => name)]));
    const stateOf = (name: string): AlarmState => {
      const rule = rules.get(name);
      return rule === undefined ? (firing.includes(name) ? "ALARM" : "OK") : compositeState(rule, stateOf);
    };
    return stateOf("saturated-p1");
  };

  test.each([
    [3, 5, 10],
    [3, 30, 10],
    [30, 30, 10],
    [40, 40, 6],
    [60, 3, 6],
  ])("%i causes and %i symptoms in rules of at most %i mean what they mean in one", (causes, symptoms, limit) => {
    const wanted = page(causes, symptoms);
    const made = composedPages([wanted], atMost(limit));
    for (const { anyOf, andAnyOf = [] } of [...made.groups, ...made.pages].map(
      (each): Partial<Page> & { anyOf: readonly string[] } => each,
    ))
      expect(anyOf.length + andAnyOf.length).toBeLessThanOrEqual(limit);
    for (const cause of wanted.anyOf) {
      expect(state(made, [cause])).toBe("OK");
      expect(state(made, [cause, wanted.andAnyOf?.at(-1) ?? ""])).toBe("ALARM");
    }
    for (const symptom of wanted.andAnyOf ?? []) {
      expect(state(made, [symptom])).toBe("OK");
      expect(state(made, [symptom, wanted.anyOf[0] ?? ""])).toBe("ALARM");
    }
  });

  test("a page that fits stays as it is", () => {
    expect(composedPages([page(3, 5)], atMost(8))).toEqual({ pages: [page(3, 5)], groups: [] });
  });
});
