/** What each role of a stack may do and must not: staging's, in the account in which production runs as well. */

import { onCallStatements } from "../../../bootstrap/onCall.ts";
import { regionalChanges } from "../../../components/access/applyChanges.ts";
import { applyStatements } from "../../../components/access/applyPolicy.ts";
import { boundaryStatements } from "../../../components/access/boundary.ts";
import { driftStatements } from "../../../components/access/driftPolicy.ts";
import type { PolicyStatement } from "../../../components/access/policyDocument.ts";
import { planStatements, previewStatements } from "../../../components/access/previewPolicy.ts";
import type { PipelineScope } from "../../../components/access/scope.ts";
import type { Context } from "../../harness/iam.ts";

const account = "123456789012";
const region = "us-east-1";
const stateKey = `arn:aws:kms:${region}:${account}:key/state`;

export const scope: PipelineScope = {
  ...{ accountId: account, system: "shop", environment: "staging", regions: [region, "eu-west-1"] },
  ...{ parameters: ["/shop/staging/read-only"], hostedZoneId: "Z0OWN", delegatedDomain: "failover.shop.example" },
  state: { bucket: "shop-state", keyArn: stateKey },
};
const boundaryArn = `arn:aws:iam::${account}:policy/shop-staging-pipeline-boundary`;

/** A region that no stack of these has. */
const far = "sa-east-1";

/** `made` is a role that the stack makes, with the boundary and whatever its own policy says. */
export type Actor = "preview" | "plan" | "drift" | "apply" | "on call" | "made";
export const statements: Readonly<Record<Actor, readonly PolicyStatement[]>> = {
  preview: previewStatements(scope, false),
  plan: planStatements(scope),
  drift: driftStatements(scope),
  apply: applyStatements(scope, boundaryArn, "shop-staging-pipeline"),
  "on call": onCallStatements(scope),
  made: boundaryStatements(scope),
};

/** One line: calls that all are answered alike. */
export interface Right {
  readonly who: readonly Actor[];
  readonly what: string;
  readonly may: boolean;
  /** Refused also where another policy of the role allows everything. */
  readonly whatever?: true;
  /** Action, resource and what else the request carries. */
  readonly calls: readonly (readonly [action: string, resource: string, context?: Context])[];
}

const at = (service: string, resource: string, where = region) => `arn:aws:${service}:${where}:${account}:${resource}`;
const here = { "aws:RequestedRegion": region, "aws:ResourceAccount": account };
const tags = (of: "ResourceTag" | "RequestTag", environment: string, system = "shop") => ({
  ...here,
  [`aws:${of}/System`]: system,
  [`aws:${of}/Environment`]: environment,
});
const own = tags("ResourceTag", "staging");
const theirs = tags("ResourceTag", "prod");
const otherSystem = tags("ResourceTag", "staging", "bank");
const asked = tags("RequestTag", "staging");
const askedOther = tags("RequestTag", "prod");
const through = (service: string) => ({ "kms:ViaService": `${service}.${region}.amazonaws.com` });
const bounded = { "iam:PermissionsBoundary": boundaryArn };
const forAws = { "kms:GrantIsForAWSResource": "true" };
const key = at("kms", "key/k");
/** A server, or a group that it needs, by the beginning of its name. */
const server = (start: string) => at("rds", `${start}-use1-db-main-1a2b3c4`);
const copiedTo = (stack: string, owner = account) => ({
  "backup:CopyTargets": [`arn:aws:backup:eu-west-1:${owner}:backup-vault:${stack}-use1-backup-euw1-1a2b3c4`],
});
const ownRole = `arn:aws:iam::${account}:role/shop/staging/shop-staging-use1-api-task-1a2b3c4`;
const theirRole = `arn:aws:iam::${account}:role/shop/prod/shop-prod-use1-api-task-1a2b3c4`;
const drawn = (stack: string) => at("secretsmanager", `secret:${stack}-use1-candidate-a-AbCdEf`);
const farOwn = { ...own, "aws:RequestedRegion": far };
const object = "arn:aws:s3:::shop-staging-use1-bucket-files-1a2b3c4/a";
const pipeline = (environment: string, role: string) => `arn:aws:iam::${account}:role/shop-${environment}-pipeline-${role}`;

const readers: readonly Actor[] = ["preview", "plan", "drift", "on call"];
const content: Right["calls"] = [
  ["dynamodb:GetItem", at("dynamodb", "table/orders"), own],
  ["dynamodb:Scan", at("dynamodb", "table/orders"), own],
  ["ecr:GetDownloadUrlForLayer", at("ecr", "repository/shop"), own],
  ["logs:FilterLogEvents", at("logs", "log-group:/shop"), own],
  ["logs:GetLogEvents", at("logs", "log-group:/shop:log-stream:a"), own],
  ["rds:DownloadDBLogFilePortion", at("rds", "db:main"), own],
  ["secretsmanager:BatchGetSecretValue", "*", here],
  ["ssm:GetParameterHistory", at("ssm", "parameter/shop/staging/jwt"), own],
  ["ssm:GetParameters", at("ssm", "parameter/shop/staging/jwt"), own],
];
const peoplesSecrets: Right["calls"] = [
  ["secretsmanager:GetSecretValue", at("secretsmanager", "secret:/shop/staging/jwt-AbCdEf"), { ...own, ...here }],
  ["ssm:GetParameter", at("ssm", "parameter/shop/staging/jwt"), here],
  ["ssm:GetParametersByPath", at("ssm", "parameter/shop/staging"), here],
];
const changes: Right["calls"] = [
  ["ec2:CreateVpc", at("ec2", "vpc/*"), here],
  ["ecs:CreateService", at("ecs", "service/shop/api"), here],
  ["elasticloadbalancing:ModifyListener", at("elasticloadbalancing", "listener/app/alb/1/2"), own],
  ["iam:CreateRole", ownRole, bounded],
  ["iam:PassRole", ownRole, { "iam:PassedToService": "lambda.amazonaws.com" }],
  ["kms:ScheduleKeyDeletion", key, own],
  ["lambda:UpdateFunctionCode", at("lambda", "function:shop-staging-use1-rollback"), own],
  ["rds:DeleteDBInstance", at("rds", "db:main"), own],
  ["route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z0OWN", here],
  ["s3:DeleteBucket", "arn:aws:s3:::shop-staging-use1-bucket-files", here],
  ["s3:PutObject", "arn:aws:s3:::shop-state/.pulumi/stacks/slipway/staging.json", here],
  ["secretsmanager:PutSecretValue", drawn("shop-staging"), own],
  ["sns:Publish", at("sns", "shop-staging-p1"), own],
  ["sts:AssumeRole", pipeline("staging", "apply"), here],
];

export const rights: readonly Right[] = [
  // Reading.
  {
    who: readers,
    what: "how things are set up",
    may: true,
    calls: [
      ["ec2:DescribeVpcs", "*"],
      ["ecs:DescribeServices", "*"],
      ["rds:DescribeDBInstances", "*"],
      ["iam:GetRole", ownRole],
      ["s3:GetBucketPolicy", "arn:aws:s3:::shop-staging-use1-bucket-files"],
    ],
  },
  {
    who: readers,
    what: "the state",
    may: true,
    calls: [
      ["s3:GetObject", "arn:aws:s3:::shop-state/.pulumi/stacks/slipway/staging.json"],
      ["s3:ListBucket", "arn:aws:s3:::shop-state", here],
    ],
  },
  { who: ["preview", "plan", "drift"], what: "content of stores, images and logs", may: false, whatever: true, calls: content },
  { who: ["on call", "apply"], what: "content of stores, images and logs, but for images' manifests", may: false, calls: content },
  { who: ["preview", "plan", "drift"], what: "secrets and parameters that people set", may: false, whatever: true, calls: peoplesSecrets },
  { who: ["on call", "apply"], what: "secrets and parameters that people set", may: false, calls: peoplesSecrets },
  {
    who: ["preview", "plan"],
    what: "secrets that the program drew",
    may: false,
    whatever: true,
    calls: [
      ["secretsmanager:GetSecretValue", drawn("shop-staging"), own],
      ["ssm:GetParameter", at("ssm", "parameter/slipway/shop/staging/rollback/api")],
      ["lambda:GetFunction", at("lambda", "function:shop-staging-use1-rollback"), own],
      ["cloudfront:GetFunction", `arn:aws:cloudfront::${account}:function/f`, own],
    ],
  },
  {
    who: ["on call"],
    what: "secrets that the program drew",
    may: false,
    calls: [["secretsmanager:GetSecretValue", drawn("shop-staging"), own]],
  },
  {
    who: ["preview"],
    what: "user data, rules, environments, subscriptions, what tasks were started with",
    may: false,
    whatever: true,
    calls: [
      ["cloudfront:GetDistributionConfig", `arn:aws:cloudfront::${account}:distribution/E1`],
      ["ec2:DescribeInstanceAttribute", "*"],
      ["ec2:DescribeLaunchTemplateVersions", "*"],
      ["ecs:DescribeTasks", at("ecs", "task/a")],
      ["elasticloadbalancing:DescribeRules", "*"],
      ["lambda:GetFunctionConfiguration", at("lambda", "function:f")],
      ["route53:GetHealthCheck", "arn:aws:route53:::healthcheck/h"],
      ["sns:GetSubscriptionAttributes", at("sns", "t:s")],
    ],
  },
  {
    who: ["plan", "drift", "on call", "apply"],
    what: "rules, which a refresh reads",
    may: true,
    calls: [
      ["elasticloadbalancing:DescribeRules", "*"],
      ["ecs:DescribeTasks", at("ecs", "task/a")],
    ],
  },
  { who: ["preview", "on call"], what: "the state's secrets", may: false, calls: [["kms:Decrypt", stateKey]] },
  { who: ["plan", "drift", "apply"], what: "the state's secrets", may: true, calls: [["kms:Decrypt", stateKey]] },
  {
    who: ["preview", "plan", "drift", "apply"],
    what: "the stack's latches",
    may: true,
    calls: [["ssm:GetParametersByPath", at("ssm", "parameter/slipway/shop/staging/rollback")]],
  },
  {
    who: ["preview", "plan", "drift"],
    what: "latches of production",
    may: false,
    whatever: true,
    calls: [["ssm:GetParametersByPath", at("ssm", "parameter/slipway/shop/prod/rollback")]],
  },
  {
    who: ["drift"],
    what: "what a refresh reads of the stack's own",
    may: true,
    calls: [
      ["secretsmanager:GetSecretValue", drawn("shop-staging"), own],
      ["lambda:GetFunction", at("lambda", "function:shop-staging-use1-rollback"), own],
      ["ssm:GetParameter", at("ssm", "parameter/shop/staging/read-only")],
      ["cloudfront:GetFunction", `arn:aws:cloudfront::${account}:function/f`],
      ["kms:Decrypt", key, { ...own, ...through("lambda") }],
      ["s3:ListBucket", "arn:aws:s3:::shop-staging-use1-bucket-files", here],
    ],
  },
  {
    who: ["drift"],
    what: "the same of production",
    may: false,
    calls: [
      ["lambda:GetFunction", at("lambda", "function:shop-staging-use1-rollback"), theirs],
      ["lambda:GetFunction", at("lambda", "function:shop-staging-use1-rollback"), otherSystem],
      ["lambda:GetFunction", at("lambda", "function:shop-prod-use1-rollback"), own],
      ["secretsmanager:GetSecretValue", drawn("shop-staging"), theirs],
      ["secretsmanager:GetSecretValue", drawn("shop-staging"), otherSystem],
      ["kms:Decrypt", key, { ...theirs, ...through("lambda") }],
      ["kms:Decrypt", key, { ...otherSystem, ...through("lambda") }],
      ["kms:Decrypt", key, own],
      ["s3:ListBucket", "arn:aws:s3:::shop-staging-use1-bucket-files", { ...here, "aws:ResourceAccount": "999999999999" }],
      ["s3:ListBucket", "arn:aws:s3:::shop-prod-use1-bucket-files", here],
    ],
  },
  {
    who: ["drift"],
    what: "secrets of production",
    may: false,
    whatever: true,
    calls: [
      ["secretsmanager:GetSecretValue", drawn("shop-prod"), theirs],
      ["ssm:GetParameter", at("ssm", "parameter/slipway/shop/prod/rollback/api")],
    ],
  },
  { who: [...readers, "apply"], what: "objects", may: false, calls: [["s3:GetObject", object, here]] },
  {
    who: ["drift"],
    what: "functions and keys of another account and region",
    may: false,
    calls: [
      ["cloudfront:GetFunction", "arn:aws:cloudfront::999999999999:function/f"],
      ["kms:Decrypt", at("kms", "key/k", far), { ...own, ...through("lambda") }],
    ],
  },
  {
    who: ["preview", "plan", "apply", "on call"],
    what: "to list another bucket",
    may: false,
    calls: [["s3:ListBucket", "arn:aws:s3:::payroll", here]],
  },
  { who: ["plan"], what: "another key's secrets", may: false, calls: [["kms:Decrypt", key, own]] },
  // Changing.
  { who: readers, what: "any change", may: false, calls: changes },
  { who: ["plan"], what: "to free a lock", may: true, calls: [["s3:DeleteObject", "arn:aws:s3:::shop-state/.pulumi/locks/a.json"]] },
  {
    who: readers,
    what: "to delete a state",
    may: false,
    calls: [["s3:DeleteObject", "arn:aws:s3:::shop-state/.pulumi/stacks/slipway/staging.json"]],
  },
  {
    who: ["apply"],
    what: "to make, change and delete the stack's own",
    may: true,
    calls: [
      ["ec2:CreateVpc", at("ec2", "vpc/*"), asked],
      ["ecs:UpdateService", at("ecs", "service/shop/api"), own],
      ["rds:DeleteDBInstance", at("rds", "db:main"), own],
      ["elasticloadbalancing:ModifyRule", at("elasticloadbalancing", "listener-rule/app/a/1/2/3"), own],
      ["lambda:UpdateFunctionCode", at("lambda", "function:shop-staging-use1-rollback"), own],
      ["s3:PutBucketPolicy", "arn:aws:s3:::shop-staging-use1-bucket-files", here],
      ["sns:Unsubscribe", "*", here],
      ["acm:RequestCertificate", "*", here],
      ["cloudfront:UpdateDistribution", `arn:aws:cloudfront::${account}:distribution/E1`, own],
      ["cloudwatch:PutDashboard", `arn:aws:cloudwatch::${account}:dashboard/shop-staging-service`, here],
      ["budgets:ModifyBudget", `arn:aws:budgets::${account}:budget/shop-staging-budget`, here],
      ["chatbot:DeleteSlackChannelConfiguration", `arn:aws:chatbot::${account}:chat-configuration/slack-channel/shop-staging`, here],
      ["scheduler:UpdateSchedule", at("scheduler", "schedule/default/shop-staging-withdraw"), here],
      ["route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z0OWN", here],
      [
        "route53:ChangeResourceRecordSets",
        "arn:aws:route53:::hostedzone/Z0MADE",
        { "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["failover.shop.example"] },
      ],
      ["route53:CreateHostedZone", "*", here],
      ["kms:CreateKey", "*", asked],
      ["kms:TagResource", key, asked],
      ["kms:PutKeyPolicy", key, own],
      ["kms:UpdateAlias", at("kms", "alias/shop-staging-secrets"), here],
      ["kms:EnableKeyRotation", key, own],
      ["kms:EnableKeyRotation", key, here],
      ["kms:Decrypt", key, { ...own, ...through("rds") }],
      ["kms:Decrypt", key, { ...here, ...through("rds") }],
      ["kms:CreateGrant", key, { ...own, "kms:GrantIsForAWSResource": "true" }],
      ["secretsmanager:CreateSecret", drawn("shop-staging"), asked],
      ["secretsmanager:DeleteSecret", drawn("shop-staging"), own],
      ["secretsmanager:GetSecretValue", drawn("shop-staging"), own],
      ["ssm:PutParameter", at("ssm", "parameter/shop/staging/read-only")],
      ["dynamodb:PutItem", at("dynamodb", "table/shop-staging-use1-releases-1a2b3c4"), own],
      ["s3:PutObject", "arn:aws:s3:::shop-state/.pulumi/stacks/slipway/staging.json"],
      ["iam:CreateRole", ownRole, bounded],
      ["iam:UpdateAssumeRolePolicy", ownRole],
      ["iam:PassRole", ownRole, { "iam:PassedToService": "ecs-tasks.amazonaws.com" }],
      [
        "iam:CreateServiceLinkedRole",
        `arn:aws:iam::${account}:role/aws-service-role/ecs.amazonaws.com/R`,
        { "iam:AWSServiceName": "ecs.amazonaws.com" },
      ],
      ["ecr:PutImage", at("ecr", "repository/shop"), theirs],
    ],
  },
  {
    who: ["apply"],
    what: "whatever carries production's tags, or another system's",
    may: false,
    whatever: true,
    calls: [theirs, otherSystem].flatMap(
      (others) =>
        [
          ["ec2:DeleteVpc", at("ec2", "vpc/v"), others],
          ["ecs:UpdateService", at("ecs", "service/shop/api"), others],
          ["rds:DeleteDBInstance", at("rds", "db:main"), others],
          ["elasticloadbalancing:ModifyRule", at("elasticloadbalancing", "listener-rule/app/a/1/2/3"), others],
          ["lambda:UpdateFunctionCode", at("lambda", "function:shop-staging-use1-rollback"), others],
          ["cloudfront:UpdateDistribution", `arn:aws:cloudfront::${account}:distribution/E1`, others],
          ["ecr:DeleteRepository", at("ecr", "repository/shop"), others],
          ["kms:TagResource", key, { ...asked, ...others }],
          ["secretsmanager:TagResource", drawn("shop-staging"), { ...asked, ...others }],
        ] as const,
    ),
  },
  {
    who: ["apply"],
    what: "what is production's by name, or by tags where the grant looks at them",
    may: false,
    calls: [
      ["s3:PutBucketPolicy", "arn:aws:s3:::shop-prod-use1-bucket-files", here],
      ["s3:PutBucketPolicy", "arn:aws:s3:::shop-staging-use1-bucket-files", { ...here, "aws:ResourceAccount": "999999999999" }],
      ["lambda:UpdateFunctionCode", at("lambda", "function:shop-prod-use1-rollback"), here],
      ["lambda:UpdateFunctionCode", at("lambda", "function:shop-staging-use1-rollback", far), { ...own, "aws:RequestedRegion": far }],
      ["ssm:PutParameter", at("ssm", "parameter/slipway/shop/prod/rollback/api")],
      ["dynamodb:PutItem", at("dynamodb", "table/shop-prod-use1-releases-1a2b3c4"), here],
      ["cloudwatch:DeleteDashboards", `arn:aws:cloudwatch::${account}:dashboard/shop-prod-service`, here],
      ["budgets:ModifyBudget", `arn:aws:budgets::${account}:budget/shop-prod-budget`, here],
      ["chatbot:DeleteSlackChannelConfiguration", `arn:aws:chatbot::${account}:chat-configuration/slack-channel/shop-prod`, here],
      ["scheduler:DeleteSchedule", at("scheduler", "schedule/default/shop-prod-withdraw"), here],
      [
        "route53:ChangeResourceRecordSets",
        "arn:aws:route53:::hostedzone/Z0THEIRS",
        { "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["shop.example"] },
      ],
      ["route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z0THEIRS"],
      ["kms:UpdateAlias", at("kms", "alias/shop-prod-secrets"), here],
      ["kms:UpdateAlias", at("kms", "alias/shop-staging-secrets", far), { "aws:RequestedRegion": far }],
      ...[theirs, otherSystem].flatMap(
        (others) =>
          [
            ["kms:PutKeyPolicy", key, others],
            ["kms:EnableKeyRotation", key, others],
            ["kms:Decrypt", key, { ...others, ...through("rds") }],
            ["kms:CreateGrant", key, { ...others, "kms:GrantIsForAWSResource": "true" }],
            ["secretsmanager:DeleteSecret", drawn("shop-staging"), others],
            ["secretsmanager:GetSecretValue", drawn("shop-staging"), others],
            ["kms:TagResource", key, { ...here, ...(others === theirs ? askedOther : tags("RequestTag", "staging", "bank")) }],
            ["kms:CreateKey", "*", others === theirs ? askedOther : tags("RequestTag", "staging", "bank")],
            ["secretsmanager:CreateSecret", drawn("shop-staging"), others === theirs ? askedOther : tags("RequestTag", "staging", "bank")],
          ] as const,
      ),
      ["secretsmanager:GetSecretValue", drawn("shop-prod"), own],
      ["secretsmanager:GetSecretValue", drawn("shop-staging"), { ...own, "aws:RequestedRegion": far }],
      ["kms:Decrypt", key, own],
      ["kms:CreateGrant", key, { ...own, "kms:GrantIsForAWSResource": "false" }],
      ["kms:CreateKey", "*", { ...asked, "aws:RequestedRegion": far }],
      ["sns:Unsubscribe", "*", { "aws:RequestedRegion": far }],
      ["route53:CreateHostedZone", "*", { "aws:RequestedRegion": far }],
      ["ec2:CreateVpc", at("ec2", "vpc/*", far), { ...asked, "aws:RequestedRegion": far }],
    ],
  },
  {
    who: ["apply"],
    what: "to give itself rights: no role without the boundary, no end of one, nobody else's role",
    may: false,
    calls: [
      ["iam:CreateRole", ownRole],
      ["iam:PutRolePolicy", ownRole],
      ["iam:AttachRolePolicy", ownRole, { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" }],
      ["iam:DeleteRolePermissionsBoundary", ownRole, bounded],
      ["iam:PutRolePermissionsBoundary", ownRole, bounded],
      ["iam:CreateRole", theirRole, bounded],
      ["iam:UpdateAssumeRolePolicy", theirRole],
      ["iam:PassRole", theirRole, { "iam:PassedToService": "ecs-tasks.amazonaws.com" }],
      ["iam:PassRole", ownRole, { "iam:PassedToService": "ec2.amazonaws.com" }],
      ["iam:CreateServiceLinkedRole", `arn:aws:iam::${account}:role/aws-service-role/x/R`, { "iam:AWSServiceName": "lex.amazonaws.com" }],
      ["iam:CreateUser", `arn:aws:iam::${account}:user/a`],
      ["iam:CreatePolicyVersion", boundaryArn],
      ["sts:AssumeRole", pipeline("prod", "apply")],
      ["sts:AssumeRole", theirRole],
      ["sts:AssumeRole", ownRole],
    ],
  },
  {
    who: ["apply"],
    what: "any change of a pipeline's roles, policies and identity",
    may: false,
    whatever: true,
    calls: [
      ...["staging", "prod"].flatMap((environment) =>
        ["preview", "plan", "drift", "apply"].flatMap(
          (role) =>
            [
              ["iam:AttachRolePolicy", pipeline(environment, role), bounded],
              ["iam:UpdateAssumeRolePolicy", pipeline(environment, role)],
              ["iam:PassRole", pipeline(environment, role), { "iam:PassedToService": "lambda.amazonaws.com" }],
            ] as const,
        ),
      ),
      ["iam:CreatePolicyVersion", boundaryArn],
      ["iam:SetDefaultPolicyVersion", boundaryArn],
      ["iam:DeletePolicy", boundaryArn],
      ["iam:UpdateOpenIDConnectProviderThumbprint", `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`],
    ],
  },
  {
    who: ["apply"],
    what: "any change in another region or account",
    may: false,
    calls: [
      ...Object.entries(regionalChanges).map(([service, [verb]]) => [`${service}:${verb}`, at(service, "a", far), farOwn] as const),
      ...["TagResource", "PutKeyPolicy", "Decrypt"].map(
        (verb) => [`kms:${verb}`, at("kms", "key/k", far), { ...asked, ...own, ...through("rds") }] as const,
      ),
      ["kms:CreateGrant", at("kms", "key/k", far), { ...own, "kms:GrantIsForAWSResource": "true" }],
      ...["CreateSecret", "DeleteSecret"].map(
        (verb) => [`secretsmanager:${verb}`, at("secretsmanager", "secret:a", far), { ...asked, ...own }] as const,
      ),
      ["wafv2:AssociateWebACL", at("elasticloadbalancing", "loadbalancer/app/a/1", far), farOwn],
      ["route53:AssociateVPCWithHostedZone", at("ec2", "vpc/v", far), farOwn],
      ["cloudfront:UpdateDistribution", "arn:aws:cloudfront::999999999999:distribution/E1", own],
      ["iam:CreateServiceLinkedRole", ownRole, { "iam:AWSServiceName": "ecs.amazonaws.com" }],
    ],
  },
  // On call.
  {
    who: ["on call"],
    what: "to move weights, ask for tasks, pin the reserve, write latch and record",
    may: true,
    calls: [
      ["elasticloadbalancing:ModifyRule", at("elasticloadbalancing", "listener-rule/app/a/1/2/3"), own],
      ["ecs:UpdateService", at("ecs", "service/shop/api"), own],
      [
        "application-autoscaling:RegisterScalableTarget",
        at("application-autoscaling", "scalable-target/1"),
        {
          ...here,
          "application-autoscaling:service-namespace": "ecs",
          "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
        },
      ],
      ["ssm:PutParameter", at("ssm", "parameter/slipway/shop/staging/rollback/api")],
      ["ssm:PutParameter", at("ssm", "parameter/slipway/shop/staging/rollback/api.by-hand")],
      ["ssm:GetParameter", at("ssm", "parameter/slipway/shop/staging/rollback/api.by-hand")],
      ["dynamodb:GetItem", at("dynamodb", "table/shop-staging-use1-releases-1a2b3c4")],
      ["dynamodb:PutItem", at("dynamodb", "table/shop-staging-use1-releases-1a2b3c4")],
      ["elasticloadbalancing:DescribeTargetHealth", "*"],
      ["tag:GetResources", "*"],
      ["cloudwatch:DescribeAlarms", "*"],
    ],
  },
  {
    who: ["on call"],
    what: "the same of production, or more",
    may: false,
    calls: [
      ...[theirs, otherSystem, here].flatMap(
        (others) =>
          [
            ["elasticloadbalancing:ModifyRule", at("elasticloadbalancing", "listener-rule/app/a/1/2/3"), others],
            ["ecs:UpdateService", at("ecs", "service/shop/api"), others],
          ] as const,
      ),
      [
        "application-autoscaling:RegisterScalableTarget",
        at("application-autoscaling", "scalable-target/1"),
        {
          ...here,
          "application-autoscaling:service-namespace": "dynamodb",
          "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
        },
      ],
      [
        "application-autoscaling:RegisterScalableTarget",
        at("application-autoscaling", "scalable-target/1"),
        {
          ...here,
          "application-autoscaling:service-namespace": "ecs",
          "application-autoscaling:scalable-dimension": "dynamodb:table:ReadCapacityUnits",
        },
      ],
      [
        "application-autoscaling:RegisterScalableTarget",
        at("application-autoscaling", "scalable-target/1"),
        {
          "aws:RequestedRegion": far,
          "application-autoscaling:service-namespace": "ecs",
          "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
        },
      ],
      ["ssm:PutParameter", at("ssm", "parameter/slipway/shop/prod/rollback/api")],
      ["dynamodb:PutItem", at("dynamodb", "table/shop-prod-use1-releases-1a2b3c4")],
      ["ecs:DeleteService", at("ecs", "service/shop/api"), own],
      ["ecs:RunTask", at("ecs", "task-definition/shop:1"), own],
      ["ecs:ExecuteCommand", at("ecs", "task/a"), own],
    ],
  },
  {
    who: ["on call"],
    what: "the same in another region or account, or of a network load balancer",
    may: false,
    calls: [
      ["elasticloadbalancing:ModifyRule", at("elasticloadbalancing", "listener-rule/net/a/1/2/3"), own],
      ["ecs:UpdateService", at("ecs", "service/shop/api", far), own],
      [
        "application-autoscaling:RegisterScalableTarget",
        `arn:aws:application-autoscaling:${region}:999999999999:scalable-target/1`,
        {
          ...here,
          "application-autoscaling:service-namespace": "ecs",
          "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
        },
      ],
    ],
  },
  {
    who: ["on call"],
    what: "write to the stack's own topics through their key",
    may: true,
    calls: [["kms:GenerateDataKey", at("kms", "key/topics"), { ...own, "kms:ViaService": `sns.${region}.amazonaws.com` }]],
  },
  {
    who: ["on call"],
    what: "the key of another stack's topics, of another region, or for what is no topic",
    may: false,
    calls: [
      ["kms:Decrypt", at("kms", "key/topics"), { ...theirs, "kms:ViaService": `sns.${region}.amazonaws.com` }],
      ["kms:Decrypt", at("kms", "key/topics"), { ...otherSystem, "kms:ViaService": `sns.${region}.amazonaws.com` }],
      ["kms:Decrypt", at("kms", "key/stores"), { ...own, "kms:ViaService": `rds.${region}.amazonaws.com` }],
      ["kms:Decrypt", at("kms", "key/stores"), own],
      ["kms:Decrypt", at("kms", "key/topics", far), { ...own, "kms:ViaService": `sns.${region}.amazonaws.com` }],
    ],
  },
  {
    who: ["on call"],
    what: "to restore, follow, promote and grow the stack's database servers, with their keys and the secret of their password",
    may: true,
    calls: [
      ["rds:RestoreDBInstanceToPointInTime", server("db:shop-staging"), { ...asked, ...own }],
      ["rds:RestoreDBInstanceToPointInTime", server("db:shop-staging"), asked],
      ["rds:RestoreDBInstanceToPointInTime", server("pg:shop-staging"), { ...asked, ...own }],
      ["rds:RestoreDBInstanceToPointInTime", server("subgrp:shop-staging"), { ...asked, ...own }],
      ["rds:RestoreDBInstanceToPointInTime", at("rds", "og:default:postgres-17"), asked],
      ["rds:CreateDBInstanceReadReplica", at("rds", "db:shop-staging-euw1-db-main-1a2b3c4", "eu-west-1"), asked],
      ["rds:AddTagsToResource", server("db:shop-staging"), asked],
      ["rds:ModifyDBInstance", server("db:shop-staging"), own],
      ["rds:PromoteReadReplica", server("db:shop-staging"), own],
      ["kms:CreateGrant", key, { ...own, ...through("rds"), ...forAws }],
      ["kms:DescribeKey", key, own],
      ["secretsmanager:CreateSecret", at("secretsmanager", "secret:rds!db-1"), here],
      ["kms:GenerateDataKey", key, { ...own, ...through("secretsmanager") }],
    ],
  },
  {
    who: ["on call"],
    what: "the same to other servers, or more",
    may: false,
    calls: [
      // Another stack's server, by its tags, by its name, and one made under its tags.
      ...[theirs, otherSystem].flatMap(
        (others) =>
          [
            ["rds:RestoreDBInstanceToPointInTime", server("db:shop-staging"), { ...asked, ...others }],
            ["rds:AddTagsToResource", server("db:shop-staging"), { ...asked, ...others }],
            ["rds:ModifyDBInstance", server("db:shop-staging"), others],
            ["kms:CreateGrant", key, { ...others, ...through("rds"), ...forAws }],
            ["kms:Decrypt", key, { ...others, ...through("secretsmanager") }],
          ] as const,
      ),
      ["rds:RestoreDBInstanceToPointInTime", server("db:shop-prod"), asked],
      ["rds:CreateDBInstanceReadReplica", server("db:shop-staging"), { ...own, ...askedOther }],
      ["rds:CreateDBInstanceReadReplica", server("db:shop-staging"), { ...own, ...tags("RequestTag", "staging", "bank") }],
      ["rds:RestoreDBInstanceToPointInTime", server("db:shop-staging"), own],
      ["rds:ModifyDBInstance", server("db:shop-prod"), own],
      ["rds:ModifyDBInstance", server("db:shop-staging"), here],
      ["rds:ModifyDBInstance", at("rds", "db:shop-staging-sae1-db-main-1a2b3c4", far), own],
      ["rds:DeleteDBInstance", server("db:shop-staging"), own],
      ["rds:DeleteDBSnapshot", at("rds", "snapshot:shop-staging"), own],
      ["rds:RestoreDBInstanceFromDBSnapshot", server("db:shop-staging"), { ...asked, ...own }],
      ["rds:CreateDBInstance", server("db:shop-staging"), { ...asked, ...own }],
      ["kms:CreateGrant", key, { ...own, ...through("rds") }],
      ["kms:CreateGrant", key, { ...own, ...through("rds"), "kms:GrantIsForAWSResource": "false" }],
      ["kms:CreateGrant", key, { ...own, ...forAws }],
      ["kms:CreateGrant", key, { ...own, ...through("ec2"), ...forAws }],
      ["kms:CreateGrant", at("kms", "key/k", far), { ...own, ...through("rds"), ...forAws }],
      ["kms:Decrypt", at("kms", "key/k", far), { ...own, ...through("secretsmanager") }],
      ["secretsmanager:CreateSecret", at("secretsmanager", "secret:a"), here],
      ["secretsmanager:GetSecretValue", at("secretsmanager", "secret:rds!db-1"), here],
    ],
  },
  {
    who: ["on call"],
    what: "to give the nodes of the stack's caches a larger type",
    may: true,
    calls: [
      ["elasticache:DescribeReplicationGroups", "*"],
      ["elasticache:DescribeCacheClusters", "*"],
      ["elasticache:ListAllowedNodeTypeModifications", at("elasticache", "replicationgroup:shop-staging-use1-c-1a2b3c4"), own],
      ["elasticache:ModifyReplicationGroup", at("elasticache", "replicationgroup:shop-staging-use1-c-1a2b3c4"), own],
    ],
  },
  {
    who: ["on call"],
    what: "the same to other caches, or more",
    may: false,
    calls: [
      ["elasticache:ModifyReplicationGroup", at("elasticache", "replicationgroup:shop-staging-use1-c-1a2b3c4"), theirs],
      ["elasticache:ModifyReplicationGroup", at("elasticache", "replicationgroup:shop-staging-use1-c-1a2b3c4"), otherSystem],
      ["elasticache:ModifyReplicationGroup", at("elasticache", "replicationgroup:shop-staging-use1-c-1a2b3c4"), here],
      ["elasticache:ModifyReplicationGroup", at("elasticache", "replicationgroup:shop-prod-use1-c-1a2b3c4"), own],
      ["elasticache:ModifyReplicationGroup", at("elasticache", "replicationgroup:shop-staging-use1-c-1a2b3c4", far), own],
      ["elasticache:DeleteReplicationGroup", at("elasticache", "replicationgroup:shop-staging-use1-c-1a2b3c4"), own],
    ],
  },
  {
    who: ["on call"],
    what: "to have a region refuse writes, to withdraw, approve and restore it, to start backups and copies of them",
    may: true,
    calls: [
      ["ssm:GetParameter", at("ssm", "parameter/shop/staging/failover/read-only")],
      ["ssm:PutParameter", at("ssm", "parameter/shop/staging/failover/read-only", "eu-west-1")],
      ["scheduler:GetSchedule", at("scheduler", "schedule/default/shop-staging-withdraw-use1", "eu-west-1")],
      ["scheduler:UpdateSchedule", at("scheduler", "schedule/default/shop-staging-withdraw-use1", "eu-west-1"), here],
      ["scheduler:UpdateSchedule", at("scheduler", "schedule/default/shop-staging-approve-euw1"), here],
      ["iam:PassRole", ownRole, { "iam:PassedToService": "scheduler.amazonaws.com" }],
      ["iam:PassRole", ownRole, { "iam:PassedToService": "backup.amazonaws.com" }],
      ["backup:StartBackupJob", at("backup", "backup-vault:shop-staging-use1-backup-1a2b3c4"), own],
      ["backup:DescribeBackupJob", "*"],
      ["backup:DescribeCopyJob", "*"],
      ["backup:StartCopyJob", at("backup", "recovery-point:r"), { ...own, ...copiedTo("shop-staging") }],
      ["backup:StartCopyJob", at("rds", "snapshot:awsbackup:job-1"), { ...own, ...copiedTo("shop-staging") }],
      ["backup:StartCopyJob", at("rds", "cluster-snapshot:awsbackup:job-1"), { ...own, ...copiedTo("shop-staging") }],
    ],
  },
  {
    who: ["on call"],
    what: "the same of production or of another account, other schedules, roles for other services, or the end of a backup",
    may: false,
    calls: [
      ["ssm:PutParameter", at("ssm", "parameter/shop/prod/failover/read-only")],
      ["ssm:PutParameter", at("ssm", "parameter/shop/staging/jwt")],
      ["scheduler:UpdateSchedule", at("scheduler", "schedule/default/shop-prod-withdraw-use1"), here],
      ["scheduler:UpdateSchedule", at("scheduler", "schedule/default/shop-staging-withdraw-use1-beat"), here],
      ["scheduler:UpdateSchedule", at("scheduler", "schedule/default/shop-staging-withdraw-use1", far), { "aws:RequestedRegion": far }],
      ["scheduler:DeleteSchedule", at("scheduler", "schedule/default/shop-staging-withdraw-use1"), here],
      ["iam:PassRole", ownRole, { "iam:PassedToService": "lambda.amazonaws.com" }],
      ["iam:PassRole", theirRole, { "iam:PassedToService": "backup.amazonaws.com" }],
      ...[theirs, otherSystem].flatMap(
        (others) =>
          [
            ["backup:StartBackupJob", at("backup", "backup-vault:shop-staging-use1-backup-1a2b3c4"), others],
            ["backup:StartCopyJob", at("rds", "snapshot:awsbackup:job-1"), { ...others, ...copiedTo("shop-staging") }],
          ] as const,
      ),
      ["backup:StartBackupJob", at("backup", "backup-vault:shop-prod-use1-backup-1a2b3c4"), own],
      ["backup:StartCopyJob", at("backup", "recovery-point:r"), { ...own, ...copiedTo("shop-prod") }],
      ["backup:StartCopyJob", at("backup", "recovery-point:r"), { ...own, ...copiedTo("shop-staging", "999999999999") }],
      ["backup:StartCopyJob", at("backup", "recovery-point:r"), own],
      ["backup:StartCopyJob", at("backup", "recovery-point:r", far), { ...own, ...copiedTo("shop-staging") }],
      ["backup:StartRestoreJob", at("backup", "recovery-point:r"), own],
      ["backup:DeleteRecoveryPoint", at("backup", "recovery-point:r"), own],
    ],
  },
  // Roles that the stack makes.
  {
    who: ["made"],
    what: "what tasks and functions do",
    may: true,
    calls: [
      ["dynamodb:PutItem", at("dynamodb", "table/orders"), own],
      ["sqs:SendMessage", at("sqs", "jobs"), own],
      ["secretsmanager:GetSecretValue", at("secretsmanager", "secret:/shop/staging/jwt-AbCdEf"), here],
      ["s3:PutObject", object, here],
      ["ecs:UpdateService", at("ecs", "service/shop/api"), own],
      ["ssm:PutParameter", at("ssm", "parameter/slipway/shop/staging/rollback/api"), here],
      ["iam:PassRole", ownRole, { "iam:PassedToService": "backup.amazonaws.com" }],
      ["xray:PutTraceSegments", "*", here],
      ["ecr:BatchGetImage", at("ecr", "repository/shop"), theirs],
    ],
  },
  {
    who: ["made"],
    what: "anything in another region, another account, with identities or against keys, buckets and backups",
    may: false,
    calls: [
      ["sqs:SendMessage", `arn:aws:sqs:${region}:999999999999:jobs`, own],
      ["sqs:SendMessage", at("sqs", "jobs", far), { ...own, "aws:RequestedRegion": far }],
      ["xray:PutTraceSegments", "*", { "aws:RequestedRegion": far }],
      ["s3:PutObject", object, { ...here, "aws:ResourceAccount": "999999999999" }],
      ["iam:PassRole", ownRole, { "iam:PassedToService": "ec2.amazonaws.com" }],
      ["iam:PassRole", theirRole, { "iam:PassedToService": "backup.amazonaws.com" }],
      ["sts:AssumeRole", pipeline("prod", "apply"), here],
      ["ssm:PutParameter", at("ssm", "parameter/slipway/shop/prod/rollback/api"), here],
    ],
  },
  {
    who: ["made"],
    what: "what cannot be undone",
    may: false,
    whatever: true,
    calls: [
      ["iam:CreateUser", `arn:aws:iam::${account}:user/a`],
      ["iam:PutRolePolicy", ownRole, bounded],
      ["kms:ScheduleKeyDeletion", key, own],
      ["backup:DeleteRecoveryPoint", at("backup", "recovery-point:r"), own],
      ["s3:DeleteBucket", "arn:aws:s3:::shop-staging-use1-bucket-files", here],
      ["cloudtrail:StopLogging", at("cloudtrail", "trail/t"), here],
    ],
  },
  {
    who: ["made"],
    what: "whatever carries production's tags, or another system's",
    may: false,
    whatever: true,
    calls: [theirs, otherSystem].flatMap(
      (others) =>
        [
          ["dynamodb:PutItem", at("dynamodb", "table/orders"), others],
          ["ecs:UpdateService", at("ecs", "service/shop/api"), others],
          ["elasticloadbalancing:ModifyRule", at("elasticloadbalancing", "listener-rule/app/a/1/2/3"), others],
          ["kms:Decrypt", key, others],
          ["rds:DeleteDBSnapshot", at("rds", "snapshot:s"), others],
          ["secretsmanager:GetSecretValue", at("secretsmanager", "secret:/shop/prod/jwt-AbCdEf"), others],
          ["sns:Publish", at("sns", "t"), others],
          ["sqs:DeleteQueue", at("sqs", "jobs"), others],
          ["ssm:GetParameter", at("ssm", "parameter/shop/prod/jwt"), others],
        ] as const,
    ),
  },
  {
    who: ["made"],
    what: "buckets that are not the stack's, the states among them",
    may: false,
    calls: [
      ["s3:GetObject", "arn:aws:s3:::shop-prod-use1-bucket-files/a", here],
      ["s3:PutObject", "arn:aws:s3:::shop-state/.pulumi/stacks/slipway/production.json", here],
    ],
  },
];
