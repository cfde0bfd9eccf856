/** Backup components by themselves: schedules, retentions, what they refuse. */

import { describe, expect, test } from "vitest";
import { backupAlarms } from "../../../components/backup/alarms.ts";
import { BackupPlan, type BackupPlanArgs } from "../../../components/backup/backupPlan.ts";
import { BackupVault, type BackupVaultArgs, closedToDeletion } from "../../../components/backup/backupVault.ts";
import { backupPlan, backupVault, pointInTimeCopy, restoreTesting } from "../../../components/backup/contract.ts";
import { RestoreTesting, type RestoreTestingArgs, restoreTestName } from "../../../components/backup/restoreTesting.ts";
import { coldRules, leastWithCold, vaultRules, withinBounds } from "../../../components/backup/retention.ts";
import { longestGapMinutes, scheduleProblem, startTimes } from "../../../components/backup/schedule.ts";
import { contractProblems } from "../../../components/contract/accepted.ts";
import type { ArgumentProblem } from "../../../components/contract/argumentProblem.ts";
import { areas } from "../../../components/environment/contract.ts";
import { fc } from "../../harness/campaign.ts";
import { graphOf } from "../../harness/graph.ts";
import { refusedArguments } from "../../harness/refusedArguments.ts";

const keyArn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const vault: BackupVaultArgs = { region: "us-east-1", accountId: "123456789012", keyArn };
const daily = { schedule: "cron(0 7 * * ? *)", deleteAfterDays: 7, startWindowMinutes: 60, completionWindowMinutes: 720 };
const plan: BackupPlanArgs = {
  region: "us-east-1",
  vaultName: "vault",
  rules: { daily },
  stores: { "databases-main": { type: "RDS", arn: "arn:aws:rds:us-east-1:123456789012:db:main" } },
  roleArn: "arn:aws:iam::123456789012:role/backup",
};
const files = { "fileSystems-uploads": { type: "EFS" as const, arn: "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1" } };
const tests: RestoreTestingArgs = {
  ...{ region: "us-east-1", planName: "coinestate_prod", schedule: "cron(0 9 2 * ? *)", vaultArns: ["arn"], stores: plan.stores },
  roleArn: plan.roleArn,
};

const pathsOf = (problems: readonly ArgumentProblem[]) => problems.map(({ propertyPath }) => propertyPath);

describe("arguments", () => {
  test("good ones have no problems", () => {
    expect([
      ...contractProblems(backupVault, vault),
      ...contractProblems(backupVault, { ...vault, protect: true, lock: { mode: "compliance", minimumDays: 7, changeableForDays: 3 } }),
      ...contractProblems(backupPlan, plan),
      ...contractProblems(backupPlan, { rules: { monthly: { ...daily, deleteAfterDays: 120, coldAfterDays: 30 } } }),
      ...vaultRules({ deleteAfterDays: 120, coldAfterDays: 30 }, undefined, ["EFS"]),
      ...contractProblems(restoreTesting, tests),
      ...contractProblems(pointInTimeCopy, { retentionDays: 35 }),
    ]).toEqual([]);
  });

  test("a restore test looks back as far by the component's default as by the config's", async () => {
    const windowDays = areas.backup.parse({ restoreTesting: {} }).restoreTesting?.windowDays;
    const resources = await graphOf(() => new RestoreTesting("tests", tests));
    const [plan] = resources.filter(({ type }) => type === "aws:backup/restoreTestingPlan:RestoreTestingPlan");
    expect(plan?.inputs.recoveryPointSelection).toMatchObject({ selectionWindowDays: windowDays });
  });

  test.each([
    ["lock.minimumDays", pathsOf(contractProblems(backupVault, { ...vault, lock: { mode: "governance", minimumDays: 0 } }))],
    [
      "lock.maximumDays",
      pathsOf(contractProblems(backupVault, { ...vault, lock: { mode: "governance", minimumDays: 30, maximumDays: 7 } })),
    ],
    [
      "lock.changeableForDays",
      pathsOf(contractProblems(backupVault, { ...vault, lock: { mode: "governance", minimumDays: 7, changeableForDays: 3 } })),
    ],
    [
      "lock.changeableForDays",
      pathsOf(
        contractProblems(backupVault, { ...vault, protect: true, lock: { mode: "compliance", minimumDays: 7, changeableForDays: 2 } }),
      ),
    ],
    [
      "lock.changeableForDays",
      pathsOf(contractProblems(backupVault, { ...vault, protect: true, lock: { mode: "compliance", minimumDays: 7 } })),
    ],
    [
      "lock.mode",
      refusedArguments(() => new BackupVault("vault", { ...vault, lock: { mode: "compliance", minimumDays: 7, changeableForDays: 3 } })),
    ],
    ["rules", refusedArguments(() => new BackupPlan("plan", { ...plan, rules: {} }))],
    ["stores", refusedArguments(() => new BackupPlan("plan", { ...plan, stores: {} }))],
    ["rules.a b", refusedArguments(() => new BackupPlan("plan", { ...plan, rules: { "a b": daily } }))],
    [
      "rules.daily.schedule",
      refusedArguments(() => new BackupPlan("plan", { ...plan, rules: { daily: { ...daily, schedule: "rate(1 day)" } } })),
    ],
    [
      "rules.daily.startWindowMinutes",
      refusedArguments(() => new BackupPlan("plan", { ...plan, rules: { daily: { ...daily, startWindowMinutes: 59 } } })),
    ],
    [
      "rules.daily.completionWindowMinutes",
      refusedArguments(() => new BackupPlan("plan", { ...plan, rules: { daily: { ...daily, completionWindowMinutes: 119 } } })),
    ],
    ["rules.daily.deleteAfterDays", refusedArguments(() => new BackupPlan("plan", { ...plan, bounds: { minimumDays: 8 } }))],
    [
      "rules.daily.copy",
      refusedArguments(() => new BackupPlan("plan", { ...plan, rules: { daily: { ...daily, copy: { deleteAfterDays: 7 } } } })),
    ],
    [
      "rules.daily.copy.deleteAfterDays",
      refusedArguments(
        () =>
          new BackupPlan("plan", {
            ...plan,
            rules: { daily: { ...daily, copy: { deleteAfterDays: 401 } } },
            copyTo: { vaultArn: "arn", bounds: { minimumDays: 7, maximumDays: 400 } },
          }),
      ),
    ],
    [
      "rules.daily.deleteAfterDays",
      refusedArguments(
        () => new BackupPlan("plan", { ...plan, stores: files, rules: { daily: { ...daily, deleteAfterDays: 119, coldAfterDays: 30 } } }),
      ),
    ],
    [
      "rules.daily.coldAfterDays",
      refusedArguments(() => new BackupPlan("plan", { ...plan, rules: { daily: { ...daily, deleteAfterDays: 120, coldAfterDays: 30 } } })),
    ],
    ["planName", pathsOf(contractProblems(restoreTesting, { ...tests, planName: "coinestate-prod" }))],
    ["schedule", pathsOf(contractProblems(restoreTesting, { ...tests, schedule: "cron(0 9 2 * *)" }))],
    ["windowDays", pathsOf(contractProblems(restoreTesting, { ...tests, windowDays: 366 }))],
    ["startWindowHours", pathsOf(contractProblems(restoreTesting, { ...tests, startWindowHours: 169 }))],
    ["validationHours", pathsOf(contractProblems(restoreTesting, { ...tests, validationHours: 169 }))],
    ["retentionDays", pathsOf(contractProblems(pointInTimeCopy, { retentionDays: 36 }))],
  ])("%s", (path, problems) => expect(problems).toEqual([path]));
});

describe("retention", () => {
  const days = fc.integer({ min: 1, max: 36_500 });

  test("it is good exactly when it ends 90 days after cold storage and within the lock", () => {
    fc.assert(
      fc.property(
        days,
        fc.option(days, { nil: undefined }),
        days,
        fc.option(days, { nil: undefined }),
        (deleteAfterDays, coldAfterDays, minimumDays, maximumDays) => {
          const retention = { deleteAfterDays, coldAfterDays };
          const problems = [...coldRules(retention), ...vaultRules(retention, { minimumDays, maximumDays }, [])];
          const cold = coldAfterDays === undefined || deleteAfterDays - coldAfterDays >= 90;
          const inside = deleteAfterDays >= minimumDays && (maximumDays === undefined || deleteAfterDays <= maximumDays);
          expect(problems.length).toBe(Number(!cold) + Number(!inside));
          expect(withinBounds({ deleteAfterDays }, { minimumDays, maximumDays })).toBe(inside);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("the least that is named is accepted, and a day less is not", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 36_000 }), (coldAfterDays) => {
        const least = leastWithCold(coldAfterDays);
        expect(coldRules({ deleteAfterDays: least, coldAfterDays })).toEqual([]);
        expect(coldRules({ deleteAfterDays: least - 1, coldAfterDays })).toHaveLength(1);
      }),
    );
  });
});

describe("schedules", () => {
  test.each([
    ["cron(0 7 * * ? *)", 1440],
    ["cron(0 * * * ? *)", 60],
    ["cron(0 7,19 * * ? *)", 720],
    ["cron(0 7,15 * * ? *)", 960],
    ["cron(0 0/6 * * ? *)", 360],
    ["cron(0/15 * ? * * *)", 15],
    ["cron(0 7 ? * SUN *)", 7 * 1440],
    ["cron(0 7 ? * MON-FRI *)", 3 * 1440],
    ["cron(0 7 1 * ? *)", 31 * 1440],
    ["cron(0 7 L * ? *)", 31 * 1440],
    ["cron(0 7 ? * SUN#1 *)", 35 * 1440],
    ["cron(0 7 ? * 6L *)", 35 * 1440],
    ["cron(0 7 1 1 ? *)", 366 * 1440],
    ["cron(0 7 31 * ? *)", 61 * 1440],
  ])("%s: %i minutes at most between two runs", (expression, gap) => {
    expect(scheduleProblem(expression)).toBeUndefined();
    expect(longestGapMinutes(expression)).toBe(gap);
  });

  test.each([
    "rate(1 day)",
    "cron(0 7 * * ?)",
    "cron(0 7 * * * *)",
    "cron(0 7 ? * ? *)",
    "cron(60 7 * * ? *)",
    "cron(0 24 * * ? *)",
    "cron(0 7 32 * ? *)",
    "cron(0 7 ? * SUNDAY *)",
    "cron(0 7 ? * SUN#6 *)",
    "cron(0 7 * 13 ? *)",
    "cron(0 7 * * ? 2027)",
    "cron(0 7-5 * * ? *)",
    "cron(0 */0 * * ? *)",
    "7 * * * *",
  ])("%s is refused", (expression) => {
    expect(scheduleProblem(expression)).toBeTypeOf("string");
    expect(longestGapMinutes(expression)).toBeUndefined();
  });

  test("a day that never comes runs less than twice", () => expect(longestGapMinutes("cron(0 7 31 2 ? *)")).toBe(Number.POSITIVE_INFINITY));

  test("the day is split by as many runs as there are hours", () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 3, 4, 6, 8, 12), (step) => {
        expect(longestGapMinutes(`cron(0 0/${step} * * ? *)`)).toBe(step * 60);
        expect(startTimes(`cron(0 0/${step} * * ? *)`, 60)).toHaveLength(24 / step);
      }),
    );
    expect(startTimes("cron(30 23 * * ? *)", 60)).toEqual(["23:30-00:30"]);
  });
});

test("names of restore tests have no hyphen", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 4 }), (parts) => {
      expect(restoreTesting.shape.planName.safeParse(restoreTestName(...parts)).success).toBe(true);
    }),
  );
  expect(restoreTestName("deed-pro", "prod", "use1")).toBe("deed_pro_prod_use1");
});

test("nobody may delete or shorten what is in a vault; AWS's own expiry may", () => {
  const { Statement } = closedToDeletion("123456789012") as {
    Statement: { Effect: string; Principal: string; Action: string[]; Condition: object }[];
  };
  expect(Statement).toHaveLength(1);
  expect(Statement[0]).toMatchObject({ Effect: "Deny", Principal: "*" });
  expect(Statement[0]!.Action).toContain("backup:DeleteRecoveryPoint");
  expect(Statement[0]!.Action).toContain("backup:UpdateRecoveryPointLifecycle");
  expect(JSON.stringify(Statement[0]!.Condition)).toContain("aws-service-role/backup.amazonaws.com/*");
});

describe("alarms", () => {
  const of = {
    region: "us-east-1",
    vaultName: "vault",
    types: ["EFS", "RDS"] as const,
    copiesVaultName: "copies",
    daily: true,
    severity: "P1" as const,
  };

  test("failures of jobs, copies and restores, and silence", () => {
    const alarms = backupAlarms(of);
    expect(alarms.map(({ key, missingData }) => [key, missingData])).toEqual([
      ["backup-jobs-failed", "notBreaching"],
      ["backup-jobs-expired", "notBreaching"],
      ["backup-none-completed", "missing"],
      ["backup-copies-failed", "notBreaching"],
      ["backup-restores-failed", "notBreaching"],
    ]);
    for (const { severity, runbook, periodSeconds, evaluationPeriods } of alarms) {
      expect([severity, runbook]).toEqual(["P1", "backup-failed"]);
      expect(periodSeconds * evaluationPeriods).toBeLessThanOrEqual(7 * 86_400);
    }
    const copies = alarms.find(({ key }) => key === "backup-copies-failed")!.watch;
    expect(copies).toMatchObject({ expression: "FILL(from, 0) + FILL(to, 0)" });
  });

  test("no copies and no daily rule, no alarm of them", () => {
    expect(backupAlarms({ ...of, copiesVaultName: undefined, daily: false }).map(({ key }) => key)).toEqual([
      "backup-jobs-failed",
      "backup-jobs-expired",
      "backup-restores-failed",
    ]);
  });
});
