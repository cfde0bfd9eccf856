/** What people on call do to databases, caches, regions and backups: what `database`, `cache`, `failover` and `backup start` ask of AWS, and nothing that deletes. */
import type { Statement } from "../components/access/policyDocument.ts";
import { global, inRegions, nameStart, type PipelineScope, regional, rolePath, tagged } from "../components/access/scope.ts";
import { allow } from "../components/aws/policy.ts";
import { readOnlyParameter, type SwitchKind, switchName } from "../components/environment/contract/failover.ts";

const switchKinds = ["approve", "withdraw"] as const satisfies readonly SwitchKind[];

/** Statements for `database restore`, `follow`, `promote` and `grow`, for `cache grow`, for `failover`, and for `backup start`. Pure. */
export function repairStatements(scope: PipelineScope): Statement[] {
  return [...databaseStatements(scope), ...cacheStatements(scope), ...failoverStatements(scope), ...backupStatements(scope)];
}

function databaseStatements(scope: PipelineScope): Statement[] {
  const own = tagged(scope, "ResourceTag");
  const keys = regional(scope, "kms", "key/*");
  const throughOwn = (service: string) => ({
    ...own,
    "kms:ViaService": scope.regions.map((region) => `${service}.${region}.amazonaws.com`),
  });
  const servers = regional(scope, "rds", `db:${nameStart(scope)}*`);
  // The server that is made has no tags yet but those of the request; whatever has another stack's is refused.
  const madeAsOwn = { StringEquals: tagged(scope, "RequestTag"), StringEqualsIfExists: own };
  const placed = ["pg", "subgrp"].flatMap((kind) => regional(scope, "rds", `${kind}:${nameStart(scope)}*`));
  return [
    allow(
      "MakeServers",
      ["rds:AddTagsToResource", "rds:CreateDBInstanceReadReplica", "rds:RestoreDBInstanceToPointInTime"],
      // RDS takes its own default option group, and asks for it.
      [...servers, ...placed, ...regional(scope, "rds", "og:default:*")],
      madeAsOwn,
    ),
    // RDS tells apart no settings: who may rename a server may change all of it. To delete one is another action.
    allow("ChangeServers", ["rds:ModifyDBInstance", "rds:PromoteReadReplica"], servers, { StringEquals: own }),
    // RDS takes the key of a server that it makes for its own use, in the caller's name.
    allow("LendServerKeys", ["kms:CreateGrant"], keys, {
      StringEquals: throughOwn("rds"),
      Bool: { "kms:GrantIsForAWSResource": "true" },
    }),
    // So it makes the secret of a master password (RDS guide, "Permissions required for Secrets Manager integration"), which nobody reads by this.
    allow(
      "MakeMasterSecrets",
      ["secretsmanager:CreateSecret", "secretsmanager:TagResource"],
      regional(scope, "secretsmanager", "secret:rds!*"),
    ),
    allow("SealMasterSecrets", ["kms:Decrypt", "kms:GenerateDataKey"], keys, { StringEquals: throughOwn("secretsmanager") }),
  ];
}

/** ElastiCache tells apart no settings either. To delete a group is another action. */
function cacheStatements(scope: PipelineScope): Statement[] {
  const groups = regional(scope, "elasticache", `replicationgroup:${nameStart(scope)}*`);
  return [
    allow("GrowCaches", ["elasticache:ListAllowedNodeTypeModifications", "elasticache:ModifyReplicationGroup"], groups, {
      StringEquals: tagged(scope, "ResourceTag"),
    }),
  ];
}

/** Schedules have no tags: the switches are told by name, in whichever region keeps them. */
function failoverStatements(scope: PipelineScope): Statement[] {
  const switches = switchKinds.flatMap((kind) => scope.regions.map((region) => switchName(scope, kind, region)));
  return [
    allow("WriteMode", ["ssm:GetParameter", "ssm:PutParameter"], regional(scope, "ssm", `parameter${readOnlyParameter(scope)}`)),
    allow(
      "SetSwitches",
      ["scheduler:UpdateSchedule"],
      switches.map((name) => `arn:aws:scheduler:*:${scope.accountId}:schedule/default/${name}`),
      { StringEquals: inRegions(scope) },
    ),
  ];
}

function backupStatements(scope: PipelineScope): Statement[] {
  const own = { StringEquals: tagged(scope, "ResourceTag") };
  const vault = `backup-vault:${nameStart(scope)}*`;
  // Backups of RDS and DocumentDB are snapshots of theirs; AWS Backup puts the tags of what is backed up on each.
  const points = [
    ...regional(scope, "backup", "recovery-point:*"),
    ...["snapshot", "cluster-snapshot"].flatMap((kind) => regional(scope, "rds", `${kind}:awsbackup:*`)),
  ];
  return [
    allow("StartBackups", ["backup:StartBackupJob"], regional(scope, "backup", vault), own),
    allow("StartCopies", ["backup:StartCopyJob"], points, {
      ...own,
      "ForAnyValue:ArnLike": { "backup:CopyTargets": `arn:aws:backup:*:${scope.accountId}:${vault}` },
    }),
    // Of the stack's roles the backup role alone trusts AWS Backup, and that of the switches the scheduler: the others are of no use to either.
    allow("PassRoles", ["iam:PassRole"], [global(scope, "iam", `role${rolePath(scope)}*`)], {
      StringEquals: { "iam:PassedToService": ["backup.amazonaws.com", "scheduler.amazonaws.com"] },
    }),
  ];
}
