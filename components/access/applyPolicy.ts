/** What an update may do: make, change and delete what stacks are made of, in this account and these regions. */
import { allow } from "../aws/policy.ts";
import { stackName } from "../environment/names.ts";
import { changesWithoutResource, furtherReads, regionalChanges } from "./applyChanges.ts";
import { roleStatements } from "./applyRoles.ts";
import { valueStatements } from "./applyValues.ts";
import { othersChanges, othersStatements } from "./othersResources.ts";
import type { Statement } from "./policyDocument.ts";
import { readActions, stateStatements } from "./previewPolicy.ts";
import { global, inRegions, nameStart, type PipelineScope, regional } from "./scope.ts";

/** What is changed of a service whose ARNs are not all its own, or whose resources carry no tags and are told by name. */
const resourceOf: Readonly<Record<string, (scope: PipelineScope) => string>> = {
  "application-autoscaling": () => "scalable-target/*",
  scheduler: (scope) => `schedule/*/${nameStart(scope)}*`,
};

/**
 * Statements of an apply role.
 * @param boundaryArn boundary that every role made with this one must have @param pipelinePrefix start of the pipeline's own names
 */
export function applyStatements(scope: PipelineScope, boundaryArn: string, pipelinePrefix: string): Statement[] {
  return [
    // AWS offers no resources for most of these reads; they are limited by what they return.
    allow("ReadSetup", [...readActions(), ...furtherReads], ["*"]),
    ...Object.entries(regionalChanges).map(
      ([service, actions]): Statement =>
        allow(
          `Change${service.replaceAll(/[^a-z0-9]/g, "").replace(/^./, (first) => first.toUpperCase())}`,
          actions.map((action) => `${service}:${action}`),
          regional(scope, service, resourceOf[service]?.(scope) ?? "*"),
        ),
    ),
    allow("WithoutResource", changesWithoutResource, ["*"], { StringEquals: inRegions(scope) }),
    // A firewall is put on a load balancer, which must allow it too.
    allow(
      "ChangeFirewalled",
      ["wafv2:AssociateWebACL", "wafv2:DisassociateWebACL"],
      regional(scope, "elasticloadbalancing", "loadbalancer/app/*"),
    ),
    functionStatement(scope),
    bucketStatement(scope),
    ...globalStatements(scope),
    ...nameStatements(scope),
    ...roleStatements(scope, boundaryArn, pipelinePrefix),
    ...valueStatements(scope),
    ...othersStatements(scope, othersChanges),
    ...stateStatements(scope, true, true),
  ];
}

/** Functions of the engine's names: whoever changes the code of another one has that one's role. */
function functionStatement(scope: PipelineScope): Statement {
  return allow(
    "OwnFunctions",
    [
      "lambda:AddPermission",
      "lambda:CreateFunction",
      "lambda:DeleteFunction*",
      "lambda:GetFunction", // has the code and the environment, and so is no read of set-up
      "lambda:PutFunctionConcurrency",
      "lambda:PutFunctionEventInvokeConfig",
      "lambda:RemovePermission",
      "lambda:TagResource",
      "lambda:UntagResource",
      "lambda:UpdateFunction*",
    ],
    [`arn:aws:lambda:*:${scope.accountId}:function:${nameStart(scope)}*`],
    { StringEquals: inRegions(scope) },
  );
}

/** Buckets of the engine's names; those of the state and of audit logs have others. Objects are neither read nor written. */
function bucketStatement(scope: PipelineScope): Statement {
  return {
    Sid: "ChangeBuckets",
    Effect: "Allow",
    Action: [
      "s3:CreateBucket",
      "s3:DeleteBucket",
      "s3:DeleteBucketPolicy",
      "s3:ListBucket", // whether a bucket is there is asked with this right
      "s3:PutBucket*",
      "s3:PutEncryptionConfiguration",
      "s3:PutLifecycleConfiguration",
      "s3:PutReplicationConfiguration",
      "s3:TagResource",
      "s3:UntagResource",
    ],
    Resource: [`arn:aws:s3:::${nameStart(scope)}*`],
    Condition: { StringEquals: { "aws:ResourceAccount": scope.accountId } }, // an ARN of S3 names no account
  };
}

function globalStatements(scope: PipelineScope): Statement[] {
  return [
    allow(
      "ChangeCloudFront",
      ["Create*", "Delete*", "PublishFunction", "TagResource", "UntagResource", "Update*", "AllowVendedLogDeliveryForResource"].map(
        (action) => `cloudfront:${action}`,
      ),
      [global(scope, "cloudfront", "*")],
    ),
    // These carry no tags that AWS looks at: the stack's own are told by name.
    allow("ChangeBudgets", ["budgets:ModifyBudget", "budgets:TagResource"], [global(scope, "budgets", `budget/${nameStart(scope)}*`)]),
    allow(
      "ChangeDashboards",
      ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"],
      [global(scope, "cloudwatch", `dashboard/${nameStart(scope)}*`)],
    ),
    allow(
      "ChangeChannels",
      ["chatbot:DeleteSlackChannelConfiguration", "chatbot:UpdateSlackChannelConfiguration"],
      ["", "-*"].map((end) => global(scope, "chatbot", `chat-configuration/slack-channel/${stackName(scope)}${end}`)),
    ),
  ];
}

/** Records and health checks. ARNs of Route 53 name no account. */
function nameStatements(scope: PipelineScope): Statement[] {
  const { hostedZoneId, delegatedDomain } = scope;
  const statements: Statement[] = [
    allow(
      "ChangeHealthChecks",
      ["route53:ChangeTagsForResource", "route53:DeleteHealthCheck", "route53:UpdateHealthCheck"],
      ["arn:aws:route53:::healthcheck/*"],
    ),
    // Interface endpoints bring their private zone along, in the caller's name.
    allow("NameEndpoints", ["route53:AssociateVPCWithHostedZone"], ["arn:aws:route53:::hostedzone/*", ...regional(scope, "ec2", "vpc/*")]),
  ];
  if (hostedZoneId !== undefined)
    statements.push(allow("ChangeRecords", ["route53:ChangeResourceRecordSets"], [`arn:aws:route53:::hostedzone/${hostedZoneId}`]));
  if (delegatedDomain !== undefined)
    statements.push(
      {
        Sid: "DelegateZone",
        Effect: "Allow",
        Action: ["route53:CreateHostedZone"],
        Resource: ["*"], // a zone has no ARN before it exists
        Condition: { StringEquals: inRegions(scope) },
      },
      // The zone's id is AWS's; what may stand in it is told by name, and a zone with anything else in it cannot be deleted.
      allow(
        "ChangeDelegatedZone",
        ["route53:ChangeTagsForResource", "route53:DeleteHostedZone", "route53:UpdateHostedZoneComment"],
        ["arn:aws:route53:::hostedzone/*"],
      ),
      allow("ChangeDelegatedRecords", ["route53:ChangeResourceRecordSets"], ["arn:aws:route53:::hostedzone/*"], {
        Null: { "route53:ChangeResourceRecordSetsNormalizedRecordNames": "false" },
        "ForAllValues:StringLike": {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": [delegatedDomain, `*.${delegatedDomain}`],
        },
      }),
    );
  return statements;
}
