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
  cloudfront: ["DescribeFunction", "GetCachePolicy*", "GetOriginAccessControl*", "GetResponseHeadersPolicy*", "ListTagsForResource"],
  cloudwatch: ["Describe*", "GetDashboard", "ListTagsForResource"],
  dynamodb: ["Describe*", "ListTagsOfResource"],
  ec2: [
    "DescribeAddresses*",
    "DescribeFlowLogs",
    "DescribeInternetGateways",
    "DescribeManagedPrefixLists",
    "DescribeNatGateways",
    "DescribeNetworkAcls",
    "DescribePrefixLists",
    "DescribeRouteTables",
    "DescribeSecurityGroup*",
    "DescribeSubnets",
    "DescribeVpc*",
    "GetManagedPrefixListEntries",
  ],
  ecr: [
    "DescribeImageReplicationStatus",
    "DescribeImages",
    "DescribeRegistry",
    "DescribeRepositories",
    "GetLifecyclePolicy",
    "GetRepositoryPolicy",
    "ListTagsForResource",
  ],
  // AWS has no resources for a definition: those of the whole account are readable, with what they write plainly into an environment.
  ecs: ["DescribeClusters", "DescribeServices", "DescribeTaskDefinition", "ListTagsForResource"],
  elasticache: ["Describe*", "ListTagsForResource"],
  elasticfilesystem: ["Describe*", "ListTagsForResource"],
  elasticloadbalancing: [
    "DescribeCapacityReservation",
    "DescribeListener*",
    "DescribeLoadBalancer*",
    "DescribeTags",
    "DescribeTargetGroup*",
    "DescribeTargetHealth",
    "DescribeWebACLAssociation",
  ],
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
  lambda: ["GetFunctionCodeSigningConfig", "GetFunctionEventInvokeConfig", "GetPolicy", "ListTags"],
  logs: ["Describe*", "GetDelivery*", "ListTagsForResource"],
  rds: ["Describe*", "ListTagsForResource"],
  route53: ["GetHostedZone", "ListResourceRecordSets", "ListTagsForResource"],
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
  sns: ["GetTopicAttributes", "ListTagsForResource"],
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

/** Reads of set-up whose answers may hold a secret in the clear: for roles that run merged code, which reads the state as well. */
const tellingReads: readonly string[] = [
  "cloudfront:Describe*",
  "cloudfront:GetDistribution*", // headers for the origin
  "cloudfront:List*",
  "ec2:Describe*", // user data
  "ecs:Describe*", // what a task was started with
  "ecs:List*",
  "elasticloadbalancing:Describe*", // the headers of the origin lock and the candidate are in rules
  "lambda:GetFunctionConfiguration", // environment
  "lambda:ListVersionsByFunction",
  "route53:GetHealthCheck", // a region's probe asks by a secret
  "sns:GetSubscriptionAttributes", // PagerDuty's key is part of an address
];

/** What no preview of a pull request is answered, whatever another policy of the role allows. */
const neverTold: readonly string[] = [
  "cloudfront:GetDistribution*",
  "cloudfront:ListDistributions*",
  "ec2:DescribeInstanceAttribute",
  "ec2:DescribeLaunchTemplateVersions",
  "ecs:DescribeTasks",
  "elasticloadbalancing:DescribeRules",
  "lambda:GetFunctionConfiguration",
  "lambda:ListFunctions",
  "lambda:ListVersionsByFunction",
  "route53:GetHealthCheck",
  "route53:ListHealthChecks",
  "sns:GetSubscriptionAttributes",
  "sns:ListSubscriptions*",
];

/** Actions of the reads as IAM writes them. */
function setUpReads(): string[] {
  return Object.entries(reads).flatMap(([service, actions]) => actions.map((action) => `${service}:${action}`));
}

/** Reads of set-up for roles that run merged code. */
export function readActions(): string[] {
  return [...setUpReads(), ...tellingReads];
}

/** Statements of the preview role. @param decryptState whether secrets in the state are readable: not for production */
export function previewStatements(scope: PipelineScope, decryptState: boolean): PolicyStatement[] {
  return reading(scope, setUpReads(), neverTold, decryptState);
}

/** @param told reads of set-up @param never what is refused beside content */
function reading(scope: PipelineScope, told: readonly string[], never: readonly string[], decryptState: boolean): PolicyStatement[] {
  return [
    // AWS offers no resources for most of these reads; they are limited by what they return.
    allow("ReadSetup", told, ["*"]),
    {
      Sid: "NeverContent",
      Effect: "Deny",
      Action: [...contentReads.filter((action) => action !== readLatches), ...never],
      Resource: ["*"],
    },
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
  return [...reading(scope, readActions(), [], true), ...locks];
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
