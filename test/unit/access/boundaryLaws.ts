/** The boundary against everything that it bounds: no role of a shipped stack has a right that the boundary takes away. */

import { describe, expect, test } from "vitest";
import type { PolicyStatement } from "../../../components/access/policyDocument.ts";
import { allowedRegions, rolePath } from "../../../components/access/scope.ts";
import { stackName } from "../../../components/environment/names.ts";
import { stackRegions } from "../../../infra/stackRegions.ts";
import { type AccessStack, accessStack, account } from "../../harness/accessStacks.ts";
import { allows, type Call, type Context, statementsOf } from "../../harness/iam.ts";

/** What AWS's own policies are attached for: the calls of AWS Backup on the stores that stacks have, from those policies. */
const table = `arn:aws:dynamodb:{region}:${account}:table/t`;
const files = `arn:aws:elasticfilesystem:{region}:${account}:file-system/fs`;
const key = `arn:aws:kms:{region}:${account}:key/k`;
const rule = `arn:aws:events:{region}:${account}:rule/AwsBackupManagedRule-1`;
const vault = `arn:aws:backup:{region}:${account}:backup-vault:v`;
const attached: Readonly<Record<string, readonly (readonly [resource: string, actions: string])[]>> = {
  "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup": [
    [table, "dynamodb:CreateBackup DescribeTable ListTagsOfResource StartAwsBackupJob"],
    [`${table}/backup/b`, "dynamodb:DeleteBackup DescribeBackup"],
    [files, "elasticfilesystem:Backup DescribeTags"],
    [`arn:aws:rds:{region}:${account}:db:d`, "rds:CreateDBSnapshot ListTagsForResource ModifyDBInstance AddTagsToResource"],
    [`arn:aws:rds:{region}:${account}:cluster:c`, "rds:CreateDBClusterSnapshot ListTagsForResource ModifyDBCluster"],
    [`arn:aws:rds:{region}:${account}:snapshot:awsbackup:s`, "rds:CopyDBSnapshot DeleteDBSnapshot ModifyDBSnapshotAttribute"],
    [
      `arn:aws:rds:{region}:${account}:cluster-snapshot:awsbackup:s`,
      "rds:CopyDBClusterSnapshot DeleteDBClusterSnapshot ModifyDBClusterSnapshotAttribute",
    ],
    [`arn:aws:rds:{region}:${account}:auto-backup:a`, "rds:DeleteDBInstanceAutomatedBackup"],
    ["*", "rds:DescribeDBClusters DescribeDBClusterSnapshots DescribeDBInstances DescribeDBSnapshots"],
    [vault, "backup:CopyFromBackupVault CopyIntoBackupVault DescribeBackupVault"],
    [key, "kms:CreateGrant Decrypt DescribeKey GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo"],
    ["*", "tag:GetResources"],
  ],
  "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores": [
    [table, "dynamodb:BatchWriteItem DescribeTable PutItem Query RestoreTableFromAwsBackup Scan UpdateItem"],
    [`${table}/backup/b`, "dynamodb:RestoreTableFromBackup"],
    [files, "elasticfilesystem:CreateFilesystem DescribeFilesystems Restore TagResource"],
    [`arn:aws:rds:{region}:${account}:db:d`, "rds:AddTagsToResource CreateDBInstance RestoreDBInstanceFromDBSnapshot"],
    [`arn:aws:rds:{region}:${account}:cluster:c`, "rds:RestoreDBClusterFromSnapshot RestoreDBClusterToPointInTime"],
    ["*", "ec2:DescribeSecurityGroups DescribeSubnets DescribeVpcs"],
    [key, "kms:CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey"],
  ],
  "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup": [
    ["*", "cloudwatch:GetMetricData"],
    ["*", "events:ListRules"],
    [rule, "events:DeleteRule DescribeRule DisableRule EnableRule ListTargetsByRule PutRule PutTargets RemoveTargets"],
    ["*", "s3:ListAllMyBuckets"],
    ["arn:aws:s3:::{stack}-b", "s3:GetBucketTagging ListBucketVersions PutBucketNotification PutInventoryConfiguration"],
    ["arn:aws:s3:::{stack}-b/o", "s3:GetObject GetObjectVersion GetObjectVersionTagging"],
    [`arn:aws:backup:{region}:${account}:recovery-point:r`, "backup:TagResource"],
  ],
  "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore": [
    ["arn:aws:s3:::awsbackup-restore-test-b", "s3:CreateBucket PutBucketOwnershipControls PutBucketVersioning"],
    ["arn:aws:s3:::{stack}-b", "s3:CreateBucket PutBucketOwnershipControls PutBucketVersioning"],
    ["arn:aws:s3:::{stack}-b/o", "s3:DeleteObject PutObject PutObjectTagging"],
  ],
};

const regionsOf = ({ config }: AccessStack) => allowedRegions({ regions: stackRegions(config) });

/** A call in each region that it may be made in. */
function inRegions(call: Call, regions: readonly string[]): Call[] {
  const of = call.resource.split(":")[3] ?? "";
  return (of === "" || of === "*" ? regions : [of]).map((region) => ({
    ...call,
    resource: call.resource.replace("{region}", region),
    context: { ...call.context, "aws:RequestedRegion": region, "aws:ResourceAccount": account },
  }));
}

/** What a role's own statements allow, pattern by pattern. */
function granted(statement: PolicyStatement): Call[] {
  if ("NotResource" in statement) return []; // it only refuses
  const { Action, Resource, Condition } = statement;
  const context: Context = Condition?.StringEquals ?? {};
  return Action.flatMap((action) => Resource.map((resource) => ({ action, resource, context })));
}

function takenAway(stack: AccessStack, calls: readonly Call[]): string[] {
  const lost = calls
    .flatMap((call) => inRegions(call, regionsOf(stack)))
    .filter((call) => !allows(stack.boundary, call))
    .map(({ action, resource }) => `${action} on ${resource}`);
  return [...new Set(lost)].sort();
}

/** Tests of the stacks of these names. */
export function boundaryLaws(names: readonly string[]): void {
  describe.each(names)("%s", (name) => {
    test("every role but the pipeline's own has the boundary and the path", async () => {
      const { config, resources } = await accessStack(name);
      const limits = [`arn:aws:iam::${account}:policy/${config.system}-${config.environment}-pipeline-boundary`, rolePath(config)];
      const own = resources.filter(
        (resource) => resource.type === "aws:iam/role:Role" && !resource.name.startsWith(`${stackName(config)}-pipeline-`),
      );
      expect(own.length).toBeGreaterThan(3);
      const limited = Object.fromEntries(own.map((role) => [role.name, [role.inputs.permissionsBoundary, role.inputs.path]]));
      expect(limited).toEqual(Object.fromEntries(own.map((role) => [role.name, limits])));
    }, 60_000);

    test("the boundary takes nothing away from what the stack's roles are granted", async () => {
      const stack = await accessStack(name);
      const policies = stack.resources.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
      expect(policies.length).toBeGreaterThan(3);
      const calls = policies.flatMap(({ inputs }) => statementsOf(inputs.policy).flatMap(granted));
      expect(takenAway(stack, calls)).toEqual([]);
    }, 60_000);

    test("nor from what AWS's own policies are attached for", async () => {
      const stack = await accessStack(name);
      const arns = stack.resources
        .filter(
          ({ type, name: own }) =>
            type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment" && !own.startsWith(`${stackName(stack.config)}-pipeline-`),
        )
        .map(({ inputs }) => String(inputs.policyArn));
      expect(arns.filter((arn) => attached[arn] === undefined)).toEqual([]);
      const calls = [...new Set(arns)].flatMap((arn) =>
        (attached[arn] ?? []).flatMap(([resource, actions]) => {
          const [service = "", verbs = ""] = actions.split(":");
          return regionsOf(stack).flatMap((region) =>
            verbs.split(" ").map((verb) => ({
              action: `${service}:${verb}`,
              resource: resource.replace("{region}", region).replace("{stack}", stackName(stack.config)),
            })),
          );
        }),
      );
      expect(takenAway(stack, calls)).toEqual([]);
    }, 60_000);

    test("it keeps roles from other regions, other parameters, other roles and the end of keys", async () => {
      const { boundary, config } = await accessStack(name);
      const context: Context = { "aws:RequestedRegion": config.aws.region, "aws:ResourceAccount": account };
      const may = (action: string, resource: string, more: Context = {}) =>
        allows(boundary, { action, resource, context: { ...context, ...more } });
      const at = `${config.aws.region}:${account}`;
      const latches = `arn:aws:ssm:${at}:parameter/slipway/${config.system}/${config.environment}/rollback`;
      expect(may("ssm:PutParameter", `${latches}/api`)).toBe(true);
      expect(may("ssm:PutParameter", `arn:aws:ssm:${at}:parameter/${config.system}/${config.environment}/jwt/secret`)).toBe(false);
      expect(may("sqs:SendMessage", `arn:aws:sqs:${at}:q`)).toBe(true);
      expect(may("sqs:SendMessage", `arn:aws:sqs:sa-east-1:${account}:q`, { "aws:RequestedRegion": "sa-east-1" })).toBe(false);
      expect(may("sqs:SendMessage", `arn:aws:sqs:${config.aws.region}:999999999999:q`)).toBe(false);
      expect(may("s3:GetObject", `arn:aws:s3:::${stackName(config)}-b/o`, { "aws:ResourceAccount": "999999999999" })).toBe(false);
      const backup = { "iam:PassedToService": "backup.amazonaws.com" };
      expect(
        may(
          "iam:PassRole",
          `arn:aws:iam::${account}:role${rolePath(config)}${config.system}-${config.environment}-use1-backup-1a2b3c4`,
          backup,
        ),
      ).toBe(true);
      expect(may("iam:PassRole", `arn:aws:iam::${account}:role/admin`, backup)).toBe(false);
      for (const action of ["kms:ScheduleKeyDeletion", "iam:CreateUser", "sts:AssumeRole", "backup:DeleteRecoveryPoint"])
        expect(may(action, "*"), action).toBe(false);
    }, 60_000);
  });
}
