/** The most that a role made by a stack can ever do, whatever its policies say. */
import type { Statement } from "./policyDocument.ts";
import type { PipelineScope } from "./scope.ts";
import { global, regional } from "./scope.ts";

/** What running services and the services that AWS runs for them use. */
const used: Readonly<Record<string, readonly string[]>> = {
  backup: ["backup:*"],
  cloudwatch: ["cloudwatch:*"],
  dynamodb: ["dynamodb:*"],
  ec2: ["ec2:CopySnapshot", "ec2:CreateSnapshot*", "ec2:CreateTags", "ec2:DeleteSnapshot"],
  ecr: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
  ecs: ["ecs:Describe*", "ecs:ExecuteCommand", "ecs:UpdateService"],
  elasticfilesystem: [
    "elasticfilesystem:Backup",
    "elasticfilesystem:Client*",
    "elasticfilesystem:CreateFileSystem",
    "elasticfilesystem:DeleteFileSystem",
    "elasticfilesystem:Describe*",
    "elasticfilesystem:Restore",
    "elasticfilesystem:TagResource",
  ],
  elasticloadbalancing: ["elasticloadbalancing:Describe*", "elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"],
  // Backup of buckets listens to their changes by rules of its own name.
  events: [
    "events:DeleteRule",
    "events:DescribeRule",
    "events:EnableRule",
    "events:ListTargetsByRule",
    "events:PutRule",
    "events:PutTargets",
    "events:RemoveTargets",
  ],
  kms: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*", "kms:CreateGrant"],
  logs: ["logs:CreateLogStream", "logs:Describe*", "logs:PutLogEvents"],
  rds: [
    "rds:AddTagsToResource",
    "rds:CopyDB*",
    "rds:CreateDB*",
    "rds:DeleteDBClusterSnapshot",
    "rds:DeleteDBSnapshot",
    "rds:Describe*",
    "rds:ListTagsForResource",
    "rds:ModifyDB*",
    "rds:RestoreDB*",
  ],
  "rds-db": ["rds-db:connect"],
  secretsmanager: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
  sns: ["sns:Publish"],
  sqs: ["sqs:*"],
  ssm: ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
};

/** Statements of the boundary. It grants nothing by itself. */
export function boundaryStatements(scope: PipelineScope): Statement[] {
  return [
    ...Object.entries(used).map(
      ([service, actions]): Statement => ({
        Sid: `Use${service.replaceAll(/[^a-z]/g, "").replace(/^./, (first) => first.toUpperCase())}`,
        Effect: "Allow",
        Action: actions,
        Resource: regional(scope, service, "*"),
      }),
    ),
    {
      Sid: "UseBuckets",
      Effect: "Allow",
      Action: ["s3:*"],
      Resource: ["arn:aws:s3:::*"],
      Condition: { StringEquals: { "aws:ResourceAccount": scope.accountId } },
    },
    // Backup hands its role on when it restores.
    {
      Sid: "PassRoles",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: [global(scope, "iam", "role/*")],
      Condition: { StringEquals: { "iam:PassedToService": ["backup.amazonaws.com", "monitoring.rds.amazonaws.com", "rds.amazonaws.com"] } },
    },
    // These actions take no resource.
    {
      Sid: "WithoutResource",
      Effect: "Allow",
      Action: [
        "cloudwatch:PutMetricData",
        "ec2:Describe*",
        "ecr:GetAuthorizationToken",
        "elasticloadbalancing:Describe*",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
        "tag:GetResources",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ],
      Resource: ["*"],
    },
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
