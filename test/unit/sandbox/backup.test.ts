/** Simulated AWS Backup: what it refuses, what fails as a job, and what comes back. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backUp, pointsIn, resourceAt, restore, restoreToMoment } from "../../../sandbox/cloud/aws/backupJobs.ts";
import { aws } from "../../../sandbox/cloud/aws/catalogue.ts";
import { loseRecords, loseVolume, recordsAt, type Write, write, writesOf } from "../../../sandbox/cloud/aws/records.ts";
import { restoreSeconds } from "../../../sandbox/cloud/aws/restoreDurations.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";
import { fc } from "../../harness/campaign.ts";

const place = { account: "123456789012", region: "us-east-1" };
const key = "arn:aws:kms:us-east-1:123456789012:key/1";
const role = "arn:aws:iam::123456789012:role/backup";
const instance = "aws:rds/instance:Instance";

let folder: string;
let cloud: Cloud;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-backup-"));
  cloud = new Cloud(aws, new LiveStore(folder), new Set([key, role]));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const create = (type: string, inputs: Properties) => cloud.create({ type: `aws:${type}`, urn: `urn::${type}`, inputs, secrets: [] }, place);
const remove = (type: string, id: string) => cloud.delete(`aws:${type}`, id, {}, place);

const vault = (more: Properties = {}) => create("backup/vault:Vault", { name: "main", kmsKeyArn: key, ...more });
const lock = (more: Properties) => create("backup/vaultLockConfiguration:VaultLockConfiguration", { backupVaultName: "main", ...more });
const plan = (rule: Properties) =>
  create("backup/plan:Plan", { name: "p", rules: [{ ruleName: "daily", targetVaultName: "main", ...rule }] });
const testPlan = (more: Properties, selection: Properties = {}) =>
  create("backup/restoreTestingPlan:RestoreTestingPlan", {
    ...{ name: "monthly", scheduleExpression: "cron(0 9 2 * ? *)" },
    recoveryPointSelection: { algorithm: "RANDOM_WITHIN_WINDOW", includeVaults: ["*"], recoveryPointTypes: ["SNAPSHOT"], ...selection },
    ...more,
  });

function database(): string {
  const arn = "arn:aws:rds:us-east-1:123456789012:db:main";
  const properties = { arn, identifier: "main", backupRetentionPeriod: 7, allocatedStorage: 100 };
  cloud.store.put({ type: instance, id: "db-1", scope: "123456789012/us-east-1", properties, createdFor: "urn" });
  return arn;
}

const day = (hour: number, minute = 0) => new Date(Date.UTC(2027, 0, 1, hour, minute));
const request = (resourceArn: string, deleteAfterDays: number) => ({
  ...{ place, vaultName: "main", resourceArn, resourceType: "RDS", deleteAfterDays, tags: {}, at: day(12) },
});

describe("what AWS refuses", () => {
  test.each<[string, () => unknown, RegExp]>([
    ["a vault's name", () => vault({ name: "with.dot" }), /Invalid vault name/],
    ["a second vault of the name", () => [vault(), vault()], /AlreadyExistsException/],
    ["a lock without a vault", () => lock({ minRetentionDays: 7 }), /Backup vault main not found/],
    ["a lock below a day", () => [vault(), lock({ minRetentionDays: 0 })], /at least 1/],
    ["a lock above 36500 days", () => [vault(), lock({ maxRetentionDays: 36_501 })], /at most 36500/],
    ["a lock upside down", () => [vault(), lock({ minRetentionDays: 30, maxRetentionDays: 7 })], /cannot be more than/],
    ["two days of grace", () => [vault(), lock({ changeableForDays: 2 })], /from 3 to 36500/],
    ["a rule's name", () => [vault(), plan({ ruleName: "a b" })], /Invalid rule name/],
    ["five fields of cron", () => [vault(), plan({ schedule: "cron(0 7 * * ?)" })], /six fields/],
    ["a start window of 59 minutes", () => [vault(), plan({ startWindow: 59 })], /at least 60 minutes/],
    ["a completion window of 119 minutes", () => [vault(), plan({ startWindow: 60, completionWindow: 119 })], /60 minutes longer/],
    ["cold storage for 89 days", () => [vault(), plan({ lifecycle: { coldStorageAfter: 30, deleteAfter: 119 } })], /90 days apart/],
    ["a plan into no vault", () => plan({}), /Backup vault main not found/],
    ["a hyphen in a restore test", () => testPlan({ name: "my-test" }), /Invalid restore testing plan name/],
    ["a window of a week and an hour", () => testPlan({ startWindowHours: 169 }), /from 1 to 168/],
    ["a selection of 366 days", () => testPlan({}, { selectionWindowDays: 366 }), /from 1 to 365/],
    ["an unknown algorithm", () => testPlan({}, { algorithm: "LATEST" }), /LATEST_WITHIN_WINDOW/],
    [
      "a test of a cache",
      () => {
        testPlan({});
        create("backup/restoreTestingSelection:RestoreTestingSelection", {
          ...{ name: "cache", restoreTestingPlanName: "monthly", protectedResourceType: "ElastiCache", iamRoleArn: role },
        });
      },
      /does not support ElastiCache/,
    ],
  ])("%s", (_, attempt, words) => expect(attempt).toThrow(words));

  test("a plan whose selections are still there", () => {
    vault();
    const { id } = plan({});
    const chosen = create("backup/selection:Selection", { name: "s", planId: id, iamRoleArn: role, resources: ["*"] });
    expect(() => remove("backup/plan:Plan", id)).toThrow(/selections must be deleted prior/);
    remove("backup/selection:Selection", chosen.id);
    remove("backup/plan:Plan", id);
    expect(cloud.store.all("aws:backup/plan:Plan")).toEqual([]);
  });

  test("a vault with backups, unless it is told to empty it and may", () => {
    const arn = database();
    vault();
    backUp(cloud.store, request(arn, 7));
    expect(() => remove("backup/vault:Vault", "main")).toThrow(/contains recovery points/);
    const [object] = cloud.store.all("aws:backup/vault:Vault");
    cloud.store.put({ ...object!, properties: { ...object!.properties, forceDestroy: true } });
    create("backup/vaultPolicy:VaultPolicy", { backupVaultName: "main", policy: "{}" });
    expect(() => remove("backup/vault:Vault", "main")).toThrow(/AccessDenied/);
    remove("backup/vaultPolicy:VaultPolicy", "main");
    remove("backup/vault:Vault", "main");
    expect(pointsIn(cloud.store, "main", place)).toEqual([]);
  });

  test("the end of a lock whose grace is over", () => {
    vault();
    lock({ minRetentionDays: 7, changeableForDays: 3 });
    const [object] = cloud.store.all("aws:backup/vaultLockConfiguration:VaultLockConfiguration");
    cloud.store.put({ ...object!, properties: { ...object!.properties, lockDate: "2020-01-01T00:00:00Z" } });
    expect(() => remove("backup/vaultLockConfiguration:VaultLockConfiguration", "main")).toThrow(/immutable since/);
  });
});

describe("jobs", () => {
  test("one outside the lock fails, and one inside does not", () => {
    const arn = database();
    vault();
    lock({ minRetentionDays: 7, maxRetentionDays: 400 });
    expect(backUp(cloud.store, request(arn, 6)).state).toBe("FAILED");
    expect(backUp(cloud.store, request(arn, 401)).state).toBe("FAILED");
    expect(pointsIn(cloud.store, "main", place)).toEqual([]);
    expect([7, 400].map((days) => backUp(cloud.store, request(arn, days)).state)).toEqual(["COMPLETED", "COMPLETED"]);
  });

  test("a type that is not opted in, and a store that is not there, fail", () => {
    vault();
    expect(backUp(cloud.store, request("arn:aws:rds:us-east-1:123456789012:db:none", 7))).toMatchObject({ state: "FAILED" });
    create("backup/regionSettings:RegionSettings", { resourceTypeOptInPreference: { RDS: false } });
    expect(backUp(cloud.store, request(database(), 7))).toMatchObject({ state: "FAILED", message: expect.stringContaining("opted in") });
  });

  test("whatever is written after a backup, a restore ends with the data of the backup point", () => {
    const arn = database();
    vault();
    const change = fc.record({ key: fc.constantFrom("a", "b", "c"), value: fc.option(fc.string(), { nil: undefined }) });
    const writesAt = (list: { key: string; value: string | undefined }[], hour: number): Write[] =>
      list.map(({ key: name, value }, index) => ({
        at: day(hour, index).toISOString(),
        key: name,
        ...(value === undefined ? {} : { value }),
      }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), fc.array(change, { maxLength: 20 }), (before, after) => {
        loseRecords(cloud.store, arn);
        write(cloud.store, arn, writesAt(before, 11));
        write(cloud.store, arn, writesAt(after, 13));
        const wanted = recordsAt(writesOf(cloud.store, arn), day(12).toISOString());
        const end = backUp(cloud.store, request(arn, 7));
        cloud.store.delete(resourceAt(cloud.store, arn)!);
        loseRecords(cloud.store, arn);
        if (end.state === "FAILED") throw new Error(end.message);
        restore(cloud.store, end.recoveryPointArn, day(15));
        expect(recordsAt(writesOf(cloud.store, arn))).toEqual(wanted);
        expect(resourceAt(cloud.store, arn)?.properties.identifier).toBe("main");
      }),
      { numRuns: 50 },
    );
  });

  test("a restore does not write over a store that is there", () => {
    const arn = database();
    vault();
    const end = backUp(cloud.store, request(arn, 7));
    expect(() => restore(cloud.store, end.state === "COMPLETED" ? end.recoveryPointArn : "", day(15))).toThrow(/still exists/);
  });

  test("point-in-time recovery is five minutes behind, and reaches as far as it is kept", () => {
    const arn = database();
    write(cloud.store, arn, [
      { at: day(11, 50).toISOString(), key: "early", value: "1" },
      { at: day(11, 58).toISOString(), key: "late", value: "2" },
    ]);
    loseVolume(cloud.store, arn, day(12));
    expect(() => restoreToMoment(cloud.store, arn, day(11, 56))).toThrow(/cannot be restored/);
    expect(() => restoreToMoment(cloud.store, arn, new Date(day(12).getTime() - 8 * 86_400_000))).toThrow(/cannot be restored/);
    restoreToMoment(cloud.store, arn, day(11, 55));
    expect(recordsAt(writesOf(cloud.store, arn))).toEqual({ early: "1" });
  });
});

test("the model of durations grows with size and with replay, and knows every type", () => {
  for (const type of ["DocumentDB", "DynamoDB", "EFS", "RDS", "S3", "other"]) {
    const of = (gib: number, pointInTime = false) => restoreSeconds({ type, gib, pointInTime });
    expect(of(100)).toBeGreaterThanOrEqual(of(10));
    expect(of(10, true)).toBeGreaterThanOrEqual(of(10));
    expect(of(0)).toBeGreaterThan(0);
  }
});
