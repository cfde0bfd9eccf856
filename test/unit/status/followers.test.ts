/** Which alarms have a cause of their own, and which only follow from another. */
import { expect, test } from "vitest";
import { causeOf, type Followed } from "../../../ops/status/followers.ts";
import { configOf } from "../../harness/config.ts";

const config = configOf("coinestate/production"); // api uses the database main and the cache sessions
const uses = config.services.api!.connects;
const alarm = (key: string, severity: string, rule?: string, region = "us-east-1"): Followed => ({
  ...{ name: `x-${key}`, key, region, severity },
  ...(rule === undefined ? {} : { rule }),
});
const causes = (...all: Followed[]) => Object.fromEntries(all.map((one) => [one.key, causeOf(one, all, config)]));

const database = alarm("db-main-silent", "P0");
const errors = alarm("api-error-rate-p1", "P1");
const page = (key: string, severity: string, ...of: Followed[]) =>
  alarm(key, severity, of.map(({ name }) => `ALARM("${name}")`).join(" OR "));

test("the stack of this test uses what the test says", () => {
  expect(uses).toMatchObject({ databases: ["main"] });
});

test("a dead database is the cause of who uses it, and of the pages of both", () => {
  expect(causes(database, errors, page("db-main-p0", "P0", database), page("api-p1", "P1", errors))).toEqual({
    "db-main-silent": undefined,
    "api-error-rate-p1": "x-db-main-silent",
    "db-main-p0": "x-db-main-silent",
    "api-p1": "x-db-main-silent",
  });
});

test("a database that is only short of something explains nothing, nor one in another region, nor one that the service does not use", () => {
  const of = (...others: Followed[]) => causes(errors, ...others)["api-error-rate-p1"];
  expect(of(alarm("db-main-cpu", "P2"))).toBeUndefined();
  expect(of(alarm("db-main-silent", "P0", undefined, "eu-west-1"))).toBeUndefined();
  expect(of(alarm("db-ledger-silent", "P0"))).toBeUndefined();
  expect(of(database)).toBe("x-db-main-silent");
});

test("a page with a quiet rule, or whose alarms have no other cause, follows the gravest of its own", () => {
  const slow = alarm("api-latency-p95-p1", "P1");
  const down = alarm("api-no-healthy-targets", "P0");
  expect(causes(slow, down, page("api-p0", "P0", slow, down))["api-p0"]).toBe("x-api-no-healthy-targets");
  expect(causes(page("api-p0", "P0", down))["api-p0"]).toBeUndefined();
});
