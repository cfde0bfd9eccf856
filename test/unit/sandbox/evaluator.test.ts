/** The sandbox's reading of metric math, of missing data and of composite rules. */
import { describe, expect, test } from "vitest";
import { compositeState, metricAlarm } from "../../../sandbox/cloudWatch/evaluator.ts";
import { metricMath } from "../../../sandbox/cloudWatch/expression.ts";

test.each<[string, number | undefined]>([
  ["1+2*3", 7],
  ["(1+2)*3", 9],
  ["10-4-3", 3],
  ["100*a/b", 50],
  ["a/0", undefined],
  ["absent+1", undefined],
  ["FILL(absent,0)+1", 1],
  ["IF(a>=2,1,0)", 1],
  ["IF(a>2,1,0)", 0],
  ["IF(absent>2,1,0)", undefined],
  ["IF(b>0,100*FILL(absent,0)/b,0)", 0],
  ["MAX([a,b,absent])", 4],
  ["MIN([a,b])", 2],
  ["MAX([IF(FILL(a,0)>=20,a,0),IF(FILL(b,0)>=1,b,0)])", 4],
])("%s is %s", (text, expected) => {
  const values: Readonly<Record<string, number>> = { a: 2, b: 4 };
  expect(metricMath(text)((id) => values[id])).toBe(expected);
});

test.each(["1+", "MAX(a)", "SEARCH('x')", "a b", "(a"])("%s cannot be read", (text) => expect(() => metricMath(text)).toThrow());

describe("missing data", () => {
  const alarm = (treatMissingData: string) =>
    metricAlarm({
      ...{ namespace: "N", metricName: "M", statistic: "Sum", period: 60, evaluationPeriods: 3, datapointsToAlarm: 2, threshold: 0 },
      ...{ comparisonOperator: "GreaterThanThreshold", treatMissingData },
    });
  test.each([
    ["breaching", "ALARM"],
    ["notBreaching", "OK"],
    ["missing", "INSUFFICIENT_DATA"],
    ["ignore", "ALARM"],
  ])("%s: silence is %s after an alarm", (choice, state) => expect(alarm(choice).stateAt(600, () => undefined, "ALARM")).toBe(state));

  test("two of three bad datapoints fire, one does not", () => {
    const of = (bad: readonly number[]) => alarm("notBreaching").stateAt(600, (_, from) => (bad.includes(from) ? 1 : undefined));
    expect([of([540, 480]), of([420, 540]), of([540]), of([360, 300])]).toEqual(["ALARM", "ALARM", "OK", "OK"]);
  });

  test("periods slide by the minute", () => {
    const hourly = metricAlarm({
      ...{ namespace: "N", metricName: "M", statistic: "Sum", period: 3600, evaluationPeriods: 1, threshold: 0 },
      ...{ comparisonOperator: "GreaterThanThreshold", treatMissingData: "notBreaching" },
    });
    const asked: number[][] = [];
    hourly.stateAt(36_125, (_, from, to) => {
      asked.push([from, to]);
      return 0;
    });
    expect(asked).toEqual([[32_520, 36_120]]);
  });
});

test.each([
  ['ALARM("a")', "ALARM"],
  ['ALARM("b")', "OK"],
  ['ALARM("a") AND ALARM("b")', "OK"],
  ['(ALARM("a") OR ALARM("b")) AND NOT ALARM("b")', "ALARM"],
  ['ALARM("a") AND (ALARM("b") OR ALARM("a"))', "ALARM"],
])("%s is %s", (rule, expected) => expect(compositeState(rule, (name) => (name === "a" ? "ALARM" : "OK"))).toBe(expected));
