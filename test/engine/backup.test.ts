/** Backups on the real engine: made, left alone, guarded, used, and taken away. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recoveryPointType } from "../../sandbox/cloud/aws/backupJobs.ts";
import { dataStores } from "../harness/dataStack.ts";
import { onlyApi, scarcelyWatched, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const { databases, buckets } = dataStores as { databases: Record<string, object>; buckets: Record<string, object> };
const stores = {
  databases: { main: databases.main, contracts: databases.contracts },
  buckets: { metadata: buckets.metadata },
  fileSystems: { uploads: {} },
};
const plan = { databases: ["main", "contracts"], buckets: ["metadata"], fileSystems: ["uploads"] };
const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];

describe("backups", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  beforeAll(async () => {
    stack.set({
      ...stores,
      "network.zones": zones,
      "backup.lock": { mode: "governance", minimumDays: 7, maximumDays: 400 },
      "backup.copyRegion": "us-west-2",
      "backup.pointInTimeCopies": ["main"],
      "backup.ownsRegionSettings": true,
      "backup.restoreTesting": {},
      "backup.plans.main": {
        stores: plan,
        rules: { daily: { schedule: "cron(0 7 * * ? *)", deleteAfterDays: 7, copy: { deleteAfterDays: 30 } } },
      },
    });
    await stack.prepare();
  });
  afterAll(() => stack.remove());

  test("a second update has nothing to do, and nothing has drifted", async () => {
    const again = await stack.up("--expect-no-changes");
    expect(again.exitCode, again.stdout + again.stderr).toBe(0);
    const refreshed = await stack.refresh("--expect-no-changes");
    expect(refreshed.exitCode, refreshed.stdout + refreshed.stderr).toBe(0);
  });

  test("a database that is taken out of the plan fails the preview with its name, and the mend brings it back", async () => {
    stack.set({ "backup.plans.main.stores.databases": ["contracts"] });
    const { exitCode, stdout, stderr } = await stack.slipway("preview", "--stack", "staging", "--non-interactive");
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).toContain("slipway:databases.main");
    expect(stdout + stderr).toContain("is in no backup plan");
    expect(stdout + stderr).toContain("pulumi config set --stack staging --path 'slipway:backup.plans.main.stores.databases[1]' main");
    stack.set({ "backup.plans.main.stores.databases": ["main", "contracts"] });
    expect((await stack.preview()).changes).toEqual([]);
  });

  test("a backup now is in the vault with its reason; one outside the lock fails as its job does", async () => {
    const missing = await stack.slipway("backup", "verify", "--stack", "staging");
    expect(missing.exitCode).toBe(1);
    expect(missing.stdout).toContain("MISSING");
    const bad = await stack.slipway(
      "backup",
      "start",
      "--stack",
      "staging",
      "--store",
      "databases-main",
      "--reason",
      "too short",
      "--keep",
      "3",
    );
    expect(bad.exitCode).toBe(1);
    expect(bad.stdout).toContain("Retention of 3 days is outside the vault lock: minimum 7, maximum 400 days");
    expect(stack.live(recoveryPointType)).toEqual([]);
    const good = await stack.slipway("backup", "start", "--stack", "staging", "--reason", "before release 1.4");
    expect(good.exitCode, good.stdout + good.stderr).toBe(0);
    expect(stack.live(recoveryPointType).map(({ properties }) => (properties.tags as { Reason: string }).Reason)).toEqual(
      Array(4).fill("before release 1.4"),
    );
    const listed = await stack.slipway("backup", "list", "--stack", "staging");
    expect(listed.stdout).toContain("4 backups in the simulated cloud");
  });

  test("N14 a copy that is not there is a row of its own, and fails the check", async () => {
    const { exitCode, stdout } = await stack.slipway("backup", "verify", "--stack", "staging");
    expect(exitCode, stdout).toBe(1);
    expect(stdout).toMatch(/databases-main .*us-east-1, copy in us-west-2 .*MISSING/);
    const next = /^Next: npx slipway (.*)$/m.exec(stdout)?.[1];
    expect(next).toBe("backup start --stack staging --store buckets-metadata --copy --reason 'its copy is MISSING'");
    const made = await stack.slipway("backup", "start", "--stack", "staging", "--copy", "--reason", "its copy is MISSING");
    expect(made.exitCode, made.stdout + made.stderr).toBe(0);
    expect(made.stdout).toContain("databases-main in us-east-1, copy in us-west-2: COMPLETED");
    const verified = await stack.slipway("backup", "verify", "--stack", "staging");
    expect(verified.exitCode, verified.stdout).toBe(0);
    expect(verified.stdout).toMatch(/Every store has a backup, and every copy of one, that is young enough.*\nNext: nothing to do$/);
  });

  test("a drill brings back what was there at the backup, and leaves the stack as it was", async () => {
    const before = JSON.stringify(stack.live());
    const backup = await stack.slipway("drill", "backup", "--stack", "staging", "--report", "backup.md");
    expect(backup.exitCode, backup.stdout + backup.stderr).toBe(0);
    const report = readFileSync(join(stack.folder, "backup.md"), "utf8");
    expect(report).toContain("| records that came back | 7 of 7 at second 60 | equal, key by key | yes |");
    expect(report).toContain("| writes that are lost | 29, of 300 seconds |");
    expect(report).toContain("modelled and not measured");
    const database = await stack.slipway("drill", "database", "--stack", "staging", "--report", "database.md");
    expect(database.exitCode, database.stdout + database.stderr).toBe(0);
    const told = readFileSync(join(stack.folder, "database.md"), "utf8");
    expect(told).toMatch(/RPO: less than 900 s \| yes/);
    for (const verb of ["grow", "restore"])
      expect(told).toMatch(new RegExp(`\\| slipway database ${verb}, beside RDS's own time \\| [1-9]\\d* requests, \\d+\\.\\d\\d s \\|`));
    const slow = await stack.slipway("drill", "backup", "--stack", "staging", "--restore-minutes", "50");
    expect(slow.exitCode).toBe(1);
    expect(slow.stdout).toContain("BROKEN");
    expect(JSON.stringify(stack.live())).toBe(before);
  });

  test("a restored database has another id, and the state takes it over as the runbook says", async () => {
    const database = stack.live("aws:rds/instance:Instance")[0]!;
    const id = "db-RESTORED0123456789ABCDEFGHI";
    stack.forget(database.id);
    stack.edit({ ...database, id }, (properties) => {
      properties.resourceId = id;
    });
    const file = join(stack.folder, "state.json");
    const pulumi = (...words: string[]) => stack.slipway("pulumi", "--stack", "staging", ...words);
    expect((await pulumi("stack", "export", "--file", file)).exitCode).toBe(0);
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(database.id, id));
    const imported = await pulumi("stack", "import", "--file", file);
    expect(imported.exitCode, imported.stdout + imported.stderr).toBe(0);
    const refreshed = await stack.refresh();
    expect(refreshed.exitCode, refreshed.stdout + refreshed.stderr).toBe(0);
    expect((await stack.preview()).changes).toEqual([]);
  });

  test("a lock with other bounds takes the old one's place, and there is never none after", async () => {
    stack.set({ "backup.lock.maximumDays": 500 });
    const { changes } = await stack.preview();
    expect(changes.map(({ name }) => name)).toContain("coinestate-staging-use1-backup");
    const { exitCode, stdout, stderr } = await stack.up();
    expect(exitCode, stdout + stderr).toBe(0);
    const locks = stack.live("aws:backup/vaultLockConfiguration:VaultLockConfiguration");
    expect(locks.map(({ properties }) => properties.maxRetentionDays)).toEqual([500, 500]);
  });

  test("destroy takes the backups of an unprotected stack with it, and leaves nothing", async () => {
    const { exitCode, stdout, stderr } = await stack.destroy();
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stack.live()).toEqual([]);
  });
});

describe("compliance", () => {
  const stack = new StackUnderTest("staging", { ...scarcelyWatched, ...onlyApi });
  const lockType = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
  beforeAll(async () => {
    stack.set({
      protect: true,
      databases: { contracts: databases.contracts },
      "backup.lock": { mode: "compliance", minimumDays: 7, changeableForDays: 3 },
      "backup.restoreTesting": {},
    });
    await stack.prepare();
  });
  afterAll(() => stack.remove());

  test("once its grace is over AWS answers nothing for it, and that is no change", async () => {
    const [lock] = stack.live(lockType);
    expect(lock!.properties.changeableForDays).toBe(3);
    stack.edit(lock!, (properties) => {
      properties.changeableForDays = null;
      properties.lockDate = "2026-01-01T00:00:00.000Z";
    });
    const refreshed = await stack.refresh();
    expect(refreshed.exitCode, refreshed.stdout + refreshed.stderr).toBe(0);
    expect((await stack.preview()).changes).toEqual([]);
  });

  test("nobody takes it away any more: not the engine, and not AWS when the engine may", async () => {
    stack.set({ "backup.lock.minimumDays": 1 });
    const guarded = await stack.up();
    expect(guarded.exitCode).not.toBe(0);
    expect(guarded.stdout + guarded.stderr).toMatch(/protect/);
    expect(stack.live(lockType).map(({ properties }) => properties.minRetentionDays)).toEqual([7]);
  });
});
