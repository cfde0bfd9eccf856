/**
 * RDS: servers restored to a moment, replicated, promoted and renamed by hand. What they take over is what RDS takes over: of a restore little
 * beside the data (API reference, RestoreDBInstanceToPointInTime), of a rename all (guide, "Renaming a DB instance").
 */
import type { RDS } from "@aws-sdk/client-rds";
import { restorableUntil, restoredWrites } from "../cloud/aws/backupJobs.ts";
import { pendingValues } from "../cloud/aws/pendingChanges.ts";
import { loseRecords, recordsAt, type Write, write, writesOf } from "../cloud/aws/records.ts";
import { CloudError } from "../cloud/catalogue.ts";
import { timeIn } from "../cloud/clock.ts";
import type { LiveObject, LiveStore } from "../cloud/liveStore.ts";
import { randomUuid } from "../cloud/randomness.ts";
import type { Properties, Value } from "../provider/values.ts";
import { type Asked, here, type OperationsOf } from "./operation.ts";

export const serverType = "aws:rds/instance:Instance";

/** The provider's properties, by the names of a request. */
const propertyOf: Readonly<Record<string, string>> = {
  AllocatedStorage: "allocatedStorage",
  AutoMinorVersionUpgrade: "autoMinorVersionUpgrade",
  BackupRetentionPeriod: "backupRetentionPeriod",
  CACertificateIdentifier: "caCertIdentifier",
  CopyTagsToSnapshot: "copyTagsToSnapshot",
  DBInstanceClass: "instanceClass",
  DBParameterGroupName: "parameterGroupName",
  DBSubnetGroupName: "dbSubnetGroupName",
  DatabaseInsightsMode: "databaseInsightsMode",
  DeletionProtection: "deletionProtection",
  EnableCloudwatchLogsExports: "enabledCloudwatchLogsExports",
  EnableIAMDatabaseAuthentication: "iamDatabaseAuthenticationEnabled",
  EnablePerformanceInsights: "performanceInsightsEnabled",
  KmsKeyId: "kmsKeyId",
  MaxAllocatedStorage: "maxAllocatedStorage",
  MultiAZ: "multiAz",
  PerformanceInsightsKMSKeyId: "performanceInsightsKmsKeyId",
  PerformanceInsightsRetentionPeriod: "performanceInsightsRetentionPeriod",
  PreferredBackupWindow: "backupWindow",
  PreferredMaintenanceWindow: "maintenanceWindow",
  PubliclyAccessible: "publiclyAccessible",
  StorageType: "storageType",
  VpcSecurityGroupIds: "vpcSecurityGroupIds",
};

/** What a server has that nobody said more of. */
const plain: Properties = {
  ...{ autoMinorVersionUpgrade: true, backupRetentionPeriod: 1, backupWindow: "09:00-09:30", maintenanceWindow: "sat:10:00-sat:10:30" },
  ...{ copyTagsToSnapshot: false, deletionProtection: false, enabledCloudwatchLogsExports: [], iamDatabaseAuthenticationEnabled: false },
  ...{
    multiAz: false,
    performanceInsightsEnabled: false,
    publiclyAccessible: false,
    manageMasterUserPassword: false,
    masterUserSecrets: [],
  },
  ...{ parameterGroupName: "default.postgres", vpcSecurityGroupIds: ["sg-default"], dbSubnetGroupName: "default" },
};

/** Of the data, or of the instance itself: no request can say otherwise. */
const ofTheData = [
  "dbName",
  "engine",
  "engineVersion",
  "engineVersionActual",
  "kmsKeyId",
  "port",
  "storageEncrypted",
  "username",
  "allocatedStorage",
  "storageType",
  "instanceClass",
];

export const servers = {
  RestoreDBInstanceToPointInTime: (input, asked) => {
    const source = serverOf(input.SourceDBInstanceIdentifier, asked);
    const moment = input.UseLatestRestorableTime === true ? restorableUntil(asked.store, source) : input.RestoreTime;
    if (moment === undefined)
      throw new CloudError("InvalidParameterCombination", "Either RestoreTime or UseLatestRestorableTime must be specified.");
    const held = restoredWrites(asked.store, source, moment);
    const made = make(source, String(input.TargetDBInstanceIdentifier), input as unknown as Properties, asked);
    hold(asked.store, String(made.properties.arn), held);
    return {};
  },

  CreateDBInstanceReadReplica: (input, asked) => {
    const given = String(input.SourceDBInstanceIdentifier);
    const { store, place } = asked;
    const source = store
      .all(serverType)
      .find(({ properties, scope }) => properties.arn === given || (scope.endsWith(`/${place.region}`) && properties.identifier === given));
    if (source === undefined) throw new CloudError("DBInstanceNotFound", `DBInstance ${given} not found.`);
    const far = source.scope !== `${place.account}/${place.region}`;
    if (Number(source.properties.backupRetentionPeriod ?? 0) === 0)
      throw new CloudError("InvalidDBInstanceState", "Automated backups are not enabled for this database instance.");
    if (source.properties.manageMasterUserPassword === true)
      throw new CloudError(
        "InvalidParameterValue",
        "You can't create a read replica of a DB instance that manages its master user password in Secrets Manager.",
      );
    if (far && source.properties.storageEncrypted === true && input.KmsKeyId === undefined)
      throw new CloudError(
        "InvalidParameterCombination",
        "A cross-Region replica of an encrypted DB instance needs a KMS key of its own Region.",
      );
    const made = make(source, String(input.DBInstanceIdentifier), { ...input, BackupRetentionPeriod: 0 } as unknown as Properties, asked);
    const replicateSourceDb = far ? String(source.properties.arn) : String(source.properties.identifier);
    store.put({ ...made, properties: { ...made.properties, replicateSourceDb } });
    hold(store, String(made.properties.arn), copied(asked, source));
    return {};
  },

  PromoteReadReplica: ({ DBInstanceIdentifier, BackupRetentionPeriod = 1 }, asked) => {
    const server = serverOf(DBInstanceIdentifier, asked);
    if (typeof server.properties.replicateSourceDb !== "string" || server.properties.replicateSourceDb === "")
      throw new CloudError("InvalidDBInstanceState", `DB Instance ${DBInstanceIdentifier} is not a read replica.`);
    const source = asked.store.all(serverType).find(({ properties }) => properties.arn === server.properties.replicateSourceDb);
    if (source !== undefined) {
      loseRecords(asked.store, String(server.properties.arn));
      hold(asked.store, String(server.properties.arn), copied(asked, source));
    }
    asked.store.put({
      ...server,
      properties: { ...server.properties, replicateSourceDb: "", backupRetentionPeriod: BackupRetentionPeriod },
    });
    return {};
  },

  ModifyDBInstance: (input, asked) => {
    const server = serverOf(input.DBInstanceIdentifier, asked);
    if (String(server.properties.status ?? "available") !== "available")
      throw new CloudError("InvalidDBInstanceState", `DB instance ${input.DBInstanceIdentifier} is not in the available state.`);
    // Without ApplyImmediately a new name waits for the maintenance window (API reference).
    const name = input.ApplyImmediately === true ? input.NewDBInstanceIdentifier : undefined;
    const named = name === undefined ? server : rename(server, name, asked);
    const secret = input.ManageMasterUserPassword === true ? managedSecret(asked) : {};
    grow(server, input.AllocatedStorage, asked);
    // "Any pending modifications are applied" with it (guide, "Schedule modifications setting").
    const pending = input.ApplyImmediately === true ? asked.store.get(pendingValues, server.id, server.scope) : undefined;
    if (pending !== undefined) asked.store.delete(pending);
    asked.store.put({
      ...named,
      properties: { ...named.properties, ...pending?.properties, ...said(input as unknown as Properties), ...secret },
    });
    return {};
  },
} satisfies OperationsOf<RDS>;

/** When a server grew last; no resource of the engine has this type. */
const growthType = "aws:rds/instance:StorageGrowth";

/** Storage never shrinks, and "you can't make further storage modifications until six hours" after one (guide, "Storage optimization"). */
function grow({ id, scope, properties }: LiveObject, gib: number | undefined, { store }: Asked): void {
  const has = Number(properties.allocatedStorage ?? 0);
  if (gib === undefined || gib === has) return;
  if (gib < has)
    throw new CloudError(
      "InvalidParameterCombination",
      `Invalid storage size. Requested storage size (${gib}) cannot be less than the current storage size (${has}).`,
    );
  const now = timeIn(store).getTime();
  const last = Date.parse(String(store.get(growthType, id, scope)?.properties.at));
  if (now - last < 6 * 3_600_000)
    throw new CloudError(
      "InvalidParameterCombination",
      "You can't currently modify the storage of this DB instance because the previous storage change is being optimized.",
    );
  store.put({ type: growthType, id, scope, properties: { at: new Date(now).toISOString() }, createdFor: "by hand" });
}

function serverOf(identifier: string | undefined, asked: Asked): LiveObject {
  const found = here(serverType, asked).find(({ properties }) => properties.identifier === identifier);
  if (found === undefined) throw new CloudError("DBInstanceNotFound", `DBInstance ${identifier} not found.`);
  return found;
}

function make(source: LiveObject, identifier: string, input: Properties, asked: Asked): LiveObject {
  refuseTaken(identifier, asked);
  const { account, region } = asked.place;
  const kept = Object.fromEntries(Object.entries(source.properties).filter(([name]) => ofTheData.includes(name)));
  const id = `db-${randomUuid().replaceAll("-", "").slice(0, 26).toUpperCase()}`;
  const tags = Object.fromEntries(
    (Array.isArray(input.Tags) ? input.Tags : []).map((tag) => [String((tag as Properties).Key), String((tag as Properties).Value)]),
  );
  const secret = input.ManageMasterUserPassword === true ? managedSecret(asked) : {};
  const own = {
    region,
    identifier,
    resourceId: id,
    arn: arnOf(identifier, asked),
    status: "available",
    tags,
    tagsAll: tags,
    replicateSourceDb: "",
  };
  const made: LiveObject = {
    ...{ type: serverType, id, scope: `${account}/${region}`, createdFor: "by hand" },
    properties: { ...plain, ...kept, ...said(input), ...secret, ...own, ...addressOf(source, identifier, region) },
  };
  asked.store.put(made);
  return made;
}

function said(input: Properties): Properties {
  return Object.fromEntries(
    Object.entries(propertyOf).flatMap(([name, property]) => (input[name] === undefined ? [] : [[property, input[name] as Value]])),
  );
}

function managedSecret({ place: { account, region } }: Asked): Properties {
  const id = randomUuid();
  const secretArn = `arn:aws:secretsmanager:${region}:${account}:secret:rds!db-${id}-${id.slice(0, 6)}`;
  return { manageMasterUserPassword: true, masterUserSecrets: [{ secretArn, secretStatus: "active" }] };
}

/** The name is the host's; what follows it is the same for all servers of an account and region. */
function addressOf({ properties }: LiveObject, identifier: string, region: string): Properties {
  const [, hash = ""] = String(properties.address).split(".");
  const address = `${identifier}.${hash}.${region}.rds.amazonaws.com`;
  return { address, endpoint: `${address}:${Number(properties.port ?? 5432)}` };
}

function arnOf(identifier: string, { place: { account, region } }: Asked): string {
  return `arn:aws:rds:${region}:${account}:db:${identifier}`;
}

function refuseTaken(identifier: string, asked: Asked): void {
  if (!/^[a-zA-Z](?:-?[a-zA-Z0-9]){0,62}$/.test(identifier))
    throw new CloudError("InvalidParameterValue", "The parameter DBInstanceIdentifier is not a valid identifier.");
  if (here(serverType, asked).some(({ properties }) => properties.identifier === identifier))
    throw new CloudError("DBInstanceAlreadyExists", "DB instance already exists");
}

/** "All read replicas associated with a DB instance remain associated with that instance after it is renamed" (guide). */
function rename(server: LiveObject, identifier: string, asked: Asked): LiveObject {
  refuseTaken(identifier, asked);
  const { store } = asked;
  const [from, to] = [String(server.properties.arn), arnOf(identifier, asked)];
  for (const follower of store.all(serverType)) {
    const { replicateSourceDb } = follower.properties;
    const beside = follower.scope === server.scope && replicateSourceDb === server.properties.identifier;
    if (replicateSourceDb === from || beside)
      store.put({ ...follower, properties: { ...follower.properties, replicateSourceDb: beside ? identifier : to } });
  }
  hold(store, to, writesOf(store, from));
  loseRecords(store, from);
  return { ...server, properties: { ...server.properties, identifier, arn: to, ...addressOf(server, identifier, asked.place.region) } };
}

function hold(store: LiveStore, arn: string, writes: readonly Write[]): void {
  if (writes.length > 0) write(store, arn, writes);
}

function copied({ store }: Asked, { properties }: LiveObject) {
  const at = timeIn(store).toISOString();
  return Object.entries(recordsAt(writesOf(store, String(properties.arn)))).map(([key, value]) => ({ at, key, value }));
}
