/** Route 53's rules by themselves: what a record is answered with, and what a check says. */
import { describe, expect, test } from "vitest";
import { answerOf, isHealthy, regionIn, type ZoneRecord } from "../../../sandbox/aws/resolver.ts";

const alias = (name: string, evaluateTargetHealth = false) => ({ alias: { name, evaluateTargetHealth } });
const leaf = (id: string) => ({ id });
const up =
  (...ids: string[]) =>
  (id: string) =>
    ids.includes(id);

describe("a pair of records", () => {
  const pair = (primary: Partial<ZoneRecord>, secondary: Partial<ZoneRecord>) => ({
    records: [
      { name: "x.io", failover: "PRIMARY" as const, ...alias("a"), ...primary },
      { name: "x.io", failover: "SECONDARY" as const, ...alias("b"), ...secondary },
    ],
    checks: [leaf("p"), leaf("s")],
  });

  test.each([
    ["PRIMARY without a check never fails over", pair({}, {}), [], "a"],
    ["PRIMARY that is healthy", pair({ healthCheckId: "p" }, {}), ["p"], "a"],
    ["SECONDARY without a check is always answered once PRIMARY is down", pair({ healthCheckId: "p" }, {}), [], "b"],
    ["SECONDARY that is healthy", pair({ healthCheckId: "p" }, { healthCheckId: "s" }), ["s"], "b"],
    ["SECONDARY that is unhealthy too: PRIMARY again", pair({ healthCheckId: "p" }, { healthCheckId: "s" }), [], "a"],
  ] as const)("%s", (_, zone, healthy, answer) => expect(answerOf(zone, "x.io.", up(...healthy))).toBe(answer));

  test("an alias that is looked behind is healthy when one record there is", () => {
    const zone = {
      records: [
        { name: "x.io", failover: "PRIMARY" as const, ...alias("below.x.io", true) },
        { name: "x.io", failover: "SECONDARY" as const, ...alias("b") },
        { name: "below.x.io", failover: "PRIMARY" as const, healthCheckId: "p", ...alias("c") },
        { name: "below.x.io", failover: "SECONDARY" as const, healthCheckId: "s", ...alias("d") },
      ],
      checks: [leaf("p"), leaf("s")],
    };
    expect(answerOf(zone, "x.io", up("p"))).toBe("c");
    expect(answerOf(zone, "x.io", up("s"))).toBe("d");
    expect(answerOf(zone, "x.io", up())).toBe("b");
    expect(answerOf(zone, "y.io", up())).toBeUndefined();
  });
});

describe("a check", () => {
  const children = ["a", "b", "c"];
  const of = (threshold: number, more = {}) => ({
    checks: [...children.map(leaf), { id: "all", calculated: { children, threshold }, ...more }],
  });

  test.each([
    ["threshold 0 is always healthy", of(0), [], true],
    ["threshold above the children never is", of(4), children, false],
    ["as many as the threshold", of(2), ["a", "c"], true],
    ["fewer than the threshold", of(2), ["b"], false],
    ["inverted", of(2, { inverted: true }), ["b"], true],
    ["disabled counts as healthy", of(2, { disabled: true }), [], true],
    ["disabled and inverted counts as down", of(2, { disabled: true, inverted: true }), children, false],
  ] as const)("%s", (_, model, healthy, status) => expect(isHealthy(model, "all", up(...healthy))).toBe(status));

  test("one that is not there is an error", () => expect(() => isHealthy({ checks: [] }, "x", up())).toThrow("no health check x"));
});

test("a load balancer's name tells its region", () => {
  expect(regionIn("use1-alb-1234567890.us-east-1.elb.amazonaws.com")).toBe("us-east-1");
  expect(regionIn("dualstack.alb-1.ap-southeast-1.elb.amazonaws.com.")).toBe("ap-southeast-1");
  expect(regionIn("coinestate.io")).toBeUndefined();
});
