/** The commands of backups: what a person is told, and what AWS Backup is asked. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lateAfterMinutes } from "../../../components/environment/contract/recoveryCoverage.ts";
import { Aws } from "../../../ops/aws/aws.ts";
import { backUpStores, newestBackups } from "../../../ops/backup/backup.ts";
import { type CopyWay, copyWays } from "../../../ops/backup/copies.ts";
import { type BackupWish, type CopyWish, deployedBackups, type RecoveryPoint, type Vaults, vaultsOf } from "../../../ops/backup/vaults.ts";
import { judge } from "../../../ops/backup/verdict.ts";
import type { StateResource } from "../../../ops/engine/state.ts";
import { serviceError, simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { openLiveStore } from "../../../sandbox/sandbox.ts";
import { configOf } from "../../harness/config.ts";
import { type Answers, account, asked, stubbedAws } from "../../harness/stubbedAws.ts";

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

const vaultArn = `arn:aws:backup:us-west-2:${account}:backup-vault:copies`;
const way: CopyWay = {
  resourceArn: "arn:db",
  vault: { arn: vaultArn, account, region: "us-west-2", name: "copies" },
  lateAfterMinutes: 1440 + 2 * 720,
  deleteAfterDays: 30,
};

describe("copies", () => {
  const planned = (resource: Partial<StateResource>): StateResource => ({ urn: "u", type: "", ...resource });
  const plan = (id: string, schedule: string) =>
    planned({
      ...{ id, type: "aws:backup/plan:Plan" },
      outputs: {
        rules: [
          { schedule: "cron(0 * * * ? *)", completionWindow: 120 },
          { schedule, completionWindow: 720, copyActions: [{ destinationVaultArn: vaultArn, lifecycle: { deleteAfter: 30 } }] },
        ],
      },
    });
  const selection = (planId: string) => planned({ type: "aws:backup/selection:Selection", outputs: { planId, resources: ["arn:db"] } });

  test("are late by the rules that copy: the shortest of them, the backup's time, and the copy's", () => {
    const resources = [
      plan("p", "cron(0 7 * * ? *)"),
      selection("p"),
      plan("q", "cron(0 7 ? * SUN *)"),
      selection("q"),
      plan("r", "cron(0 1 * * ? *)"),
    ];
    expect(copyWays({ resources, pendingOperations: [] })).toEqual([way]);
  });

  const opened = (answers: Answers) => ({
    ...{ config: configOf("coinestate/production"), backups: deployedBackups(state(outputs), "production"), copies: [way] },
    ...{ vaults: vaultsOf(stubbedAws(answers).aws), cloud: "c", now: () => now },
  });

  test("are rows of their own with their own limit, and one whose vault cannot be read is told beside the others", async () => {
    const listed = (hours: number) => ({
      RecoveryPoints: [{ RecoveryPointArn: "p", ResourceArn: "arn:db", CreationDate: point(hours).createdAt, Status: "COMPLETED" }],
    });
    const refused = serviceError("AccessDeniedException", "not yours");
    const rows = async (...answers: (object | Error)[]) =>
      (await newestBackups(opened({ "Backup.ListRecoveryPointsByBackupVault": answers }))).map(
        ({ kind, store, of, region, verdict }) => `${kind} ${store} ${of} ${region} ${verdict}`,
      );
    const kept = (main: string, copy: string, kyc = "MISSING") => [
      `backup databases-main us-east-1 us-east-1 ${main}`,
      `copy databases-main us-east-1 us-west-2 ${copy}`,
      `backup buckets-kyc us-east-1 us-east-1 ${kyc}`,
    ];
    expect(await rows(listed(37), listed(47))).toEqual(kept("OLD", "FRESH"));
    expect(await rows(listed(1), listed(49))).toEqual(kept("FRESH", "OLD"));
    expect(await rows(listed(1), refused)).toEqual(kept("FRESH", "UNKNOWN"));
    expect(await rows(refused, listed(1))).toEqual(kept("UNKNOWN", "FRESH", "UNKNOWN"));
  });
});

describe("a backup now", () => {
  class Recorded implements Vaults {
    readonly wishes: BackupWish[] = [];
    readonly copied: string[] = [];
    async start(wish: BackupWish) {
      this.wishes.push(wish);
      return wish.resourceArn === "arn:b"
        ? { state: "FAILED" as const, message: "no versioning" }
        : { state: "COMPLETED" as const, recoveryPointArn: "arn:p" };
    }
    async copy({ to }: CopyWish) {
      this.copied.push(to.region);
      return { state: "FAILED" as const, message: "no such vault" };
    }
    async points() {
      return [];
    }
  }
  const run = async (store: string[], keep?: number, copy = false) => {
    const vaults = new Recorded();
    const lines: string[] = [];
    const opened = {
      config: configOf("coinestate/production"),
      backups: deployedBackups(state(outputs), "production"),
      copies: [way],
      vaults,
      cloud: "the simulated cloud in .slipway",
    };
    const flags = { store, reason: "release", copy, ...(keep === undefined ? {} : { keep }) };
    const exitCode = await backUpStores(opened, flags, (line) => lines.push(line));
    return { exitCode, wishes: vaults.wishes, copied: vaults.copied, lines };
  };

  test("of every store by default; one that fails is told and fails the command", async () => {
    const { exitCode, wishes, lines } = await run([]);
    expect([exitCode, wishes.map(({ resourceArn }) => resourceArn)]).toEqual([1, ["arn:db", "arn:b"]]);
    expect(lines.join("\n")).toContain("no versioning");
  });

  test("is copied where its plans copy to, when that is asked for, and a copy that fails is a failure", async () => {
    expect((await run(["databases-main"])).copied).toEqual([]);
    const { exitCode, copied, lines } = await run(["databases-main"], undefined, true);
    expect([exitCode, copied]).toEqual([1, ["us-west-2"]]);
    expect(lines.join("\n")).toMatch(/databases-main in us-east-1, copy in us-west-2: .*no such vault/);
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

const wish: BackupWish = {
  ...{ region: "us-east-1", vaultName: "v", roleArn: "arn:r", resourceArn: "arn:db", deleteAfterDays: 35, reason: "before 1.4" },
};

describe("in an account", () => {
  const started = { "Backup.StartBackupJob": { BackupJobId: "j" } };

  test("starts a job, waits for its end, and tags it with its reason", async () => {
    const { aws, calls } = stubbedAws({
      ...started,
      "Backup.DescribeBackupJob": [{ State: "RUNNING" }, { State: "COMPLETED", RecoveryPointArn: "arn:p" }],
    });
    expect(await vaultsOf(aws, 0).start(wish)).toEqual({ state: "COMPLETED", recoveryPointArn: "arn:p" });
    expect(asked(calls)).toEqual([
      "STS.GetCallerIdentity",
      "Backup.StartBackupJob",
      "Backup.DescribeBackupJob",
      "Backup.DescribeBackupJob",
    ]);
    expect(calls[1]).toMatchObject({
      region: "us-east-1",
      input: {
        ...{ BackupVaultName: "v", ResourceArn: "arn:db", IamRoleArn: "arn:r", StartWindowMinutes: 60, Lifecycle: { DeleteAfterDays: 35 } },
        RecoveryPointTags: { Reason: "before 1.4", StartedBy: "slipway" },
      },
    });
  });

  test.each(["FAILED", "ABORTED", "EXPIRED", "PARTIAL"])("%s is a failure", async (State) => {
    const { aws } = stubbedAws({ ...started, "Backup.DescribeBackupJob": { State, StatusMessage: "why" } });
    expect(await vaultsOf(aws, 0).start(wish)).toEqual({ state: "FAILED", message: "why" });
  });

  test("does nothing in another account, and says what AWS said when it refuses", async () => {
    const { aws, calls } = stubbedAws({}, "999999999999");
    await expect(vaultsOf(aws).start(wish)).rejects.toThrow(/Nothing was read or changed/);
    expect(asked(calls)).toEqual(["STS.GetCallerIdentity"]);
    await expect(vaultsOf(stubbedAws({}).aws).start(wish)).rejects.toThrow(
      "arn:db is not backed up in the simulated cloud: AccessDeniedException",
    );
    await expect(vaultsOf(stubbedAws({}).aws).points("us-east-1", "v")).rejects.toThrow("The vault v of us-east-1 cannot be read");
  });

  test("reads every page of a vault, the newest first", async () => {
    const point = (time: string) => ({ RecoveryPointArn: "p", ResourceArn: "r", CreationDate: new Date(time), Status: "COMPLETED" });
    const { aws } = stubbedAws({
      "Backup.ListRecoveryPointsByBackupVault": [
        { RecoveryPoints: [point("2023-11-14T22:13:20.500Z")], NextToken: "2" },
        { RecoveryPoints: [{ ...point("2027-01-01T00:00:00Z"), CalculatedLifecycle: { DeleteAt: new Date("2027-02-05") } }] },
      ],
    });
    const points = await vaultsOf(aws).points("us-east-1", "v");
    expect(points.map(({ createdAt }) => createdAt.toISOString())).toEqual(["2027-01-01T00:00:00.000Z", "2023-11-14T22:13:20.500Z"]);
    expect(points.map(({ deleteAt }) => deleteAt?.toISOString())).toEqual(["2027-02-05T00:00:00.000Z", undefined]);
  });
});

test("in the simulated cloud: a job fails for AWS's reasons or leaves a point in the vault; a vault that is not there is refused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-backup-"));
  try {
    const store = openLiveStore(folder);
    const vaults = vaultsOf(
      new Aws({ account, region: "us-east-1", cloud: "the simulated cloud", answer: simulatedAws(store, account) }),
      0,
    );
    await expect(vaults.start(wish)).rejects.toThrow("ResourceNotFoundException: Backup vault v not found");
    const put = (type: string, id: string, properties: { arn?: string }) =>
      store.put({ type, id, scope: `${account}/us-east-1`, properties, createdFor: "" });
    put("aws:backup/vault:Vault", "v", {});
    expect(await vaults.start(wish)).toEqual({ state: "FAILED", message: "Resource arn:db does not exist" });
    put("aws:rds/instance:Instance", "db-1", { arn: "arn:db" });
    const end = await vaults.start(wish);
    expect(end).toMatchObject({ state: "COMPLETED", recoveryPointArn: expect.stringContaining("snapshot:awsbackup:job-") as string });
    const [made, ...more] = await vaults.points("us-east-1", "v");
    expect(made).toMatchObject({ resourceArn: "arn:db", status: "COMPLETED" });
    expect(Math.round((made!.deleteAt!.getTime() - made!.createdAt.getTime()) / 86_400_000)).toBe(35);
    expect(more).toEqual([]);
    expect(
      store
        .all()
        .map(({ type }) => type)
        .sort(),
    ).toEqual(["aws:backup/recoveryPoint:RecoveryPoint", "aws:backup/vault:Vault", "aws:rds/instance:Instance"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
