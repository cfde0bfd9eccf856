/**
 * What a preview may do: read how things are set up, never what is in them. A pull request's code runs with this role, so
 * everything that it can read is readable by whoever can open one.
 */
import { allow } from "../aws/policy.ts";
import { latchFolder } from "../rollback/latch.ts";
import type { PolicyStatement, Statement } from "./policyDocument.ts";
import { type PipelineScope, regional } from "./scope.ts";

/** Reads of set-up, by service. A star stands only after a verb that cannot return content. */
const reads: Readonly<Record<string, readonly string[]>> = {
  acm: ["DescribeCertificate", "ListTagsForCertificate"],
  "application-autoscaling": ["Describe*", "ListTagsForResource"],
  backup: [
    "Describe*",
    "GetBackupPlan",
    "GetBackupSelection",
    "GetBackupVaultAccessPolicy",
    "GetBackupVaultNotifications",
    "GetRestoreTesting*",
    "ListTags",
  ],
  chatbot: ["DescribeSlackChannelConfigurations", "ListTagsForResource"],
  budgets: ["ListTagsForResource", "ViewBudget"],
  cloudfront: ["Describe*", "GetCachePolicy*", "GetDistribution*", "GetOriginAccessControl*", "GetResponseHeadersPolicy*", "List*"],
  cloudwatch: ["Describe*", "GetDashboard", "ListTagsForResource"],
  dynamodb: ["Describe*", "ListTagsOfResource"],
  ec2: ["Describe*", "GetManagedPrefixListEntries"],
  ecr: [
    "DescribeImageReplicationStatus",
    "DescribeImages",
    "DescribeRegistry",
    "DescribeRepositories",
    "GetLifecyclePolicy",
    "GetRepositoryPolicy",
    "ListTagsForResource",
  ],
  ecs: ["Describe*", "List*"],
  elasticache: ["Describe*", "ListTagsForResource"],
  elasticfilesystem: ["Describe*", "ListTagsForResource"],
  elasticloadbalancing: ["Describe*"],
  events: ["DescribeRule", "ListTagsForResource", "ListTargetsByRule"],
  iam: [
    "GetOpenIDConnectProvider",
    "GetPolicy*",
    "GetRole",
    "GetRolePolicy",
    "ListAttachedRolePolicies",
    "ListPolicyVersions",
    "ListRole*",
  ],
  kms: ["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListAliases", "ListResourceTags"],
  lambda: [
    "GetFunctionCodeSigningConfig",
    "GetFunctionConfiguration",
    "GetFunctionEventInvokeConfig",
    "GetPolicy",
    "ListTags",
    "ListVersionsByFunction",
  ],
  logs: ["Describe*", "GetDelivery*", "ListTagsForResource"],
  rds: ["Describe*", "ListTagsForResource"],
  route53: ["GetHealthCheck", "GetHostedZone", "ListResourceRecordSets", "ListTagsForResource"],
  s3: [
    "GetAccelerateConfiguration",
    "GetBucket*",
    "GetEncryptionConfiguration",
    "GetLifecycleConfiguration",
    "GetReplicationConfiguration",
    "ListTagsForResource",
  ],
  scheduler: ["GetSchedule"],
  secretsmanager: ["DescribeSecret", "GetResourcePolicy", "ListSecretVersionIds"],
  sns: ["GetSubscriptionAttributes", "GetTopicAttributes", "ListTagsForResource"],
  sqs: ["GetQueueAttributes", "ListQueueTags"],
  ssm: ["DescribeParameters", "ListTagsForResource"],
  sts: ["GetCallerIdentity"],
  tag: ["GetResources"],
  wafv2: ["GetIPSet", "GetLoggingConfiguration", "GetWebACL", "GetWebACLForResource", "ListTagsForResource"],
};

/** How an update asks for the latches of automatic rollbacks: who previews one must be told of them. */
const readLatches = "ssm:GetParametersByPath";

/** Reads of content, refused whatever another policy of the role allows. */
export const contentReads: readonly string[] = [
  "cloudfront:GetFunction",
  "dynamodb:BatchGetItem",
  "dynamodb:GetItem",
  "dynamodb:Query",
  "dynamodb:Scan",
  "ecr:GetDownloadUrlForLayer",
  "lambda:GetFunction",
  "logs:FilterLogEvents",
  "logs:GetLogEvents",
  "logs:StartQuery",
  "rds:DownloadDBLogFilePortion",
  "secretsmanager:BatchGetSecretValue",
  "secretsmanager:GetSecretValue",
  "ssm:GetParameter",
  "ssm:GetParameterHistory",
  "ssm:GetParameters",
  readLatches,
];

/** Actions of the reads as IAM writes them. */
export function readActions(): string[] {
  return Object.entries(reads).flatMap(([service, actions]) => actions.map((action) => `${service}:${action}`));
}

/** Statements of the preview role. @param decryptState whether secrets in the state are readable: not for production */
export function previewStatements(scope: PipelineScope, decryptState: boolean): PolicyStatement[] {
  return [
    // AWS offers no resources for most of these reads; they are limited by what they return.
    allow("ReadSetup", readActions(), ["*"]),
    { Sid: "NeverContent", Effect: "Deny", Action: contentReads.filter((action) => action !== readLatches), Resource: ["*"] },
    ...latchStatements(scope),
    ...stateStatements(scope, false, decryptState),
  ];
}

/** Latches are no secret: they say which alarm fired when. AWS takes the asked path for the resource, with or without a slash. */
export function latchStatements(scope: PipelineScope): PolicyStatement[] {
  const folder = `parameter${latchFolder(scope)}`;
  const latches = [folder, `${folder}/*`].flatMap((resource) => regional(scope, "ssm", resource));
  return [
    allow("ReadLatches", [readLatches], latches),
    { Sid: "NoOtherParameters", Effect: "Deny", Action: [readLatches], NotResource: latches },
  ];
}

/**
 * Statements of the plan role, which runs code that was reviewed and merged: it may decrypt the state, and remove locks
 * that a killed job has left.
 */
export function planStatements(scope: PipelineScope): PolicyStatement[] {
  const locks =
    scope.state === undefined ? [] : [allow("FreeLocks", ["s3:DeleteObject"], [`arn:aws:s3:::${scope.state.bucket}/.pulumi/locks/*`])];
  return [...previewStatements(scope, true), ...locks];
}

/** Access to the engine's state. */
export function stateStatements({ state }: PipelineScope, write: boolean, decrypt: boolean): Statement[] {
  if (state === undefined) return [];
  const bucket = `arn:aws:s3:::${state.bucket}`;
  return [
    allow("ListState", ["s3:ListBucket"], [bucket]),
    allow(write ? "WriteState" : "ReadState", write ? ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"] : ["s3:GetObject"], [
      `${bucket}/.pulumi/*`,
    ]),
    ...(state.keyArn === undefined || !decrypt
      ? []
      : [allow("StateSecrets", write ? ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"], [state.keyArn])]),
  ];
}
