/** Error budgets: the numbers against an independent table, and thirty days minute by minute. */
import { beforeAll, describe, expect, test } from "vitest";
import { burnRate, burnThreshold, burnWindows } from "../../../components/alarms/burnRate.ts";
import { compositeState, type MetricAlarmEvaluator, type MetricSource, metricAlarm } from "../../../sandbox/cloudWatch/evaluator.ts";
import { WatchedStack } from "../../harness/watchedStack.ts";

test("windows, rates and lines are those of the SRE Workbook for 99.9 % in 30 days", () => {
  const table = burnWindows.map((window) => [
    window.severity,
    `${window.longHours} h`,
    `${window.shortMinutes} min`,
    burnRate(window, 30),
    burnThreshold(window, { objectivePercent: 99.9, windowDays: 30 }),
  ]);
  const expected = [
    ["P0", "1 h", "5 min", 14.4, 1.44],
    ["P1", "6 h", "30 min", 6, 0.6],
    ["P2", "24 h", "120 min", 3, 0.3],
    ["P3", "72 h", "360 min", 1, 0.1],
  ];
  for (const [index, row] of expected.entries())
    for (const [column, value] of row.entries()) {
      if (typeof value === "number") expect(table[index]![column]).toBeCloseTo(value, 9);
      else expect(table[index]![column]).toBe(value);
    }
});

test.each(burnWindows)("at its line, the long window of $severity spends $budgetPercent % of the budget", (window) => {
  for (const objectivePercent of [99, 99.5, 99.9, 99.95])
    for (const windowDays of [7, 28, 30]) {
      const errorShare = burnThreshold(window, { objectivePercent, windowDays }) / 100;
      const spent = (errorShare * window.longHours) / ((1 - objectivePercent / 100) * windowDays * 24);
      expect(spent * 100).toBeCloseTo(window.budgetPercent, 6);
    }
});

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** What goes wrong in the thirty days: from, to, share of requests that fail. Everything else is served. */
const faults: readonly (readonly [from: number, to: number, share: number])[] = [
  [2 * day + 10 * hour, 2 * day + 10 * hour + 30 * minute, 1], // down for half an hour
  [6 * day, 6 * day + 4.5 * hour, 0.01], // 1 % for four and a half hours
  [11 * day, 11 * day + 22 * hour, 0.004], // 0.4 % for 22 hours
  [15 * day, 19 * day, 0.0015], // 0.15 % for four days
  [22 * day + 3 * hour, 22 * day + 3 * hour + 4 * minute, 0.2], // a blip of four minutes
];

/** A quiet night: three requests a minute, of which one fails in every hour. */
const quiet = [25 * day, 25 * day + 6 * hour] as const;

function minuteOf(at: number): { requests: number; failed: number } {
  if (at >= quiet[0] && at < quiet[1]) return { requests: 3, failed: at % hour === 0 ? 1 : 0 };
  const share = faults.find(([from, to]) => at >= from && at < to)?.[2] ?? 0;
  return { requests: 6000, failed: 6000 * share };
}

/** Sums over the thirty days, so that a window of any length is one subtraction. */
function trafficSource(): MetricSource {
  const sums = { requests: [0], failed: [0] };
  for (let at = 0; at < 30 * day; at += minute) {
    const { requests, failed } = minuteOf(at);
    sums.requests.push(sums.requests.at(-1)! + requests);
    sums.failed.push(sums.failed.at(-1)! + failed);
  }
  return ({ name }, from, to) => {
    if (from < 0) return undefined;
    const of = name === "RequestCount" ? sums.requests : name === "HTTPCode_Target_5XX_Count" ? sums.failed : undefined;
    const sum = of === undefined ? 0 : of[to / minute]! - of[from / minute]!;
    // Counts are reported only where there is something to count.
    return sum === 0 && name !== "RequestCount" ? undefined : sum;
  };
}

describe("thirty days of a promise of 99.9 %", () => {
  /** Seconds between which each page is in alarm. */
  const spans: Record<string, [number, number][]> = {};
  beforeAll(async () => {
    const stack = await WatchedStack.of("clearhold/production");
    const source = trafficSource();
    const windows = new Map<string, MetricAlarmEvaluator>(
      stack.metricAlarms.filter(({ key }) => key.startsWith("slo-")).map(({ name, resource }) => [name, metricAlarm(resource.inputs)]),
    );
    const promises = stack.compositeAlarms.filter(({ key }) => key.startsWith("slo-"));
    expect([windows.size, promises.length]).toEqual([8, 4]);
    for (let now = minute; now <= 30 * day; now += minute) {
      for (const { key, rule = "" } of promises) {
        const state = compositeState(rule, (name) => windows.get(name)!.stateAt(now, source));
        if (state !== "ALARM") continue;
        spans[key] ??= [];
        const last = spans[key].at(-1);
        if (last !== undefined && now - last[1] <= 10 * minute) last[1] = now;
        else spans[key].push([now, now]);
      }
    }
  }, 120_000);

  /** Pages of a severity: minutes after the given fault began at which it fired and at which it was over, one pair a span. */
  const told = (severity: string) =>
    (spans[`slo-availability-${severity}`] ?? []).map(([from, to]) => {
      const fault = faults.findLastIndex(([began]) => began <= from);
      const began = faults[fault]?.[0] ?? 0;
      return { fault, afterMinutes: (from - began) / minute, overAfterMinutes: (to - began) / minute };
    });

  test("P0: the outage within a minute, over when the five minutes after it are clean; nothing else", () => {
    // 1.44 % of an hour are 52 seconds of outage.
    expect(told("p0")).toEqual([{ fault: 0, afterMinutes: 1, overAfterMinutes: 34 }]);
  });

  test("P1: the outage, and 1 % of errors once they are 0.6 % of six hours", () => {
    const [outage, slow, ...more] = told("p1");
    expect(outage).toMatchObject({ fault: 0, afterMinutes: 3 }); // 0.6 % of six hours are 2.2 minutes
    expect(slow).toMatchObject({ fault: 1, afterMinutes: 3.6 * 60 + 1 });
    expect(slow!.overAfterMinutes).toBeLessThan(4.5 * 60 + 30);
    expect(more).toEqual([]);
  });

  test("P2: the outage, and 0.4 % of errors once they are 0.3 % of a day", () => {
    const [outage, slow, ...more] = told("p2");
    expect(outage).toMatchObject({ fault: 0, afterMinutes: 5 }); // 0.3 % of a day are 4.3 minutes
    expect(slow).toMatchObject({ fault: 2, afterMinutes: 18 * 60 + 1 });
    expect(more).toEqual([]);
  });

  test("P3: 0.15 % of errors on the third day, each day counted by itself and once an hour; over with the six hours after it", () => {
    // The first of the three days is above 0.1 % after 16 hours; 64 hours, and the next full hour.
    expect(told("p3")).toEqual([{ fault: 3, afterMinutes: 65 * 60, overAfterMinutes: expect.closeTo(98 * 60, -1) as number }]);
  });

  test("a blip of four minutes and a quiet night with a failure an hour tell nobody", () => {
    const firing = Object.values(spans).flat();
    const touches = (from: number, to: number) => firing.filter(([first, last]) => first < to && last >= from);
    expect(firing.length).toBeGreaterThan(0);
    expect(touches(22 * day, 23 * day)).toEqual([]);
    expect(touches(quiet[0], quiet[1] + day)).toEqual([]);
  });
});
