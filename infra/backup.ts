/** Backups of a stack: in each of its regions a vault, a role, plans, tests; copies in one region more. */
import { jsonStringify, type Output } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../components/alarms/alarmDefinition.ts";
import { backupAlarms } from "../components/backup/alarms.ts";
import { BackupNotifications } from "../components/backup/backupNotifications.ts";
import { BackupPlan, type CopyTarget } from "../components/backup/backupPlan.ts";
import { BackupRole } from "../components/backup/backupRole.ts";
import { BackupVault } from "../components/backup/backupVault.ts";
import { BackupOptIn } from "../components/backup/optIn.ts";
import { PointInTimeCopy } from "../components/backup/pointInTimeCopy.ts";
import { RestoreTesting, restoreTestName, type TestedStore } from "../components/backup/restoreTesting.ts";
import { type BackedUpType, boundsOf } from "../components/backup/retention.ts";
import { longestGapMinutes } from "../components/backup/schedule.ts";
import { required } from "../components/byName.ts";
import type { DatabaseAccess } from "../components/database/access.ts";
import { EncryptionKey } from "../components/encryption/encryptionKey.ts";
import { type RecoveryClass, recoveryCoverage, type StoreCoverage } from "../components/environment/contract/recoveryCoverage.ts";
import type { Place } from "../components/environment/place.ts";
import type { StackConfig } from "./config/stack.ts";
import type { RegionNotifications } from "./notifications.ts";
import type { StackRegion } from "./region.ts";

type BackedUpRegion = Pick<StackRegion, "name" | "data" | "place">;

/** What backups are made from. */
interface BackupArgs {
  readonly config: StackConfig;
  /** Regions of the stack, the primary first. */
  readonly regions: readonly BackedUpRegion[];
  /** Topics by region. @default nobody is notified by them */
  readonly notifications?: RegionNotifications;
}

/** One store that is backed up, as commands need it. */
interface BackedUpStore {
  readonly arn: Output<string>;
  readonly type: BackedUpType;
  /** Its RTO and RPO; the class's minutes are in config. */
  readonly recoveryClass: RecoveryClass | "none";
}

/** Outputs of one region. */
export interface BackupOutputs {
  readonly vaultName: Output<string>;
  readonly vaultArn: Output<string>;
  readonly roleArn: Output<string>;
  /** Stores by area and name, `databases-main`. */
  readonly stores: Readonly<Record<string, BackedUpStore>>;
}

/** What was declared. */
interface Backups {
  /** By AWS region. */
  readonly outputs: Readonly<Record<string, BackupOutputs>>;
  readonly alarms: readonly AlarmDefinition[];
}

/** A store of one region that a plan takes. */
interface Taken extends StoreCoverage, TestedStore {
  readonly type: BackedUpType;
  readonly arn: Output<string>;
}

/** A vault and its own key. */
interface Vault {
  readonly vault: BackupVault;
  readonly keyArn: Output<string>;
}

/** Declares the backups of every region that has a store in a plan. @returns nothing for a stack without plans or stores */
export function declareBackup(args: BackupArgs): Backups {
  const outputs: Record<string, BackupOutputs> = {};
  const alarms: AlarmDefinition[] = [];
  for (const region of args.regions) {
    const taken = storesOf(args.config, region);
    if (Object.keys(taken).length === 0) continue;
    const made = declareRegion(args, region, taken);
    outputs[region.name] = made.outputs;
    alarms.push(...made.alarms);
  }
  return { outputs, alarms };
}

function declareRegion(
  args: BackupArgs,
  { place, data }: BackedUpRegion,
  taken: Readonly<Record<string, Taken>>,
): { outputs: BackupOutputs; alarms: AlarmDefinition[] } {
  const { config, notifications = {} } = args;
  const { backup } = config;
  const { region } = place;
  const name = place.names.regional("backup");
  const types = [...new Set(Object.values(taken).map(({ type }) => type))].sort();
  const bounds = boundsOf(backup.lock);
  const { vault } = vaultIn(place, config, name, "backups");
  const role = place.make(BackupRole, name, { types });
  const copyTo = copyVault(config, place, name, data.databases);
  if (backup.ownsRegionSettings) place.make(BackupOptIn, name, {});
  for (const [plan, { rules }] of Object.entries(backup.plans)) {
    const stores = Object.fromEntries(Object.entries(taken).filter(([, { plans }]) => plans.includes(plan)));
    if (Object.keys(stores).length === 0) continue;
    // A region that holds the copies itself keeps its own backups and no second ones.
    const kept =
      copyTo === undefined ? Object.fromEntries(Object.entries(rules).map(([rule, { copy: _, ...rest }]) => [rule, rest])) : rules;
    place.make(BackupPlan, `${name}-${plan}`, { vaultName: vault.vaultName, bounds, rules: kept, stores, roleArn: role.arn, copyTo });
  }
  const topicArn = notifications[region]?.topicArns[backup.severity];
  const told =
    topicArn === undefined
      ? undefined
      : place.make(BackupNotifications, name, { vaultName: vault.vaultName, vaultArn: vault.arn, topicArn });
  if (backup.restoreTesting !== undefined) {
    place.make(RestoreTesting, name, {
      planName: restoreTestName(place.names.region),
      ...backup.restoreTesting,
      vaultArns: [vault.arn],
      stores: taken,
      roleArn: role.arn,
    });
  }
  const rules = Object.values(backup.plans).flatMap((plan) => Object.values(plan.rules));
  return {
    outputs: {
      vaultName: vault.vaultName,
      vaultArn: vault.arn,
      roleArn: role.arn,
      stores: Object.fromEntries(
        Object.entries(taken).map(([key, { arn, type, recoveryClass }]) => [key, { arn, type, recoveryClass: recoveryClass ?? "none" }]),
      ),
    },
    alarms: backupAlarms({
      region,
      vaultName: vault.vaultName,
      types,
      copiesVaultName: rules.some(({ copy }) => copy !== undefined) ? copyTo?.vaultName : undefined,
      daily: rules.some(({ schedule }) => (longestGapMinutes(schedule) ?? Number.POSITIVE_INFINITY) <= 1440),
      severity: backup.severity,
      rules: told === undefined ? undefined : Object.values(told.nodes.rules).map((rule) => rule.name),
    }),
  };
}

function vaultIn(place: Place, { backup }: StackConfig, name: string, what: string): Vault {
  const { arn: keyArn } = place.make(EncryptionKey, `${name}-key`, { description: place.title(what) });
  return { vault: place.make(BackupVault, name, { keyArn, lock: backup.lock }), keyArn };
}

/** Vault and key of the copies, and what RDS keeps up there by itself. */
function copyVault(
  config: StackConfig,
  place: Place,
  name: string,
  databases: StackRegion["data"]["databases"],
): (CopyTarget & { readonly vaultName: Output<string> }) | undefined {
  const { copyRegion, lock, pointInTimeCopies } = config.backup;
  const { region } = place;
  if (copyRegion === undefined || copyRegion === region) return undefined;
  const there = place.in(copyRegion);
  const copies = `${name}-${there.names.code}`;
  const { vault, keyArn } = vaultIn(there, config, copies, `copies of backups of ${region}`);
  for (const database of pointInTimeCopies) {
    const settings = required(config.databases, database, "database with point-in-time copies");
    if (region !== config.aws.region && !Object.hasOwn(databases, database)) continue; // a standby region may hold fewer stores
    if (settings.engine !== "postgres") throw new Error(`backup.pointInTimeCopies: ${database} is not on PostgreSQL`);
    there.make(PointInTimeCopy, `${copies}-${database}`, {
      databaseArn: required(databases, database, "database with point-in-time copies").arn,
      keyArn,
      retentionDays: settings.backupRetentionDays,
    });
  }
  return { vaultArn: vault.arn, vaultName: vault.vaultName, bounds: boundsOf(lock) };
}

/** Stores of a region that a plan takes, by area and name. A region that only follows another may hold fewer. */
function storesOf(config: StackConfig, { name: region, data }: BackedUpRegion): Record<string, Taken> {
  return Object.fromEntries(
    recoveryCoverage(config).flatMap((store): [string, Taken][] => {
      const { area, name, type, plans } = store;
      if (type === undefined || plans.length === 0 || area === "caches") return [];
      if (region !== config.aws.region && !Object.hasOwn(data[area], name)) return [];
      const access = required<{ readonly arn: Output<string> }>(data[area], name, `store of ${area} in a backup plan`);
      const restoreWith = area === "databases" ? placeOf(data.databases[name]) : undefined;
      return [[`${area}-${name}`, { ...store, type, arn: access.arn, restoreWith }]];
    }),
  );
}

/** Where a restored database stands: without it AWS takes the default VPC, which may not be there and is not closed. */
function placeOf(database: DatabaseAccess | undefined): TestedStore["restoreWith"] {
  if (database?.kind !== "network") return undefined;
  const { subnetGroupName, securityGroupId } = database;
  return { dbSubnetGroupName: subnetGroupName, vpcSecurityGroupIds: jsonStringify([securityGroupId]) };
}
