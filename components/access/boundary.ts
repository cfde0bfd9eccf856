/** The most that a role made by a stack can ever do, whatever its policies say. */
import { allow } from "../aws/policy.ts";
import { latchFolder } from "../rollback/latch.ts";
import { othersStatements } from "./othersResources.ts";
import type { Statement } from "./policyDocument.ts";
import { global, inRegions, nameStart, type PipelineScope, regional, rolePath } from "./scope.ts";

const pulls = ["BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer"] as const;

/** What running services and the services that AWS runs for them use, on resources of the account. */
const used: Readonly<Record<string, readonly string[]>> = {
  "application-autoscaling": ["RegisterScalableTarget"],
  backup: ["*"],
  cloudwatch: ["*"],
  dynamodb: ["*"],
  ecr: pulls,
  ecs: ["Describe*", "ExecuteCommand", "UpdateService"],
  elasticfilesystem: ["Backup", "Client*", "CreateFileSystem", "DeleteFileSystem", "Describe*", "Restore", "TagResource"],
  elasticloadbalancing: ["ModifyListener", "ModifyRule"],
  // Backup of buckets listens to their changes by rules of its own name.
  events: ["DeleteRule", "DescribeRule", "DisableRule", "EnableRule", "ListTargetsByRule", "PutRule", "PutTargets", "RemoveTargets"],
  kms: ["CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey*", "ReEncrypt*"],
  logs: ["CreateLogStream", "Describe*", "PutLogEvents"],
  rds: [
    "AddTagsToResource",
    "CopyDB*",
    "CreateDB*",
    "DeleteDBClusterAutomatedBackup",
    "DeleteDBClusterSnapshot",
    "DeleteDBInstanceAutomatedBackup",
    "DeleteDBSnapshot",
    "Describe*",
    "ListTagsForResource",
    "ModifyDB*",
    "RestoreDB*",
  ],
  "rds-db": ["connect"],
  secretsmanager: ["DescribeSecret", "GetSecretValue"],
  sns: ["Publish"],
  sqs: ["*"],
  ssm: ["GetParameter", "GetParameters", "GetParametersByPath"],
};

/** These actions take no resource, and a statement that names one would not allow them. */
const withoutResource: readonly string[] = [
  "cloudwatch:Describe*",
  "cloudwatch:Get*",
  "cloudwatch:List*",
  "cloudwatch:PutMetricData",
  "ec2:Describe*",
  "ecr:GetAuthorizationToken",
  "elasticloadbalancing:Describe*",
  "events:ListRules",
  "rds:Describe*",
  "s3:ListAllMyBuckets",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
  "tag:GetResources",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
  // Lambda's own calls when it puts a function into a network.
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:UnassignPrivateIpAddresses",
];

/**
 * Statements of the boundary. It grants nothing by itself. Regions are a condition and no part of the ARNs: a policy holds 6,144
 * characters, a boundary is one policy, and a stack may have eight regions.
 */
export function boundaryStatements(scope: PipelineScope): Statement[] {
  return [
    allow(
      "UseServices",
      Object.entries(used).flatMap(([service, actions]) => actions.map((action) => `${service}:${action}`)),
      Object.keys(used).map((service) => `arn:aws:${service}:*:${scope.accountId}:*`),
      { StringEquals: inRegions(scope) },
    ),
    ...registryStatements(scope),
    allow("WithoutResource", withoutResource, ["*"], { StringEquals: inRegions(scope) }),
    // An automatic rollback sets its latch; no other parameter is written by what runs.
    allow("SetLatches", ["ssm:PutParameter"], regional(scope, "ssm", `parameter${latchFolder(scope)}/*`)),
    // Buckets of the engine's names, and those that AWS Backup makes for its tests of restores; that of the states has another.
    allow("UseBuckets", ["s3:*"], [`arn:aws:s3:::${nameStart(scope)}*`, "arn:aws:s3:::awsbackup-restore-test-*"], {
      StringEquals: { "aws:ResourceAccount": scope.accountId },
    }),
    // Backup hands its role on when it restores.
    allow("PassRoles", ["iam:PassRole"], [global(scope, "iam", `role${rolePath(scope)}*`)], {
      StringEquals: { "iam:PassedToService": ["backup.amazonaws.com", "monitoring.rds.amazonaws.com", "rds.amazonaws.com"] },
    }),
    // Images are pulled from a registry that stacks may share.
    ...othersStatements(
      scope,
      Object.keys(used).flatMap((service) => (service === "ecr" ? [] : [`${service}:*`])),
    ),
    {
      Sid: "NeverUndone",
      Effect: "Deny",
      Action: [
        "account:*",
        "backup:DeleteBackupVault*",
        "backup:DeleteRecoveryPoint",
        "cloudtrail:DeleteTrail",
        "cloudtrail:StopLogging",
        "cloudtrail:UpdateTrail",
        "iam:Add*",
        "iam:Attach*",
        "iam:Create*",
        "iam:Delete*",
        "iam:Put*",
        "iam:Set*",
        "iam:Update*",
        "kms:DisableKey",
        "kms:ScheduleKeyDeletion",
        "organizations:*",
        "s3:DeleteBucket",
        "s3:PutBucketPolicy",
      ],
      Resource: ["*"],
    },
  ];
}

/** Which of its repositories let the account pull is the other registry's own policies' matter. */
function registryStatements({ pullsFrom }: PipelineScope): Statement[] {
  if (pullsFrom === undefined) return [];
  const { account, region } = pullsFrom;
  const actions = pulls.map((action) => `ecr:${action}`);
  return [
    allow("PullFromRegistry", actions, [`arn:aws:ecr:${region}:${account}:repository/*`]),
    allow("LogInToRegistry", ["ecr:GetAuthorizationToken"], ["*"], { StringEquals: { "aws:RequestedRegion": [region] } }),
  ];
}
