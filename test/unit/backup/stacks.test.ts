/** All shipped stacks: what their backups promise is what their plans, locks and stores keep. */
import { describe, expect, test } from "vitest";
import { longestGapMinutes } from "../../../components/backup/schedule.ts";
import { standbys } from "../../../components/environment/contract/failover.ts";
import { recoveryCoverage } from "../../../components/environment/contract/recoveryCoverage.ts";
import { examine } from "../../../infra/config/parse.ts";
import { configOf, exampleStacks, rawConfig } from "../../harness/config.ts";
import { dataStores } from "../../harness/dataStack.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import type { Registered } from "../../harness/graph.ts";

const days = (text: unknown) => Number(text);

describe.each(exampleStacks)("%s", (stack) => {
  const config = configOf(stack);
  const { backup } = config;

  test("every store is in a plan, and loses no more than its class allows", () => {
    const coverage = recoveryCoverage(config);
    expect(coverage.length).toBeGreaterThan(0);
    for (const { area, name, plans, sources, recoveryClass } of coverage) {
      if (area !== "caches") expect(plans, `${area}.${name}`).not.toEqual([]);
      if (recoveryClass !== undefined) expect(sources[0]!.lossMinutes).toBeLessThanOrEqual(backup.classes[recoveryClass].rpoMinutes);
    }
  });

  test("classes promise what the systems ask for", () => {
    expect(backup.classes).toEqual({
      critical: { rtoMinutes: 60, rpoMinutes: 15 },
      high: { rtoMinutes: 240, rpoMinutes: 60 },
      medium: { rtoMinutes: 1440, rpoMinutes: 1440 },
    });
  });

  test("every retention of rules and copies is within the lock, and 90 days after cold storage", () => {
    const kept = Object.values(backup.plans).flatMap(({ rules }) =>
      Object.values(rules).flatMap((rule) => [rule, ...(rule.copy === undefined ? [] : [rule.copy])]),
    );
    expect(kept.length).toBeGreaterThan(0);
    const [least, most] = backup.lock.mode === "none" ? [1, 36_500] : [backup.lock.minimumDays, backup.lock.maximumDays ?? 36_500];
    for (const { deleteAfterDays, coldAfterDays } of kept) {
      expect(deleteAfterDays).toBeGreaterThanOrEqual(least);
      expect(deleteAfterDays).toBeLessThanOrEqual(most);
      if (coldAfterDays !== undefined) expect(deleteAfterDays).toBeGreaterThanOrEqual(coldAfterDays + 90);
    }
  });

  test("production keeps 7, 35 and 365 days, locked, copied and tested monthly; staging a week", () => {
    const rules = backup.plans.main!.rules;
    const kept = Object.fromEntries(Object.entries(rules).map(([name, { deleteAfterDays }]) => [name, deleteAfterDays]));
    if (!config.protect) {
      expect([kept, backup.lock.mode]).toEqual([{ daily: 7 }, "none"]);
      return;
    }
    expect(kept).toEqual({ daily: 7, weekly: 35, monthly: 365 });
    expect(backup.lock).toEqual({ mode: "governance", minimumDays: 7, maximumDays: 400 });
    expect(backup.copyRegion).not.toBe(config.aws.region);
    expect(Object.values(rules).flatMap(({ copy }) => copy?.deleteAfterDays ?? [])).toEqual([7, 365]);
    expect(longestGapMinutes(backup.restoreTesting!.schedule)).toBeLessThanOrEqual(31 * 1440);
  });

  test("what is declared is what the config says", async () => {
    const resources = await declaredGraph(config);
    const of = (type: string) => resources.filter((resource) => resource.type === `aws:backup/${type}`);
    const planned = recoveryCoverage(config).filter(({ plans }) => plans.length > 0);
    const regions = Object.groupBy(of("selection:Selection"), ({ inputs }) => String(inputs.region));
    expect(regions[config.aws.region]?.map(({ inputs }) => inputs.name).sort() ?? []).toEqual(
      planned.map(({ area, name }) => `${area}-${name}`).sort(),
    );
    for (const { inputs } of of("selection:Selection")) {
      expect(inputs.resources).toHaveLength(1);
      expect(inputs.resources![0 as never]).toMatch(/^arn:aws:/);
      expect(JSON.stringify(inputs)).not.toContain("*");
    }
    for (const { inputs } of of("plan:Plan"))
      for (const rule of inputs.rules as unknown as { lifecycle: { deleteAfter: number }; enableContinuousBackup?: boolean }[]) {
        expect(days(rule.lifecycle.deleteAfter)).toBeGreaterThan(0);
        expect(rule.enableContinuousBackup).toBeUndefined();
      }
    const vaults = of("vault:Vault");
    const homes = [config.aws.region, ...standbys(config).map(({ region }) => region)];
    expect(vaults.map(({ inputs }) => inputs.region).sort()).toEqual(
      homes.flatMap((home) => [home, ...(config.protect ? [backup.copyRegion!] : [])]).sort(),
    );
    for (const vault of vaults) expect([vault.protect, vault.inputs.forceDestroy]).toEqual([config.protect, !config.protect]);
    expect(of("vaultPolicy:VaultPolicy")).toHaveLength(vaults.length);
    const locks = of("vaultLockConfiguration:VaultLockConfiguration");
    expect(locks).toHaveLength(config.protect ? vaults.length : 0);
    for (const lock of locks) expect(lock.ignoreChanges).toEqual(["changeableForDays"]);
    expect(of("restoreTestingSelection:RestoreTestingSelection")).toHaveLength(config.protect ? planned.length * homes.length : 0);
    for (const { inputs } of [...of("restoreTestingPlan:RestoreTestingPlan"), ...of("restoreTestingSelection:RestoreTestingSelection")])
      expect(inputs.name).toMatch(/^[A-Za-z0-9_]{1,50}$/);
  });
});

describe("one store of each kind", () => {
  const resourcesOf = (edits = {}) => declaredGraph(configOf("bench/production", { ...dataStores, ...edits }));
  const ofType = (resources: readonly Registered[], type: string) => resources.filter((resource) => resource.type === `aws:${type}`);

  test("buckets bring their own policies to the role, and no other policy does", async () => {
    const policies = async (edits: object) =>
      ofType(await resourcesOf(edits), "iam/rolePolicyAttachment:RolePolicyAttachment")
        .filter(({ name }) => name.startsWith("coinestate-prod-use1-backup-"))
        .map(({ inputs }) => inputs.policyArn)
        .sort();
    const general = ["AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForRestores"].map(
      (name) => `arn:aws:iam::aws:policy/service-role/${name}`,
    );
    const buckets = ["AWSBackupServiceRolePolicyForS3Backup", "AWSBackupServiceRolePolicyForS3Restore"].map(
      (name) => `arn:aws:iam::aws:policy/${name}`,
    );
    expect(await policies({})).toEqual([...buckets, ...general].sort());
    expect(await policies({ buckets: {}, "services.api.connects.buckets": {} })).toEqual(general);
  });

  test("a restored database stands in the subnets and behind the group of its own", async () => {
    const tests = ofType(await resourcesOf(), "backup/restoreTestingSelection:RestoreTestingSelection");
    const main = tests.find(({ name }) => name === "coinestate-prod-use1-backup-databases-main")!;
    expect(main.inputs.protectedResourceType).toBe("RDS");
    expect(Object.keys(main.inputs.restoreMetadataOverrides as object).sort()).toEqual(["dbSubnetGroupName", "vpcSecurityGroupIds"]);
    expect((main.inputs.restoreMetadataOverrides as { vpcSecurityGroupIds: string }).vpcSecurityGroupIds).toMatch(/^\["sg-/);
    const table = tests.find(({ name }) => name === "coinestate-prod-use1-backup-databases-contracts")!;
    expect(table.inputs.restoreMetadataOverrides).toBeUndefined();
  });

  test("point-in-time recovery goes to the other region under the key there", async () => {
    const resources = await resourcesOf({ "backup.pointInTimeCopies": ["main"] });
    const [copy] = ofType(resources, "rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication");
    expect(copy!.inputs).toMatchObject({ region: "us-west-2", retentionPeriod: 35 });
    expect(copy!.references.kmsKeyId!.some((urn) => urn.endsWith("coinestate-prod-use1-backup-usw2-key"))).toBe(true);
  });

  test("point-in-time recovery goes there for a database that no plan takes, too", async () => {
    const resources = await resourcesOf({
      "backup.pointInTimeCopies": ["main"],
      "backup.exempt.databases": { main: "kept by point-in-time recovery in two regions" },
      "backup.plans.main.stores": {
        databases: ["ledger", "olympiad", "contracts"],
        buckets: ["kyc", "media", "metadata"],
        fileSystems: ["uploads"],
      },
    });
    expect(ofType(resources, "rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication")).toHaveLength(1);
  });

  test("somebody is told: of jobs that fail, expire or are aborted, with the vault's own", async () => {
    const resources = await resourcesOf({
      notifications: { emails: { devops: "devops@coinestate.io" }, routes: { P0: ["email"], P1: ["email"], P2: ["email"], P3: ["email"] } },
    });
    const rules = ofType(resources, "cloudwatch/eventRule:EventRule").filter(({ name }) => name.startsWith("coinestate-prod-use1-backup-"));
    expect(rules.map(({ name }) => name).sort()).toEqual([
      "coinestate-prod-use1-backup-backup",
      "coinestate-prod-use1-backup-copy",
      "coinestate-prod-use1-backup-restore",
    ]);
    const pattern = JSON.parse(String(rules.find(({ name }) => name.endsWith("-backup"))!.inputs.eventPattern));
    expect(pattern.detail.state).toEqual(["ABORTED", "EXPIRED", "FAILED", "PARTIAL"]);
    expect(
      ofType(resources, "cloudwatch/eventTarget:EventTarget").filter(({ name }) => name.startsWith("coinestate-prod-use1-backup-")),
    ).toHaveLength(3);
    expect(ofType(resources, "backup/vaultNotifications:VaultNotifications")).toHaveLength(1);
  });

  test("a bucket that is copied within minutes is critical; one that is not cannot be", () => {
    const problems = (edits: object) =>
      examine(rawConfig("bench/production", { ...dataStores, ...edits })).problems.map(({ path }) => path.join("."));
    expect(problems({ "buckets.kyc.recoveryClass": "critical" })).toEqual([]);
    expect(problems({ "buckets.metadata.recoveryClass": "critical" })).toEqual(["buckets.metadata.recoveryClass"]);
  });
});
