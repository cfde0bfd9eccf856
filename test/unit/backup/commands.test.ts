/** The commands of backups: what a person is told, and what the AWS CLI is asked. */
import { describe, expect, test } from "vitest";
import { lateAfterMinutes } from "../../../infra/config/recoveryCoverage.ts";
import type { AwsCli } from "../../../ops/aws/awsCli.ts";
import { AwsVaults } from "../../../ops/backup/awsVaults.ts";
import { backUpStores } from "../../../ops/backup/backup.ts";
import { type BackupWish, deployedBackups, type RecoveryPoint, type Vaults } from "../../../ops/backup/vaults.ts";
import { judge } from "../../../ops/backup/verdict.ts";
import { configOf } from "../../harness/config.ts";

const now = new Date("2027-01-02T12:00:00Z");
const point = (hoursAgo: number, status = "COMPLETED"): RecoveryPoint => ({
  ...{ arn: `arn:${hoursAgo}`, resourceArn: "arn", deleteAt: undefined, status },
  createdAt: new Date(now.getTime() - hoursAgo * 3_600_000),
});

describe("verdicts", () => {
  test.each<[string, RecoveryPoint[], string]>([
    ["no backup", [], "MISSING"],
    ["a young one", [point(3), point(27)], "FRESH"],
    ["at its limit", [point(36)], "FRESH"],
    ["too old", [point(37)], "OLD"],
    ["none whole", [point(3, "PARTIAL"), point(27, "EXPIRED")], "BROKEN"],
    ["the newest broken", [point(3, "PARTIAL"), point(27)], "BROKEN"],
    ["one in the making", [point(0, "CREATING"), point(24)], "FRESH"],
  ])("%s", (_, points, verdict) => expect(judge(points, 36 * 60, now).verdict).toBe(verdict));

  test("a store is late after the shortest rhythm of its plans and the time that a job may take", () => {
    const { plans } = configOf("coinestate/production").backup;
    expect(lateAfterMinutes(plans, ["main"])).toBe(1440 + 720);
    expect(lateAfterMinutes(plans, [])).toBe(Number.POSITIVE_INFINITY);
  });
});

const outputs = {
  "us-east-1": {
    ...{ vaultName: "v", vaultArn: "arn:v", roleArn: "arn:r" },
    stores: {
      "databases-main": { arn: "arn:db", type: "RDS", recoveryClass: "critical" },
      "buckets-kyc": { arn: "arn:b", type: "S3", recoveryClass: "none" },
    },
  },
};
const state = (backup: unknown) => ({
  resources: [{ urn: "u", type: "pulumi:pulumi:Stack", outputs: backup === undefined ? {} : { backup } }],
  pendingOperations: [],
});

describe("a backup now", () => {
  class Recorded implements Vaults {
    readonly wishes: BackupWish[] = [];
    async start(wish: BackupWish) {
      this.wishes.push(wish);
      return wish.type === "S3"
        ? { state: "FAILED" as const, message: "no versioning" }
        : { state: "COMPLETED" as const, recoveryPointArn: "arn:p" };
    }
    async points() {
      return [];
    }
  }
  const run = async (store: string[], keep?: number) => {
    const vaults = new Recorded();
    const lines: string[] = [];
    const opened = {
      config: configOf("coinestate/production"),
      backups: deployedBackups(state(outputs), "production"),
      vaults,
      cloud: "the simulated cloud in .slipway",
    };
    const flags = { store, reason: "release", ...(keep === undefined ? {} : { keep }) };
    return { exitCode: await backUpStores(opened, flags, (line) => lines.push(line)), wishes: vaults.wishes, lines };
  };

  test("of every store by default; one that fails is told and fails the command", async () => {
    const { exitCode, wishes, lines } = await run([]);
    expect([exitCode, wishes.map(({ resourceArn }) => resourceArn)]).toEqual([1, ["arn:db", "arn:b"]]);
    expect(lines.join("\n")).toContain("no versioning");
  });

  test("of one store, kept 35 days within the lock", async () => {
    const { exitCode, wishes } = await run(["databases-main"]);
    expect([exitCode, wishes[0]]).toEqual([0, expect.objectContaining({ deleteAfterDays: 35, reason: "release" })]);
    expect((await run(["databases-main"], 90)).wishes[0]!.deleteAfterDays).toBe(90);
  });

  test("of no store that no plan takes", async () => {
    await expect(run(["databases-mian"])).rejects.toThrow(/There are: databases-main, buckets-kyc/);
  });

  test("not of a stack that was never updated with plans", () => {
    expect(() => deployedBackups(state(undefined), "production")).toThrow(/slipway up --stack production/);
  });
});

describe("through the AWS CLI", () => {
  const wish: BackupWish = {
    region: "us-east-1",
    vaultName: "v",
    roleArn: "arn:r",
    resourceArn: "arn:db",
    type: "RDS",
    deleteAfterDays: 35,
    reason: "before 1.4",
  };
  const cli = (answers: Readonly<Record<string, readonly object[]>>): { calls: string[][]; run: AwsCli } => {
    const calls: string[][] = [];
    const left = Object.fromEntries(Object.entries(answers).map(([command, list]) => [command, [...list]]));
    return {
      calls,
      run: async (args) => {
        calls.push([...args]);
        if (args[0] === "sts") return { exitCode: 0, stdout: JSON.stringify({ Account: "123456789012" }), stderr: "" };
        const answer = left[args[1] ?? ""]?.shift();
        return answer === undefined
          ? { exitCode: 254, stdout: "", stderr: "An error occurred (AccessDeniedException): not allowed" }
          : { exitCode: 0, stdout: JSON.stringify(answer), stderr: "" };
      },
    };
  };

  test("starts a job, waits for its end, and tags it with its reason", async () => {
    const { calls, run } = cli({
      "start-backup-job": [{ BackupJobId: "j" }],
      "describe-backup-job": [{ State: "RUNNING" }, { State: "COMPLETED", RecoveryPointArn: "arn:p" }],
    });
    expect(await new AwsVaults("123456789012", run, 0).start(wish)).toEqual({ state: "COMPLETED", recoveryPointArn: "arn:p" });
    const started = calls.find(([, command]) => command === "start-backup-job")!;
    expect(started).toContain("DeleteAfterDays=35");
    expect(JSON.parse(started[started.indexOf("--recovery-point-tags") + 1]!)).toEqual({ Reason: "before 1.4", StartedBy: "slipway" });
  });

  test.each(["FAILED", "ABORTED", "EXPIRED", "PARTIAL"])("%s is a failure", async (State) => {
    const { run } = cli({ "start-backup-job": [{ BackupJobId: "j" }], "describe-backup-job": [{ State, StatusMessage: "why" }] });
    expect(await new AwsVaults("123456789012", run, 0).start(wish)).toEqual({ state: "FAILED", message: "why" });
  });

  test("does nothing in another account, and says what AWS said when it refuses", async () => {
    const { calls, run } = cli({});
    await expect(new AwsVaults("999999999999", run).start(wish)).rejects.toThrow(/Nothing was done/);
    expect(calls.map(([first]) => first)).toEqual(["sts"]);
    await expect(new AwsVaults("123456789012", run).start(wish)).rejects.toThrow(/start-backup-job.*AccessDenied/);
  });

  test("reads both ways in which the CLI writes times, the newest first", async () => {
    const point = (CreationDate: string | number) => ({ RecoveryPointArn: "p", ResourceArn: "r", CreationDate, Status: "COMPLETED" });
    const { run } = cli({
      "list-recovery-points-by-backup-vault": [{ RecoveryPoints: [point(1_700_000_000.5), point("2027-01-01T00:00:00+00:00")] }],
    });
    const points = await new AwsVaults("123456789012", run).points("us-east-1", "v");
    expect(points.map(({ createdAt }) => createdAt.toISOString())).toEqual(["2027-01-01T00:00:00.000Z", "2023-11-14T22:13:20.500Z"]);
  });
});
