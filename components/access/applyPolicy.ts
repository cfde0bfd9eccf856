/** What an update may do: make, change and delete what stacks are made of, in this account and these regions. */
import type { Statement } from "./policyDocument.ts";
import { readActions, stateStatements } from "./previewPolicy.ts";
import { global, type PipelineScope, regional } from "./scope.ts";

/** Changes by service, on this account's resources in the stack's regions. Values of secrets are not among them. */
const regionalChanges: Readonly<Record<string, readonly string[]>> = {
  acm: ["AddTagsToCertificate", "DeleteCertificate", "RemoveTagsFromCertificate"],
  "application-autoscaling": [
    "DeleteScalingPolicy",
    "DeleteScheduledAction",
    "DeregisterScalableTarget",
    "PutScalingPolicy",
    "PutScheduledAction",
    "RegisterScalableTarget",
    "TagResource",
    "UntagResource",
  ],
  backup: [
    "CreateBackup*",
    "CreateRestoreTesting*",
    "DeleteBackupPlan",
    "DeleteBackupSelection",
    "DeleteBackupVaultNotifications",
    "DeleteRestoreTesting*",
    "PutBackupVault*",
    "TagResource",
    "UntagResource",
    "UpdateBackupPlan",
    "UpdateRestoreTesting*",
  ],
  cloudwatch: ["DeleteAlarms", "PutCompositeAlarm", "PutMetricAlarm", "TagResource", "UntagResource"],
  dynamodb: ["CreateTable", "DeleteTable", "TagResource", "UntagResource", "UpdateContinuousBackups", "UpdateTable", "UpdateTimeToLive"],
  ec2: [
    "AllocateAddress",
    "Associate*",
    "AttachInternetGateway",
    "AuthorizeSecurityGroup*",
    "CreateFlowLogs",
    "CreateInternetGateway",
    "CreateManagedPrefixList",
    "CreateNatGateway",
    "CreateRoute*",
    "CreateSecurityGroup",
    "CreateSubnet",
    "CreateTags",
    "CreateVpc*",
    "DeleteFlowLogs",
    "DeleteInternetGateway",
    "DeleteManagedPrefixList",
    "DeleteNatGateway",
    "DeleteRoute*",
    "DeleteSecurityGroup",
    "DeleteSubnet",
    "DeleteTags",
    "DeleteVpc*",
    "DetachInternetGateway",
    "Disassociate*",
    "ModifyManagedPrefixList",
    "ModifySecurityGroupRules",
    "ModifySubnetAttribute",
    "ModifyVpc*",
    "ReleaseAddress",
    "ReplaceRoute*",
    "RevokeSecurityGroup*",
    "UpdateSecurityGroupRuleDescriptions*",
  ],
  ecr: [
    "CreateRepository",
    "DeleteLifecyclePolicy",
    "DeleteRepository*",
    "PutImage*",
    "PutLifecyclePolicy",
    "SetRepositoryPolicy",
    "TagResource",
    "UntagResource",
  ],
  ecs: [
    "CreateCluster",
    "CreateService",
    "DeleteCluster",
    "DeleteService",
    "PutClusterCapacityProviders",
    "RegisterTaskDefinition",
    "TagResource",
    "UntagResource",
    "UpdateCluster*",
    "UpdateService",
  ],
  elasticache: ["AddTagsToResource", "Create*", "Delete*", "Modify*", "RemoveTagsFromResource"],
  elasticfilesystem: [
    "Create*",
    "DeleteAccessPoint",
    "DeleteFileSystem",
    "DeleteMountTarget",
    "Put*",
    "TagResource",
    "UntagResource",
    "UpdateFileSystem*",
  ],
  elasticloadbalancing: ["AddTags", "Create*", "Delete*", "DeregisterTargets", "Modify*", "RegisterTargets", "RemoveTags", "Set*"],
  events: ["DeleteRule", "PutRule", "PutTargets", "RemoveTargets", "TagResource", "UntagResource"],
  kms: [
    "CreateAlias",
    "DeleteAlias",
    "EnableKeyRotation",
    "PutKeyPolicy",
    "TagResource",
    "UntagResource",
    "UpdateAlias",
    "UpdateKeyDescription",
  ],
  lambda: ["AddPermission", "CreateFunction", "DeleteFunction", "RemovePermission", "TagResource", "UntagResource", "UpdateFunction*"],
  logs: [
    "AssociateKmsKey",
    "CreateDelivery",
    "CreateLogGroup",
    "DeleteDelivery*",
    "DeleteLogGroup",
    "DeleteMetricFilter",
    "PutDelivery*",
    "PutMetricFilter",
    "PutRetentionPolicy",
    "TagResource",
    "UntagResource",
  ],
  rds: [
    "AddTagsToResource",
    "CreateDB*",
    "DeleteDB*",
    "ModifyDB*",
    "RebootDBInstance",
    "RemoveTagsFromResource",
    "StartDBInstanceAutomatedBackupsReplication",
    "StopDBInstanceAutomatedBackupsReplication",
  ],
  secretsmanager: [
    "CreateSecret",
    "DeleteResourcePolicy",
    "DeleteSecret",
    "PutResourcePolicy",
    "TagResource",
    "UntagResource",
    "UpdateSecret",
  ],
  sns: ["CreateTopic", "DeleteTopic", "SetTopicAttributes", "Subscribe", "TagResource", "UntagResource"],
};

/** Services that a role may be handed to. */
const roleUsers = ["backup", "ecs-tasks", "lambda", "monitoring.rds", "rds", "s3", "vpc-flow-logs"].map(
  (service) => `${service}.amazonaws.com`,
);

/** Services whose own roles AWS makes on first use. */
const linkedRoles = [
  "backup",
  "ecs",
  "ecs.application-autoscaling",
  "elasticache",
  "elasticloadbalancing",
  "rds",
  "restore-testing.backup",
].map((service) => `${service}.amazonaws.com`);

/** Parts of a resource's name that AWS puts between account and id, where a service's ARNs are not all its own. */
const resourceOf: Readonly<Record<string, string>> = { "application-autoscaling": "scalable-target/*" };

/** Statements of an apply role. @param boundaryArn boundary that every role made with this one must have */
export function applyStatements(scope: PipelineScope, boundaryArn: string, rolePrefix: string): Statement[] {
  const roles = [global(scope, "iam", "role/*")];
  const inBoundary = { StringEquals: { "iam:PermissionsBoundary": boundaryArn } };
  return [
    // AWS offers no resources for most of these reads; they are limited by what they return.
    { Sid: "ReadSetup", Effect: "Allow", Action: readActions(), Resource: ["*"] },
    ...Object.entries(regionalChanges).map(
      ([service, actions]): Statement => ({
        Sid: `Change${service.replaceAll(/[^a-z0-9]/g, "").replace(/^./, (first) => first.toUpperCase())}`,
        Effect: "Allow",
        Action: actions.map((action) => `${service}:${action}`),
        Resource: regional(scope, service, resourceOf[service] ?? "*"),
      }),
    ),
    // These take no resource, and a statement that names one would not allow them: most make something that has no ARN
    // before it exists, and a task definition is deregistered by revision.
    {
      Sid: "WithoutResource",
      Effect: "Allow",
      Action: [
        "acm:RequestCertificate",
        "backup:UpdateRegionSettings",
        "backup-storage:MountCapsule",
        "cloudfront:CreateOriginAccessControl",
        "ecs:DeregisterTaskDefinition",
        "elasticfilesystem:CreateFileSystem",
        "kms:CreateKey",
        "logs:DescribeDeliveries",
        "sns:SetSubscriptionAttributes",
        "sns:Unsubscribe",
      ],
      Resource: ["*"],
      Condition: { StringEquals: { "aws:RequestedRegion": [...new Set([...scope.regions, "us-east-1"])].sort() } },
    },
    {
      Sid: "ChangeBuckets",
      Effect: "Allow",
      Action: [
        "s3:CreateBucket",
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucket*",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:PutReplicationConfiguration",
      ],
      Resource: ["arn:aws:s3:::*"], // names of buckets are the engine's; an ARN of S3 names no account
      Condition: { StringEquals: { "aws:ResourceAccount": scope.accountId } },
    },
    {
      Sid: "ChangeCloudFront",
      Effect: "Allow",
      Action: ["Create*", "Delete*", "PublishFunction", "TagResource", "UntagResource", "Update*", "AllowVendedLogDeliveryForResource"].map(
        (action) => `cloudfront:${action}`,
      ),
      Resource: [global(scope, "cloudfront", "*")],
    },
    {
      Sid: "ChangeBudgets",
      Effect: "Allow",
      Action: ["budgets:ModifyBudget", "budgets:TagResource"],
      Resource: [global(scope, "budgets", "budget/*")],
    },
    {
      Sid: "ChangeDashboards",
      Effect: "Allow",
      Action: ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"],
      Resource: [global(scope, "cloudwatch", "dashboard/*")],
    },
    ...(scope.hostedZoneId === undefined
      ? []
      : [
          {
            Sid: "ChangeRecords",
            Effect: "Allow" as const,
            Action: ["route53:ChangeResourceRecordSets"],
            Resource: [`arn:aws:route53:::hostedzone/${scope.hostedZoneId}`],
          },
        ]),
    {
      Sid: "MakeBoundedRoles",
      Effect: "Allow",
      Action: ["iam:AttachRolePolicy", "iam:CreateRole", "iam:DetachRolePolicy", "iam:PutRolePolicy"],
      Resource: roles,
      Condition: inBoundary,
    },
    {
      Sid: "ChangeRoles",
      Effect: "Allow",
      Action: ["iam:DeleteRole", "iam:DeleteRolePolicy", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole"],
      Resource: roles,
    },
    {
      Sid: "PassRoles",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: roles,
      Condition: { StringEquals: { "iam:PassedToService": roleUsers } },
    },
    {
      Sid: "LinkedRoles",
      Effect: "Allow",
      Action: ["iam:CreateServiceLinkedRole"],
      Resource: [global(scope, "iam", "role/aws-service-role/*")],
      Condition: { StringEquals: { "iam:AWSServiceName": linkedRoles } },
    },
    // The pipeline's own roles, their policies and the boundary are changed by an administrator.
    {
      Sid: "NotItself",
      Effect: "Deny",
      Action: [
        "iam:AttachRolePolicy",
        "iam:Create*Policy*",
        "iam:Delete*",
        "iam:Detach*",
        "iam:PassRole",
        "iam:Put*",
        "iam:Set*",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
      ],
      Resource: [global(scope, "iam", `role/${rolePrefix}*`), global(scope, "iam", `policy/${rolePrefix}*`)],
    },
    ...stateStatements(scope, true, true),
  ];
}
