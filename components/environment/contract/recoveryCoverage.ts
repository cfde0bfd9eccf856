/** What each data store of a stack can be brought back from, and how much of it would be lost. Pure. */
import type { BackedUpType } from "../../backup/retention.ts";
import { longestGapMinutes } from "../../backup/schedule.ts";
import type { PartialStackConfig, StackConfig } from "../contract.ts";

/** Areas whose stores AWS Backup can back up. */
export const planAreas = ["databases", "buckets", "fileSystems"] as const;
type PlanArea = (typeof planAreas)[number];

/** A recovery class, as `slipway:backup.classes` names them. */
export type RecoveryClass = keyof StackConfig["backup"]["classes"];

/** One thing that a store can be brought back from. */
interface RecoverySource {
  /** For people: `point-in-time recovery`, `plan main, rule daily`. */
  readonly what: string;
  /** Minutes of data that are lost when this is all that is left, by its interval. */
  readonly lossMinutes: number;
  /** Days back that it reaches. */
  readonly keptDays: number;
}

/** One store, and what protects it. */
export interface StoreCoverage {
  readonly area: PlanArea | "caches";
  readonly name: string;
  /** What AWS Backup calls it; undefined for what it does not know. */
  readonly type: BackedUpType | undefined;
  /** @default none: all of it may be lost */
  readonly recoveryClass: RecoveryClass | undefined;
  /** Reason that config gives for leaving it out of every plan. @default not left out */
  readonly exempt: string | undefined;
  /** Plans that take it. */
  readonly plans: readonly string[];
  readonly sources: readonly RecoverySource[];
}

/** Minutes that RDS, DocumentDB and DynamoDB are behind with the newest moment that can be restored, by AWS's own word. */
export const pointInTimeLag = 5;

/** Minutes in which S3's replication time control has an object replicated. */
const replicationLag = 15;

const dayMinutes = 1440;

/** Every data store of the stack. Areas that could not be read are left out. */
export function recoveryCoverage(config: PartialStackConfig): StoreCoverage[] {
  const { databases = {}, buckets = {}, fileSystems = {}, caches = {} } = config;
  return [
    ...Object.entries(databases).map(([name, database]) =>
      coverageOf(config, "databases", name, databaseTypes[database.engine], database.recoveryClass, [
        {
          what: "point-in-time recovery",
          lossMinutes: pointInTimeLag,
          keptDays: database.engine === "dynamodb" ? database.pointInTimeDays : database.backupRetentionDays,
        },
      ]),
    ),
    ...Object.entries(buckets).map(([name, bucket]) =>
      // Versions bring a deleted object back and go with the bucket, so they are not what the class is about.
      coverageOf(
        config,
        "buckets",
        name,
        "S3",
        bucket.recoveryClass,
        bucket.purpose === "documents" && bucket.replicaRegion !== undefined
          ? [
              {
                what: `copy in ${bucket.replicaRegion}`,
                lossMinutes: replicationLag,
                keptDays: bucket.expireDays ?? Number.POSITIVE_INFINITY,
              },
            ]
          : [],
      ),
    ),
    ...Object.entries(fileSystems).map(([name, files]) =>
      coverageOf(
        config,
        "fileSystems",
        name,
        "EFS",
        files.recoveryClass,
        ownDailyBackup(config, name, files) ? [{ what: "EFS's own daily backup", lossMinutes: dayMinutes, keptDays: 35 }] : [],
      ),
    ),
    ...Object.entries(caches).map(([name, cache]) =>
      coverageOf(
        config,
        "caches",
        name,
        undefined,
        cache.recoveryClass,
        cache.snapshotRetentionDays === 0
          ? []
          : [{ what: "ElastiCache's own daily snapshot", lossMinutes: dayMinutes, keptDays: cache.snapshotRetentionDays }],
      ),
    ),
  ];
}

/** Whether EFS backs a file system up by itself: what a plan takes would be kept, and paid, twice. */
export function ownDailyBackup(config: PartialStackConfig, name: string, { dailyBackup }: { readonly dailyBackup: boolean }): boolean {
  return dailyBackup && plansTaking(config, "fileSystems", name).length === 0;
}

/** Names of the plans that take a store. */
export function plansTaking({ backup }: PartialStackConfig, area: PlanArea, name: string): string[] {
  const exempt = backup?.exempt[area][name];
  return Object.entries(backup?.plans ?? {}).flatMap(([plan, settings]) => (takes(settings, area, name, exempt) ? [plan] : []));
}

const databaseTypes: Readonly<Record<StackConfig["databases"][string]["engine"], BackedUpType>> = {
  postgres: "RDS",
  documentdb: "DocumentDB",
  dynamodb: "DynamoDB",
};

function coverageOf(
  config: PartialStackConfig,
  area: StoreCoverage["area"],
  name: string,
  type: BackedUpType | undefined,
  recoveryClass: RecoveryClass | undefined,
  own: readonly RecoverySource[],
): StoreCoverage {
  const exempt = area === "caches" ? undefined : config.backup?.exempt[area][name];
  const plans = area === "caches" ? [] : plansTaking(config, area, name);
  const fromPlans = plans.flatMap((plan) =>
    Object.entries(config.backup?.plans[plan]?.rules ?? {}).map(([rule, { schedule, deleteAfterDays }]) => ({
      what: `plan ${plan}, rule ${rule}`,
      lossMinutes: longestGapMinutes(schedule) ?? Number.POSITIVE_INFINITY,
      keptDays: deleteAfterDays,
    })),
  );
  const sources = [...own, ...fromPlans].sort((a, b) => a.lossMinutes - b.lossMinutes);
  return { area, name, type, recoveryClass, exempt, plans, sources };
}

function takes({ stores }: StackConfig["backup"]["plans"][string], area: PlanArea, name: string, exempt: string | undefined): boolean {
  return stores === undefined ? exempt === undefined : stores[area].includes(name);
}

/** Minutes after which the newest backup of a store is late: the shortest rhythm of its plans, and the time that a job may take. */
export function lateAfterMinutes(plans: StackConfig["backup"]["plans"], taking: readonly string[]): number {
  const limits = taking.flatMap((plan) =>
    Object.values(plans[plan]?.rules ?? {}).map(
      ({ schedule, completionWindowMinutes }) => (longestGapMinutes(schedule) ?? Number.POSITIVE_INFINITY) + completionWindowMinutes,
    ),
  );
  return Math.min(Number.POSITIVE_INFINITY, ...limits);
}

/**
 * Minutes after which the newest copy of a rule's backups is late: the rule's rhythm, the time that a backup may take, and as long again
 * for the copy, which AWS begins when the backup is there and gives no time of its own.
 */
export function lateCopyAfterMinutes({ schedule, completionWindowMinutes }: { schedule: string; completionWindowMinutes: number }): number {
  return (longestGapMinutes(schedule) ?? Number.POSITIVE_INFINITY) + 2 * completionWindowMinutes;
}
