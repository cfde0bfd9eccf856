/** The simulated cloud's clock: what goes by it, and what a person is told. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { clockVariable, cloudTime } from "../../../infra/config/cloudTime.ts";
import { openAws } from "../../../ops/aws/open.ts";
import { duration } from "../../../ops/flags.ts";
import { UserError } from "../../../ops/userError.ts";
import { advance, reset, showClock } from "../../../rehearsal/sandbox/clock.ts";
import { timeIn } from "../../../sandbox/cloud/clock.ts";
import { openLiveStore } from "../../../sandbox/sandbox.ts";
import { configOf } from "../../harness/config.ts";

const hour = 3_600_000;
const account = "123456789012";
let folder = "";
const project = () => ({ folder, name: "shop", runtimeOptions: {} });
const sandbox = () => join(folder, ".slipway");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-clock-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

test("it runs with this machine's, goes ahead by what it is advanced by, and is kept until it is reset", () => {
  vi.useFakeTimers({ now: new Date("2027-03-01T12:00:00Z"), toFake: ["Date"] });
  expect(showClock(project())).toBe("It is 2027-03-01T12:00:00Z in the simulated cloud, as on this machine.");
  const before = openLiveStore(sandbox());
  expect(advance(project(), 24 * hour)).toBe("It is 2027-03-02T12:00:00Z in the simulated cloud, 1 d ahead of this machine.");
  expect(advance(project(), 1.5 * hour)).toContain("1 d 1 h 30 min ahead");
  vi.setSystemTime(new Date("2027-03-01T13:00:00Z"));
  // Whoever has the cloud open already sees it, too.
  expect(timeIn(before).toISOString()).toBe("2027-03-02T14:30:00.000Z");
  expect(reset(project())).toBe("It is 2027-03-01T13:00:00Z in the simulated cloud, as on this machine.");
  expect(openLiveStore(sandbox()).all()).toEqual([]);
});

test("it goes no farther than ten years", () => {
  advance(project(), 3_650 * 24 * hour);
  expect(() => advance(project(), hour)).toThrow(UserError);
  expect(() => advance(project(), hour)).toThrow("allowed are 3650 d. Nothing was changed.");
});

test.each(["24", "h", "", "-1h", "0h", "1.5h", "1h 30m", "3w"])("%j is no length of time", (text) => {
  expect(() => duration(text)).toThrow("such as 24h, 90m or 1d12h");
});

test("a length of time is of days, hours, minutes and seconds", () => {
  expect(["24h", "90m", "1d12h", "5s"].map(duration)).toEqual([24 * hour, 1.5 * hour, 36 * hour, 5000]);
});

describe("who goes by it", () => {
  const config = configOf("staging");
  const stackOf = (backend: Parameters<typeof openAws>[0]["backend"]) =>
    openAws({ project: project(), name: "staging", file: "", config, backend });

  test("commands on the simulated cloud, and its own stamps", async () => {
    advance(project(), 48 * hour);
    const aws = stackOf({ kind: "sandbox", folder: sandbox(), real: [] });
    const tomorrow = Date.now() + 47 * hour;
    expect(aws.now().getTime()).toBeGreaterThan(tomorrow);
    const ssm = await aws.client("ssm", "us-east-1");
    await ssm.putParameter({ Name: "/a", Value: "a", Type: "SecureString" });
    const { Parameters } = await ssm.describeParameters({ ParameterFilters: [{ Key: "Name", Option: "Equals", Values: ["/a"] }] });
    expect(Number(Parameters?.[0]?.LastModifiedDate)).toBeGreaterThan(tomorrow);
  });

  test("no command on a real cloud", () => {
    advance(project(), 48 * hour);
    for (const backend of [
      { kind: "shared", folder: sandbox(), url: "s3://states" } as const,
      { kind: "sandbox", folder: sandbox(), real: ["aws"] } as const,
    ])
      expect(Math.abs(stackOf(backend).now().getTime() - Date.now())).toBeLessThan(hour);
  });

  test("the program, where a command tells it", () => {
    expect(Math.abs(cloudTime().getTime() - Date.now())).toBeLessThan(hour);
    vi.stubEnv(clockVariable, String(48 * hour));
    expect(cloudTime().getTime() - Date.now()).toBeGreaterThan(47 * hour);
  });
});

test("an approval of a failover lapses by it", async () => {
  const { observed } = await import("../../../sandbox/aws/zone.ts");
  const store = openLiveStore(sandbox());
  const scope = `${account}/us-east-1`;
  const put = (type: string, id: string, properties: Record<string, unknown>) =>
    store.put({ type, id, scope, properties: properties as never, createdFor: "" });
  put("aws:cloudwatch/metricAlarm:MetricAlarm", "switch", { name: "switch", dimensions: { Switch: "approve" } });
  put("aws:scheduler/schedule:Schedule", "approve", {
    ...{ name: "approve", state: "ENABLED", endDate: new Date(Date.now() + 4 * hour).toISOString() },
  });
  const check = { type: "CLOUDWATCH_METRIC", cloudwatchAlarmName: "switch", cloudwatchAlarmRegion: "us-east-1" };
  put("aws:route53/healthCheck:HealthCheck", "check", check);
  expect(observed(store)("check")).toBe(false);
  advance(project(), 5 * hour);
  expect(observed(store)("check")).toBe(true);
});

test("a backup is kept as long as it was asked for, and a vault is locked for good, by it", async () => {
  const { Cloud } = await import("../../../sandbox/cloud/cloud.ts");
  const { aws: catalogue } = await import("../../../sandbox/cloud/aws/catalogue.ts");
  const { backUp, pointsIn } = await import("../../../sandbox/cloud/aws/backupJobs.ts");
  const store = openLiveStore(sandbox());
  const [cloud, place] = [new Cloud(catalogue, store), { account, region: "us-east-1" }];
  const make = (type: string, inputs: Parameters<typeof cloud.create>[0]["inputs"]) =>
    cloud.create({ type, urn: type, inputs, secrets: [] }, place);
  make("aws:backup/vault:Vault", { name: "vault" });
  const lockType = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
  const lock = make(lockType, { backupVaultName: "vault", changeableForDays: 3, minRetentionDays: 1 });
  const table = { name: "t", billingMode: "PAY_PER_REQUEST", hashKey: "id", attributes: [{ name: "id", type: "S" }] };
  const { arn } = make("aws:dynamodb/table:Table", table).properties;
  const wanted = { place, vaultName: "vault", resourceArn: String(arn), resourceType: "DynamoDB", deleteAfterDays: 35, tags: {} };
  expect(backUp(store, { ...wanted, at: timeIn(store) }).state).toBe("COMPLETED");
  advance(project(), 34 * 24 * hour);
  expect(pointsIn(store, "vault", place)).toHaveLength(1);
  expect(() => cloud.delete(lockType, lock.id, lock.properties, place)).toThrow("immutable since");
  advance(project(), 2 * 24 * hour);
  expect(pointsIn(store, "vault", place)).toEqual([]);
});
