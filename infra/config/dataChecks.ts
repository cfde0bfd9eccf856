/** Rules between data stores, and between them and the rest of the config. */
import { serviceConnections } from "./connectChecks.ts";
import { type ConfigPath, type Problem, setCommand, showValue } from "./problem.ts";
import type { PartialStackConfig, StackConfig } from "./stack.ts";

type Database = StackConfig["databases"][string];
type Postgres = Extract<Database, { readonly engine: "postgres" }>;
type DocumentDb = Extract<Database, { readonly engine: "documentdb" }>;

/** Fewest days of point-in-time recovery in a protected stack. */
const protectedRetentionDays = 7;

/** Everything that is wrong with the data stores. */
export function dataRules(config: PartialStackConfig): Problem[] {
  const protect = config.protect === true;
  const problems = serviceConnections(config);
  for (const [name, database] of Object.entries(config.databases ?? {})) {
    const at = ["databases", name];
    if (database.engine === "postgres") problems.push(...postgresRules(at, database));
    if (database.engine === "documentdb") problems.push(...documentRules(at, database, config));
    if (protect) problems.push(...retention(at, database));
  }
  problems.push(...bucketRules(config, protect), ...fileSystemRules(config, protect));
  return problems;
}

function postgresRules(at: ConfigPath, { recoveryClass, multiAz }: Postgres): Problem[] {
  if (recoveryClass !== "critical" || multiAz) return [];
  return [
    {
      path: [...at, "multiAz"],
      found: "is false for a critical database",
      reason: "a restore takes longer than the hour in which a critical store has to be back",
      allowed: "true, or a lower recoveryClass",
      fix: setCommand([...at, "multiAz"], true),
    },
  ];
}

function documentRules(at: ConfigPath, database: DocumentDb, { network }: PartialStackConfig): Problem[] {
  const problems: Problem[] = [];
  const zones = network?.zones.length;
  if (zones !== undefined && database.instances > zones) {
    problems.push({
      path: [...at, "instances"],
      found: `is ${database.instances} with ${zones} zones`,
      allowed: `at most ${zones}, one instance a zone`,
      fix: setCommand([...at, "instances"], zones),
    });
  } else if (database.recoveryClass === "critical" && database.instances < 2) {
    problems.push({
      path: [...at, "instances"],
      found: `is ${database.instances} for a critical database`,
      allowed: "two or more, so that one takes over at once; or a lower recoveryClass",
      fix: setCommand([...at, "instances"], 2),
    });
  }
  return problems;
}

function retention(at: ConfigPath, database: Database): Problem[] {
  const key = database.engine === "dynamodb" ? "pointInTimeDays" : "backupRetentionDays";
  const days = database.engine === "dynamodb" ? database.pointInTimeDays : database.backupRetentionDays;
  if (days >= protectedRetentionDays) return [];
  return [
    {
      path: [...at, key],
      found: `is ${days} in a protected stack`,
      allowed: `at least ${protectedRetentionDays} days where protect is true`,
      fix: setCommand([...at, key], protectedRetentionDays),
    },
  ];
}

function bucketRules({ buckets = {}, aws }: PartialStackConfig, protect: boolean): Problem[] {
  return Object.entries(buckets).flatMap(([name, bucket]) => {
    const at = ["buckets", name];
    const problems: Problem[] = [];
    if (bucket.purpose !== "documents") return problems;
    if (bucket.lock.mode === "compliance" && !protect) {
      problems.push({
        path: [...at, "lock", "mode"],
        found: 'is "compliance" in a stack that is not protected',
        reason: "nobody could delete the bucket, and the stack could never be destroyed",
        allowed: "governance, or protect: true",
        fix: setCommand([...at, "lock", "mode"], "governance"),
      });
    }
    if (bucket.replicaRegion !== undefined && bucket.replicaRegion === aws?.region) {
      problems.push({
        path: [...at, "replicaRegion"],
        found: `is ${showValue(bucket.replicaRegion)}, where the bucket itself is`,
        allowed: "another region",
        fix: setCommand([...at, "replicaRegion"], aws.region === "us-west-2" ? "us-east-1" : "us-west-2"),
      });
    }
    return problems;
  });
}

function fileSystemRules({ fileSystems = {} }: PartialStackConfig, protect: boolean): Problem[] {
  return Object.entries(fileSystems).flatMap(([name, files]) => {
    const at = ["fileSystems", name];
    const problems: Problem[] = [];
    if (files.recoveryClass !== "medium") {
      problems.push({
        path: [...at, "recoveryClass"],
        found: `is ${showValue(files.recoveryClass)}`,
        reason: "EFS is backed up daily, so that up to 24 hours can be lost",
        allowed: "medium; or keep the files in a bucket",
        fix: setCommand([...at, "recoveryClass"], "medium"),
      });
    }
    if (protect && !files.dailyBackup) {
      problems.push({
        path: [...at, "dailyBackup"],
        found: "is false in a protected stack",
        allowed: "true where protect is true",
        fix: setCommand([...at, "dailyBackup"], true),
      });
    }
    return problems;
  });
}
