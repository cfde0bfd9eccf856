/** What a server is made with that takes another's place: what RDS says of that one, since it maps little by itself. Pure. */
import type {
  CreateDBInstanceReadReplicaMessage,
  DBInstance,
  ModifyDBInstanceMessage,
  RestoreDBInstanceToPointInTimeMessage,
  Tag,
} from "@aws-sdk/client-rds";

/** Tags that say what a server was made for; the next update takes them away, as config has none of them. */
export const marks = { restored: "slipway:restored-to", follows: "slipway:follows" } as const;

/** Why a server was made, and of what: a restore's moment, or the id of the server that a replica follows. */
export interface Mark {
  readonly key: (typeof marks)[keyof typeof marks];
  readonly value: string;
}

/** What both requests take alike. Sent where the server has it: RDS refuses an empty word. */
function shared(original: DBInstance, { key, value }: Mark) {
  const { DBParameterGroups = [], VpcSecurityGroups = [] } = original;
  const own = (original.TagList ?? []).filter(({ Key = "" }) => !/^(?:aws|slipway):/.test(Key));
  const Tags: Tag[] = [...own, { Key: key, Value: value }];
  return present({
    ...{ DBInstanceClass: original.DBInstanceClass, MultiAZ: original.MultiAZ, StorageType: original.StorageType, Tags },
    ...{ MaxAllocatedStorage: original.MaxAllocatedStorage, PubliclyAccessible: original.PubliclyAccessible },
    ...{ AutoMinorVersionUpgrade: original.AutoMinorVersionUpgrade, CopyTagsToSnapshot: original.CopyTagsToSnapshot },
    ...{ DeletionProtection: original.DeletionProtection, CACertificateIdentifier: original.CACertificateIdentifier },
    // "By default, mapping isn't enabled" (RDS API): without it every IAM login fails.
    EnableIAMDatabaseAuthentication: original.IAMDatabaseAuthenticationEnabled,
    EnableCloudwatchLogsExports: original.EnabledCloudwatchLogsExports,
    DBParameterGroupName: DBParameterGroups[0]?.DBParameterGroupName,
    VpcSecurityGroupIds: VpcSecurityGroups.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
  });
}

/** A restore beside the original. @param moment the newest that there is where none is given */
export function restoreRequest(original: DBInstance, name: string, moment: Date, mark: Mark): RestoreDBInstanceToPointInTimeMessage {
  const { MasterUserSecret: secret } = original;
  return {
    ...{ SourceDBInstanceIdentifier: original.DBInstanceIdentifier, TargetDBInstanceIdentifier: name, RestoreTime: moment },
    ...shared(original, mark),
    ...present({ DBSubnetGroupName: original.DBSubnetGroup?.DBSubnetGroupName }),
    ...present({ BackupRetentionPeriod: original.BackupRetentionPeriod, PreferredBackupWindow: original.PreferredBackupWindow }),
    ...(secret === undefined ? {} : { ManageMasterUserPassword: true, ...present({ MasterUserSecretKmsKeyId: secret.KmsKeyId }) }),
  };
}

/** A replica of the writer, in the place of another. Beside its source it has that one's key and subnets, and names it without its ARN. */
export function replicaRequest(original: DBInstance, name: string, writer: DBInstance, mark: Mark): CreateDBInstanceReadReplicaMessage {
  const beside = regionOf(original) === regionOf(writer);
  return {
    ...{ DBInstanceIdentifier: name, SourceDBInstanceIdentifier: beside ? writer.DBInstanceIdentifier : writer.DBInstanceArn },
    ...shared(original, mark),
    ...(beside ? {} : present({ KmsKeyId: original.KmsKeyId, DBSubnetGroupName: original.DBSubnetGroup?.DBSubnetGroupName })),
    ...insights(original),
  };
}

/** What neither request takes: what differs still, or nothing. */
export function leftToModify(original: DBInstance, made: DBInstance): ModifyDBInstanceMessage | undefined {
  const differing = <Name extends keyof DBInstance>(...names: Name[]) =>
    Object.fromEntries(
      names.flatMap((name) => (original[name] === undefined || original[name] === made[name] ? [] : [[name, original[name]]])),
    );
  const replica = made.ReadReplicaSourceDBInstanceIdentifier !== undefined && made.ReadReplicaSourceDBInstanceIdentifier !== "";
  const changes = {
    ...differing("PreferredMaintenanceWindow"),
    ...(replica ? {} : differing("BackupRetentionPeriod", "PreferredBackupWindow")),
    ...(original.PerformanceInsightsEnabled === true && made.PerformanceInsightsEnabled !== true ? insights(original) : {}),
  };
  if (Object.keys(changes).length === 0) return undefined;
  return { DBInstanceIdentifier: made.DBInstanceIdentifier, ApplyImmediately: true, ...changes };
}

function insights(original: DBInstance) {
  if (original.PerformanceInsightsEnabled !== true) return {};
  return {
    EnablePerformanceInsights: true,
    ...present({
      PerformanceInsightsKMSKeyId: original.PerformanceInsightsKMSKeyId,
      PerformanceInsightsRetentionPeriod: original.PerformanceInsightsRetentionPeriod,
      DatabaseInsightsMode: original.DatabaseInsightsMode,
    }),
  };
}

function regionOf({ DBInstanceArn = "" }: DBInstance): string | undefined {
  return DBInstanceArn.split(":")[3];
}

function present<Values extends object>(values: Values): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
