/** RDS, DocumentDB and DynamoDB: databases and their state. One that is there is available, unless somebody has set another state. */
import type { DBCluster, DocDB, DBInstance as DocDBInstance } from "@aws-sdk/client-docdb";
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import type { DBInstance, DescribeDBInstancesMessage, RDS } from "@aws-sdk/client-rds";
import { restorableUntil } from "../cloud/aws/backupJobs.ts";
import { deferred, pendingReboot, pendingValues } from "../cloud/aws/pendingChanges.ts";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject } from "../cloud/liveStore.ts";
import { valuesAt } from "../cloud/references.ts";
import { isObject, objectsIn, type Properties, type Value } from "../provider/values.ts";
import { servers, serverType } from "./databaseServers.ts";
import { type Asked, here, type OperationsOf, pageOf } from "./operation.ts";

const documentInstance = "aws:docdb/clusterInstance:ClusterInstance";

/** All of a type, or the one that is named. @throws CloudError when it is not there */
function named(type: string, property: string, name: string | undefined, code: string, asked: Asked): LiveObject[] {
  const all = here(type, asked);
  if (name === undefined) return all;
  const found = all.filter(({ properties }) => properties[property] === name);
  if (found.length === 0) throw new CloudError(code, `${name} not found.`);
  return found;
}

function pageOfDatabases<Item>(
  items: readonly Item[],
  { Marker, MaxRecords = 100 }: { Marker?: string | undefined; MaxRecords?: number | undefined },
) {
  const page = pageOf(items, Marker, MaxRecords);
  return { items: [...page.items], ...(page.next === undefined ? {} : { Marker: page.next }) };
}

function instanceOf({ id, scope, properties }: LiveObject, { store }: Asked): DBInstance & DocDBInstance {
  const { identifier, arn, status, engine, replicateSourceDb, tags, parameterGroupName } = properties;
  const waiting = store.get(pendingValues, id, scope)?.properties ?? {};
  const reboots = waitsForAReboot(parameterGroupName, scope, store);
  return {
    ...{ DBInstanceIdentifier: String(identifier), DBInstanceArn: String(arn), Engine: String(engine) },
    DBInstanceStatus: String(status ?? "available"),
    ...(typeof replicateSourceDb === "string" && replicateSourceDb !== ""
      ? { ReadReplicaSourceDBInstanceIdentifier: replicateSourceDb }
      : {}),
    PendingModifiedValues: Object.fromEntries(
      Object.entries(deferred).flatMap(([name, key]) => (name in waiting ? [[key, waiting[name]]] : [])),
    ),
    ...(typeof parameterGroupName === "string"
      ? { DBParameterGroups: [{ DBParameterGroupName: parameterGroupName, ParameterApplyStatus: reboots ? "pending-reboot" : "in-sync" }] }
      : {}),
    TagList: tagsOf(tags),
  };
}

/** What RDS tells of a server beside what every engine does. */
function serverOf(server: LiveObject, asked: Asked): DBInstance {
  const { properties: own } = server;
  const text = (name: string) => (typeof own[name] === "string" && own[name] !== "" ? String(own[name]) : undefined);
  const list = (name: string) => valuesAt(own, `${name}[]`);
  const [secret] = objectsIn(own.masterUserSecrets);
  const followers = asked.store
    .all("aws:rds/instance:Instance")
    .filter(({ properties: { replicateSourceDb: source } }) => source === own.arn);
  return Object.fromEntries(
    Object.entries({
      ...instanceOf(server, asked),
      // A replica is told no engine, and has its source's.
      Engine: text("engine") ?? "postgres",
      ...{ DbiResourceId: text("resourceId") ?? server.id, DBInstanceClass: text("instanceClass"), MultiAZ: own.multiAz === true },
      ...{
        AllocatedStorage: Number(own.allocatedStorage ?? 0),
        MaxAllocatedStorage: own.maxAllocatedStorage,
        StorageType: text("storageType"),
      },
      ...{ DBSubnetGroup: { DBSubnetGroupName: text("dbSubnetGroupName") }, KmsKeyId: text("kmsKeyId"), DBName: text("dbName") },
      VpcSecurityGroups: list("vpcSecurityGroupIds").map((VpcSecurityGroupId) => ({ VpcSecurityGroupId, Status: "active" })),
      ...{ DeletionProtection: own.deletionProtection === true, CopyTagsToSnapshot: own.copyTagsToSnapshot === true },
      ...{
        IAMDatabaseAuthenticationEnabled: own.iamDatabaseAuthenticationEnabled === true,
        PubliclyAccessible: own.publiclyAccessible === true,
      },
      EnabledCloudwatchLogsExports: list("enabledCloudwatchLogsExports"),
      ...{ AutoMinorVersionUpgrade: own.autoMinorVersionUpgrade === true, CACertificateIdentifier: text("caCertIdentifier") },
      ...{ BackupRetentionPeriod: Number(own.backupRetentionPeriod ?? 0), PreferredBackupWindow: text("backupWindow") },
      ...{ PreferredMaintenanceWindow: text("maintenanceWindow"), PerformanceInsightsEnabled: own.performanceInsightsEnabled === true },
      ...{ PerformanceInsightsKMSKeyId: text("performanceInsightsKmsKeyId"), DatabaseInsightsMode: text("databaseInsightsMode") },
      PerformanceInsightsRetentionPeriod: own.performanceInsightsRetentionPeriod,
      MasterUserSecret:
        secret === undefined ? undefined : { SecretArn: String(secret.secretArn), KmsKeyId: text("masterUserSecretKmsKeyId") },
      LatestRestorableTime: own.replicateSourceDb ? undefined : restorableUntil(asked.store, server),
      Endpoint: { Address: text("address"), Port: Number(own.port ?? 5432) },
      ReadReplicaDBInstanceIdentifiers: followers.map(({ properties: { arn } }) => String(arn)),
    }).filter(([, value]) => value !== undefined && value !== null),
  ) as DBInstance;
}

/** The group has a static parameter that none of its servers has taken up. */
function waitsForAReboot(group: Value | undefined, scope: string, store: Asked["store"]): boolean {
  return store.all(pendingReboot).some((waiting) => waiting.scope === scope && waiting.id === group);
}

function tagsOf(tags: Properties[string] | undefined): { Key: string; Value: string }[] {
  return isObject(tags) ? Object.entries(tags).map(([Key, value]) => ({ Key, Value: String(value) })) : [];
}

const instances =
  (type: string, told: (live: LiveObject, asked: Asked) => DBInstance & DocDBInstance = instanceOf) =>
  (input: Pick<DescribeDBInstancesMessage, "DBInstanceIdentifier" | "Marker" | "MaxRecords">, asked: Asked) => {
    const found = named(type, "identifier", input.DBInstanceIdentifier, "DBInstanceNotFound", asked);
    const { items, ...more } = pageOfDatabases(
      found.map((instance) => told(instance, asked)),
      input,
    );
    return { DBInstances: items, ...more };
  };

export const relational = {
  ...servers,
  DescribeDBInstances: instances(serverType, (live, asked) => serverOf(live, asked) as DBInstance & DocDBInstance),
} satisfies OperationsOf<RDS>;

export const documents = {
  DescribeDBClusters: (input, asked) => {
    const found = named("aws:docdb/cluster:Cluster", "clusterIdentifier", input.DBClusterIdentifier, "DBClusterNotFoundFault", asked);
    const clusters = found.map(
      ({ scope, properties: { clusterIdentifier, arn, status, dbClusterParameterGroupName: group } }): DBCluster => ({
        ...{ DBClusterIdentifier: String(clusterIdentifier), DBClusterArn: String(arn) },
        ...{ Engine: "docdb", Status: String(status ?? "available"), DBClusterParameterGroup: String(group) },
        // Source: DocumentDB API, DBClusterMember: an instance says nothing of the cluster's parameters, its cluster does.
        DBClusterMembers: here(documentInstance, asked)
          .filter(({ properties }) => properties.clusterIdentifier === clusterIdentifier)
          .map(({ properties: { identifier } }) => ({
            DBInstanceIdentifier: String(identifier),
            DBClusterParameterGroupStatus: waitsForAReboot(group, scope, asked.store) ? "pending-reboot" : "in-sync",
          })),
      }),
    );
    const { items, ...more } = pageOfDatabases(clusters, input);
    return { DBClusters: items, ...more };
  },

  DescribeDBInstances: instances(documentInstance),
} satisfies OperationsOf<DocDB>;

export const tables = {
  DescribeTable: ({ TableName = "" }, asked) => {
    const found = here("aws:dynamodb/table:Table", asked).find(({ properties: { name, arn } }) => [name, arn].includes(TableName));
    if (found === undefined)
      throw new CloudError("ResourceNotFoundException", `Requested resource not found: Table: ${TableName} not found`);
    const { name, arn, status } = found.properties;
    return { Table: { TableName: String(name), TableArn: String(arn), TableStatus: String(status ?? "ACTIVE") as "ACTIVE" } };
  },
} satisfies OperationsOf<DynamoDB>;
