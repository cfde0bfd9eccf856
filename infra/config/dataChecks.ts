/** Rules between data stores, and between them and the rest of the config. */
import { windowsApart } from "../../components/database/windows.ts";
import { serviceConnections } from "./connectChecks.ts";
import { type ConfigPath, inConfig, type Problem, setCommand, showValue } from "./problem.ts";
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
    if (database.engine !== "dynamodb")
      problems.push(
        ...windowsApart("backupWindow", database.backupWindow, database.maintenanceWindow).map((broken) => inConfig(at, broken)),
      );
    else problems.push(...keyTypes(at, database));
    if (protect) problems.push(...retention(at, database));
  }
  problems.push(...bucketRules(config, protect), ...fileSystemRules(config, protect));
  return problems;
}

function postgresRules(at: ConfigPath, database: Postgres): Problem[] {
  const problems: Problem[] = [];
  const least = Math.ceil((database.storageGib * 11) / 10);
  if (database.maximumStorageGib !== undefined && database.maximumStorageGib < least) {
    problems.push({
      path: [...at, "maximumStorageGib"],
      found: `is ${database.maximumStorageGib} with ${database.storageGib} GiB of storage`,
      allowed: `at least ${least}, a tenth above the storage`,
      fix: setCommand([...at, "maximumStorageGib"], least),
    });
  }
  if (database.recoveryClass === "critical" && !database.multiAz) {
    problems.push({
      path: [...at, "multiAz"],
      found: "is false for a critical database",
      reason: "a restore takes longer than the hour in which a critical store has to be back",
      allowed: "true, or a lower recoveryClass",
      fix: setCommand([...at, "multiAz"], true),
    });
  }
  if (database.databaseName.includes("-")) {
    problems.push({
      path: [...at, "databaseName"],
      found: `is ${showValue(database.databaseName)}`,
      allowed: "letters, digits and underscores for PostgreSQL",
      fix: setCommand([...at, "databaseName"], database.databaseName.replaceAll("-", "_")),
    });
  }
  return [...problems, ...distinctUsers(at, database)];
}

function distinctUsers(at: ConfigPath, { masterUser, applicationUser }: Postgres | DocumentDb): Problem[] {
  if (masterUser !== applicationUser) return [];
  return [
    {
      path: [...at, "applicationUser"],
      found: `is ${showValue(applicationUser)}, the master user`,
      allowed: "a limited user of its own; services never log in as the master user",
      fix: setCommand([...at, "applicationUser"], applicationUser === "app_user" ? "application" : "app_user"),
    },
  ];
}

function documentRules(at: ConfigPath, database: DocumentDb, { network }: PartialStackConfig): Problem[] {
  const problems = distinctUsers(at, database);
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

function keyTypes(at: ConfigPath, table: Extract<Database, { readonly engine: "dynamodb" }>): Problem[] {
  const types = new Map<string, string>();
  const keyed: [ConfigPath, { readonly name: string; readonly type: string } | undefined][] = [
    [["partitionKey"], table.partitionKey],
    [["sortKey"], table.sortKey],
    ...Object.entries(table.indexes).flatMap(
      ([index, keys]): [ConfigPath, { readonly name: string; readonly type: string } | undefined][] => [
        [["indexes", index, "partitionKey"], keys.partitionKey],
        [["indexes", index, "sortKey"], keys.sortKey],
      ],
    ),
  ];
  return keyed.flatMap(([path, key]) => {
    if (key === undefined) return [];
    const other = types.get(key.name);
    types.set(key.name, other ?? key.type);
    if (other === undefined || other === key.type) return [];
    const full = [...at, ...path, "type"];
    return [
      {
        path: full,
        found: `is ${showValue(key.type)}, and ${showValue(other)} in another key`,
        allowed: `one type for attribute ${key.name}`,
        fix: setCommand(full, other),
      },
    ];
  });
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
    if (bucket.expireDays !== undefined && bucket.infrequentDays !== undefined && bucket.expireDays <= bucket.infrequentDays) {
      problems.push({
        path: [...at, "expireDays"],
        found: `is ${bucket.expireDays}, not after the move to the cheaper class at ${bucket.infrequentDays}`,
        allowed: `more than ${bucket.infrequentDays}`,
        fix: setCommand([...at, "expireDays"], bucket.infrequentDays + 1),
      });
    }
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
