/** The role of people on call: looks, moves traffic back, repairs databases, moves regions, starts backups, and nothing else. */
import { Policy } from "@pulumi/aws/iam/policy.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { recordStatement } from "../components/access/applyValues.ts";
import { packed, policiesPerRole, policyText, type Statement } from "../components/access/policyDocument.ts";
import { readActions, stateStatements } from "../components/access/previewPolicy.ts";
import { inRegions, type PipelineScope, regional, tagged } from "../components/access/scope.ts";
import { allow } from "../components/aws/policy.ts";
import { Component, type Tagged } from "../components/component.ts";
import { Names, stackName } from "../components/environment/names.ts";
import { alarmTestParameter } from "../components/notifications/contract.ts";
import { latchFolder } from "../components/rollback/latch.ts";
import { repairStatements } from "./repairStatements.ts";

/** Arguments of `OnCallRole`. */
export interface OnCallRoleArgs extends Tagged {
  /** The stack that it is about, and where its state is. */
  readonly scope: PipelineScope;
  /** ARNs of the IAM users and roles that take it, by the name that their sessions must have. */
  readonly operators: Readonly<Record<string, string>>;
}

/** One role for each stack: who is on call for staging does nothing to production. Sessions last an hour. */
export class OnCallRole extends Component {
  readonly arn: Output<string>;

  constructor(name: string, args: OnCallRoleArgs, opts?: ComponentResourceOptions) {
    super("slipway:bootstrap:OnCallRole", name, args, opts);
    const { scope, operators } = args;
    const roleName = `${stackName(scope)}-on-call`;
    const role = this.child(Role, name, {
      name: roleName,
      description: `People on call for ${scope.system} ${scope.environment}: look, move traffic back, repair`,
      assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: operatorTrust(operators) }),
    });
    const policies = packed(onCallStatements(scope));
    if (policies.length > policiesPerRole)
      throw new RangeError(`${roleName} needs ${policies.length} policies; a role takes ${policiesPerRole}`);
    for (const [index, statements] of policies.entries()) {
      const part = `${name}-part${index + 1}`;
      const policy = this.child(Policy, part, { name: `${roleName}-part${index + 1}`, policy: policyText(statements) });
      this.child(RolePolicyAttachment, part, { role: role.name, policyArn: policy.arn });
    }
    this.arn = role.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** Who takes it: each under their own name, which CloudTrail shows, and a user with a second factor only. Pure. */
export function operatorTrust(operators: OnCallRoleArgs["operators"]): object[] {
  return Object.entries(operators).map(([session, arn]) => ({
    Effect: "Allow",
    Principal: { AWS: arn },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "sts:RoleSessionName": session },
      // Sessions of a role carry no second factor: whoever let them take it asked for one.
      ...(arn.includes(":user/") ? { Bool: { "aws:MultiFactorAuthPresent": "true" } } : {}),
    },
  }));
}

/** What `status` and `verify` ask beside the set-up that a preview reads. */
const furtherLooks = [
  "application-autoscaling:DescribeScalableTargets",
  "backup:ListRecoveryPointsByBackupVault",
  "cloudwatch:GetMetricStatistics",
  "dynamodb:ListBackups",
  "ecr:BatchGetImage",
  "ecr:DescribeImages",
  "ecs:DescribeTasks",
  "ecs:ListTasks",
  "route53:GetHealthCheckStatus",
  "route53:ListHealthChecks",
  "servicequotas:GetAWSDefaultServiceQuota",
  "servicequotas:GetServiceQuota",
  "sns:ListSubscriptionsByTopic",
  "wafv2:GetSampledRequests",
  "wafv2:GetWebACL",
  "wafv2:ListWebACLs",
] as const;

/**
 * What `status`, `verify`, `rollback now` and `alarms test` ask and do: set-up and health, the state without its secrets, latches, the
 * release record, a rule's weights, the tasks of the colour that takes over, and messages to the stack's own topics; and what
 * `repairStatements` adds for databases, regions and backups. Pure.
 */
export function onCallStatements(scope: PipelineScope): Statement[] {
  const own = { StringEquals: tagged(scope, "ResourceTag") };
  const latches = regional(scope, "ssm", `parameter${latchFolder(scope)}/*`);
  return [
    // AWS offers no resources for most of these reads; they are limited by what they return.
    allow("Look", [...readActions(), ...furtherLooks], ["*"]),
    allow("MoveWeights", ["elasticloadbalancing:ModifyRule"], regional(scope, "elasticloadbalancing", "listener-rule/app/*"), own),
    allow("AskForTasks", ["ecs:UpdateService"], regional(scope, "ecs", "service/*"), own),
    allow(
      "PinReserve",
      ["application-autoscaling:RegisterScalableTarget"],
      regional(scope, "application-autoscaling", "scalable-target/*"),
      {
        StringEquals: {
          "application-autoscaling:service-namespace": "ecs",
          "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
          ...inRegions(scope),
        },
      },
    ),
    allow("Latches", ["ssm:GetParameter", "ssm:PutParameter"], latches),
    allow("TestMessages", ["sns:Publish"], topicsOf(scope)),
    // The topics' key, and only by the way of SNS.
    allow("TopicKeys", ["kms:Decrypt", "kms:GenerateDataKey"], regional(scope, "kms", "key/*"), {
      StringEquals: { ...tagged(scope, "ResourceTag"), "kms:ViaService": scope.regions.map((region) => `sns.${region}.amazonaws.com`) },
    }),
    allow("LastTest", ["ssm:GetParameter", "ssm:PutParameter"], regional(scope, "ssm", `parameter${alarmTestParameter(scope)}`)),
    recordStatement(scope),
    ...repairStatements(scope),
    ...stateStatements(scope, false, false),
  ];
}

/** The topics of each region, by the names that the engine draws digits behind. */
function topicsOf(scope: PipelineScope): string[] {
  return scope.regions.map((region) => `arn:aws:sns:${region}:${scope.accountId}:${new Names(scope, region).regional("notify")}-P*`);
}
