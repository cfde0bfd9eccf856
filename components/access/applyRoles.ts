/** Roles in an update: it makes and changes those of its own stack, inside the boundary, and no others. */
import { allow } from "../aws/policy.ts";
import type { Statement } from "./policyDocument.ts";
import { global, type PipelineScope, pipelineRoles, rolePath } from "./scope.ts";

/** Services that a role may be handed to. */
const roleUsers = ["backup", "chatbot", "ecs-tasks", "lambda", "monitoring.rds", "rds", "s3", "scheduler", "vpc-flow-logs"];

/** Services whose own roles AWS makes on first use. */
const linkedRoles = [
  "backup",
  "delivery.logs",
  "ecs",
  "ecs.application-autoscaling",
  "elasticache",
  "elasticfilesystem",
  "elasticloadbalancing",
  "management.chatbot",
  "natgateway",
  "rds",
  "replication.ecr",
  "restore-testing.backup",
  "wafv2",
];

const principals = (services: readonly string[]) => services.map((service) => `${service}.amazonaws.com`);

/**
 * Statements about roles. A role's boundary is a condition only for some actions, and not for who may take the role: what keeps
 * an update off other roles is the path, which every role of the stack has and no role can be moved to.
 * @param boundaryArn boundary that every role made with this one must have @param pipelinePrefix start of the pipeline's own names
 */
export function roleStatements(scope: PipelineScope, boundaryArn: string, pipelinePrefix: string): Statement[] {
  const own = [global(scope, "iam", `role${rolePath(scope)}*`)];
  return [
    allow(
      "MakeBoundedRoles",
      ["iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePolicy"],
      own,
      { StringEquals: { "iam:PermissionsBoundary": boundaryArn } },
    ),
    allow(
      "ChangeOwnRoles",
      ["iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"],
      own,
    ),
    allow("PassRoles", ["iam:PassRole"], own, { StringEquals: { "iam:PassedToService": principals(roleUsers) } }),
    allow("LinkedRoles", ["iam:CreateServiceLinkedRole"], [global(scope, "iam", "role/aws-service-role/*")], {
      StringEquals: { "iam:AWSServiceName": principals(linkedRoles) },
    }),
    // No pipeline's roles, policies and boundaries, this stack's or another's: an administrator changes them. A role that the
    // stack makes ends in the engine's random digits and is none of these.
    {
      Sid: "NoPipeline",
      Effect: "Deny",
      Action: [
        "iam:Add*",
        "iam:AttachRolePolicy",
        "iam:Create*",
        "iam:Delete*",
        "iam:Detach*",
        "iam:PassRole",
        "iam:Put*",
        "iam:Remove*",
        "iam:Set*",
        "iam:Tag*",
        "iam:Untag*",
        "iam:Update*",
      ],
      Resource: [
        global(scope, "iam", `role/${pipelinePrefix}*`),
        global(scope, "iam", `policy/${pipelinePrefix}*`),
        ...pipelineRoles.map((role) => global(scope, "iam", `role/*-pipeline-${role}`)),
        global(scope, "iam", "policy/*-pipeline-*"),
        global(scope, "iam", "oidc-provider/*"),
      ],
    },
  ];
}
