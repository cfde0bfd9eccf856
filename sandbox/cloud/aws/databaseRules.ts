/** Refusals of RDS, DocumentDB and DynamoDB that neither schema facts nor references express. */
import type { Properties } from "../../provider/values.ts";
import { CloudError, onBoth, onCreate, type Rule } from "../catalogue.ts";
import type { LiveStore } from "../liveStore.ts";
import { valuesAt } from "../references.ts";

const instance = "aws:rds/instance:Instance";
const subnet = "aws:ec2/subnet:Subnet";

/** Zones of the named subnets. */
export function zonesOf(subnetIds: Properties[string] | undefined, store: LiveStore): Set<string> {
  const wanted = Array.isArray(subnetIds) ? subnetIds : [];
  const found = store.all(subnet).filter(({ id }) => wanted.includes(id));
  return new Set(found.map(({ properties }) => String(properties.availabilityZone)));
}

/** A subnet group has to cover two zones. */
export const coversTwoZones = (code: string): Rule[] =>
  onBoth(({ subnetIds }, { store }) => {
    const zones = zonesOf(subnetIds, store);
    if (zones.size < 2)
      throw new CloudError(
        code,
        `The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: ${[...zones].join(", ")}. Add subnets to cover at least 2 AZs.`,
      );
  });

const refuse = (
  on: Rule["on"],
  when: (object: Properties, before: Properties) => boolean,
  code: string,
  say: (object: Properties) => string,
): Rule => ({
  on,
  enforce: (object, { before }) => {
    if (when(object, before?.properties ?? {})) throw new CloudError(code, say(object));
  },
});

const isSet = (value: Properties[string] | undefined) => value !== undefined && value !== null && value !== "" && value !== false;

/** Deletion needs protection off, and a name for the last snapshot or the word that none is wanted. */
const deletionRules = (code: string, name: string): Rule[] => [
  refuse(
    "delete",
    ({ deletionProtection }) => deletionProtection === true,
    code,
    (object) =>
      `Cannot delete protected ${name}, please disable deletion protection and try again: ${String(object.identifier ?? object.clusterIdentifier)}`,
  ),
  refuse(
    "delete",
    ({ skipFinalSnapshot, finalSnapshotIdentifier }) => skipFinalSnapshot !== true && !isSet(finalSnapshotIdentifier),
    "InvalidParameterCombination",
    () => `FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified`,
  ),
];

const windows = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/;

/** The backup window may share no minute with the maintenance window. */
const windowsApart = (daily: string, weekly: string): Rule[] =>
  (["create", "update"] as const).map((on) =>
    refuse(
      on,
      (object) => {
        const [, startHour, startMinute, endHour, endMinute] = String(object[daily] ?? "").match(windows) ?? [];
        const [, weekStartHour, weekStartMinute, weekEndHour, weekEndMinute] =
          String(object[weekly] ?? "").match(/^\w{3}:(\d\d):(\d\d)-\w{3}:(\d\d):(\d\d)$/) ?? [];
        if (startHour === undefined || weekStartHour === undefined) return false;
        const minute = (hour: string | undefined, part: string | undefined) => Number(hour) * 60 + Number(part);
        const span = (start: number, end: number): [number, number] => [start, end <= start ? end + 1440 : end];
        const [a, b] = span(minute(startHour, startMinute), minute(endHour, endMinute));
        const [c, d] = span(minute(weekStartHour, weekStartMinute), minute(weekEndHour, weekEndMinute));
        return [-1440, 0, 1440].some((shift) => a < d + shift && c + shift < b);
      },
      "InvalidParameterValue",
      () => "The backup window and maintenance window must not overlap.",
    ),
  );

/** Source: PostgreSQL 17, appendix C "SQL Key Words", those that are reserved in PostgreSQL itself. */
const keyWords = new Set(
  `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog current_date
  current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from
  grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing
  primary references returning select session_user some symmetric system_user table then to trailing true union unique user using variadic
  when where window with`.split(/\s+/),
);

/** Source: RDS API, CreateDBInstance: DBInstanceIdentifier, DBName and MasterUsername of RDS for PostgreSQL. */
const goodNames: Rule["enforce"] = ({ identifier, dbName, username }) => {
  if (isSet(identifier) && !/^[a-zA-Z](?:-?[a-zA-Z0-9]){0,62}$/.test(String(identifier)))
    throw new CloudError("InvalidParameterValue", "The parameter DBInstanceIdentifier is not a valid identifier.");
  if (isSet(dbName) && !/^[a-zA-Z]\w{0,62}$/.test(String(dbName)))
    throw new CloudError("InvalidParameterValue", "DBName must begin with a letter and contain only alphanumeric characters.");
  if (isSet(dbName) && keyWords.has(String(dbName).toLowerCase()))
    throw new CloudError("InvalidParameterValue", `DBName ${String(dbName)} cannot be used. It is a reserved word for this engine`);
  const user = String(username);
  if (isSet(username) && (!/^[a-zA-Z]\w{0,62}$/.test(user) || keyWords.has(user.toLowerCase()) || /^(?:admin|rdsadmin|pg_.*)$/.test(user)))
    throw new CloudError("InvalidParameterValue", `MasterUsername ${user} cannot be used as it is a reserved word used by the engine`);
};

/** Source: RDS API, CreateDBInstanceReadReplica: an ARN is for a source in another region, and none of its subnets are taken then. */
const beside: Rule["enforce"] = (replica) => {
  const [arn, , , sourceRegion] = String(replica.replicateSourceDb ?? "").split(":");
  const alone = arn === "arn" && sourceRegion === replica.region && !isSet(replica.dbSubnetGroupName);
  if (alone && valuesAt(replica, "vpcSecurityGroupIds[]").length > 0)
    throw new CloudError(
      "InvalidParameterCombination",
      "The DB instance and EC2 security group are in different VPCs. The DB instance is in the default VPC.",
    );
};

/** Source: RDS guide, "Database Insights": longer than a week is the advanced mode, which keeps 15 months. */
const insightsAsSold: Rule["enforce"] = ({ performanceInsightsRetentionPeriod, databaseInsightsMode }) => {
  const days = Number(performanceInsightsRetentionPeriod ?? 7);
  if ((databaseInsightsMode === "advanced") !== days >= 465 || (days !== 7 && days < 465))
    throw new CloudError(
      "InvalidParameterCombination",
      `Performance Insights of ${days} days are not kept in the mode ${String(databaseInsightsMode ?? "standard")}.`,
    );
};

/** The first two numbers of a version where the second counts, else the first: 8.4 of MySQL, 17 of PostgreSQL, 5 of DocumentDB. */
function majorOf(engine: string, version: Properties[string] | undefined): number[] {
  const parts = String(version ?? "")
    .split(".")
    .map(Number);
  return parts.slice(0, /mysql|mariadb/.test(engine) ? 2 : 1);
}

/** Source: RDS API, ModifyDBInstance, `EngineVersion` and `AllowMajorVersionUpgrade`, which DocumentDB's ModifyDBCluster has, too. */
const majorByWord: Rule = {
  on: "update",
  enforce: (object, { before }) => {
    const engine = String(object.engine ?? "docdb");
    const [from, to] = [before?.properties.engineVersion, object.engineVersion];
    if (!isSet(from) || !isSet(to)) return;
    const [was, wanted] = [majorOf(engine, from), majorOf(engine, to)];
    const rise = wanted.map((part, index) => part - (was[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
    if (rise < 0) throw new CloudError("InvalidParameterCombination", `Cannot upgrade ${engine} from ${String(from)} to ${String(to)}`);
    if (rise > 0 && object.allowMajorVersionUpgrade !== true)
      throw new CloudError(
        "InvalidParameterCombination",
        "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.",
      );
  },
};

export const instanceRules: Rule[] = [
  majorByWord,
  ...onCreate(beside),
  ...onBoth(insightsAsSold),
  ...onCreate(goodNames),
  ...deletionRules("InvalidParameterCombination", "DB Instance"),
  ...windowsApart("backupWindow", "maintenanceWindow"),
  ...onCreate((object, { store }) => {
    if (!isSet(object.replicateSourceDb)) {
      for (const needed of ["engine", "username", "allocatedStorage"])
        if (!isSet(object[needed])) throw new CloudError("InvalidParameterCombination", `${needed} must be specified`);
      if (!isSet(object.password) && object.manageMasterUserPassword !== true)
        throw new CloudError("InvalidParameterValue", "Invalid master password");
      return;
    }
    const source = store
      .all(instance)
      .find(({ properties }) => [properties.arn, properties.identifier].includes(String(object.replicateSourceDb)));
    if (source === undefined) throw new CloudError("DBInstanceNotFound", `DBInstance ${String(object.replicateSourceDb)} not found.`);
    if (source.properties.manageMasterUserPassword === true)
      throw new CloudError(
        "InvalidParameterValue",
        "You can't create a read replica of a DB instance that manages its master user password in Secrets Manager.",
      );
    if (Number(source.properties.backupRetentionPeriod ?? 0) === 0)
      throw new CloudError("InvalidDBInstanceState", "Automated backups are not enabled for this database instance.");
    if (isSet(object.password) || isSet(object.username))
      throw new CloudError("InvalidParameterCombination", "A read replica takes its users from its source.");
    const sameRegion = source.scope.split("/")[1] === object.region;
    if (sameRegion && isSet(object.kmsKeyId) && object.kmsKeyId !== source.properties.kmsKeyId)
      throw new CloudError("InvalidParameterCombination", "A read replica in the same Region has the KMS key of its source.");
    if (!sameRegion && source.properties.storageEncrypted === true && !isSet(object.kmsKeyId))
      throw new CloudError(
        "InvalidParameterCombination",
        "A cross-Region replica of an encrypted DB instance needs a KMS key of its own Region.",
      );
  }),
  {
    on: "update",
    enforce: (object, { store }) => {
      const replicas = store
        .all(instance)
        .filter(({ properties }) => [object.arn, object.identifier].includes(properties.replicateSourceDb ?? null));
      if (object.manageMasterUserPassword === true && replicas.length > 0)
        throw new CloudError(
          "InvalidParameterValue",
          "You can't manage the master user password in Secrets Manager for a DB instance with read replicas.",
        );
    },
  },
  refuse(
    "update",
    (object, before) => Number(object.allocatedStorage) < Number(before.allocatedStorage),
    "InvalidParameterCombination",
    () => "Requested storage must not be less than the current storage size.",
  ),
];

export const clusterRules: Rule[] = [
  majorByWord,
  ...deletionRules("InvalidParameterCombination", "cluster"),
  ...windowsApart("preferredBackupWindow", "preferredMaintenanceWindow"),
  refuse(
    "create",
    (object) => !isSet(object.masterPassword) && object.manageMasterUserPassword !== true,
    "InvalidParameterValue",
    () => "Invalid master password",
  ),
];

export const tableRules: Rule[] = [
  refuse(
    "delete",
    ({ deletionProtectionEnabled }) => deletionProtectionEnabled === true,
    "ValidationException",
    ({ name }) =>
      `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first: ${String(name)}`,
  ),
  ...onCreate((object) => {
    const declared = valuesAt(object, "attributes[].name").sort();
    const used = [
      ...[object.hashKey, object.rangeKey].filter((name) => typeof name === "string"),
      ...valuesAt(object, "globalSecondaryIndexes[].keySchemas[].attributeName"),
      ...valuesAt(object, "globalSecondaryIndexes[].hashKey"),
      ...valuesAt(object, "globalSecondaryIndexes[].rangeKey"),
      ...valuesAt(object, "localSecondaryIndexes[].rangeKey"),
    ];
    const needed = [...new Set(used)].sort();
    if (declared.join() !== needed.join())
      throw new CloudError(
        "ValidationException",
        `One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions (${declared.join(", ")} and ${needed.join(", ")})`,
      );
  }),
];
