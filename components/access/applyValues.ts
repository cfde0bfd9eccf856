/** Keys, secrets and parameters in an update: only the stack's own, told by their tags and names. */
import { latchFolder } from "../rollback/latch.ts";
import type { Statement } from "./policyDocument.ts";
import { inRegions, type PipelineScope, regional, tagged } from "./scope.ts";

/** Services that encrypt in the name of whoever makes their resources. */
const encrypting = [
  "backup",
  "dynamodb",
  "ecr",
  "elasticache",
  "elasticfilesystem",
  "lambda",
  "rds",
  "s3",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
];

/** Statements about keys, secrets and parameters. */
export function valueStatements(scope: PipelineScope): Statement[] {
  return [...keyStatements(scope), ...secretStatements(scope), ...parameterStatements(scope), ...othersTags(scope)];
}

function keyStatements(scope: PipelineScope): Statement[] {
  const keys = regional(scope, "kms", "key/*");
  const own = tagged(scope, "ResourceTag");
  return [
    {
      Sid: "MakeKeys",
      Effect: "Allow",
      Action: ["kms:CreateKey"],
      Resource: ["*"], // a key has no ARN before it exists
      Condition: { StringEquals: { ...tagged(scope, "RequestTag"), ...inRegions(scope) } },
    },
    // A key's tags may count for permissions only minutes after it was made; what follows its creation at once does not ask for them.
    {
      Sid: "FinishKeys",
      Effect: "Allow",
      Action: ["kms:CreateAlias", "kms:DeleteAlias", "kms:EnableKeyRotation", "kms:UpdateAlias", "kms:UpdateKeyDescription"],
      Resource: keys,
    },
    {
      Sid: "NameKeys",
      Effect: "Allow",
      Action: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
      Resource: [...scope.nameStarts, `${scope.system}-${scope.environment}-`].map(
        (start) => `arn:aws:kms:*:${scope.accountId}:alias/${start}*`,
      ),
      Condition: { StringEquals: inRegions(scope) },
    },
    {
      Sid: "TagNewKeys",
      Effect: "Allow",
      Action: ["kms:TagResource"],
      Resource: keys,
      Condition: { StringEquals: tagged(scope, "RequestTag") },
    },
    {
      Sid: "ChangeOwnKeys",
      Effect: "Allow",
      Action: ["kms:PutKeyPolicy", "kms:TagResource", "kms:UntagResource"],
      Resource: keys,
      Condition: { StringEquals: own },
    },
    {
      Sid: "UseOwnKeys",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:RetireGrant"],
      Resource: keys,
      Condition: {
        StringEquals: own,
        StringLike: { "kms:ViaService": encrypting.map((service) => `${service}.*.amazonaws.com`) },
      },
    },
    {
      Sid: "LendOwnKeys",
      Effect: "Allow",
      Action: ["kms:CreateGrant"],
      Resource: keys,
      Condition: { StringEquals: own, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

function secretStatements(scope: PipelineScope): Statement[] {
  const secrets = regional(scope, "secretsmanager", "secret:*");
  const own = tagged(scope, "ResourceTag");
  return [
    {
      Sid: "MakeSecrets",
      Effect: "Allow",
      Action: ["secretsmanager:CreateSecret", "secretsmanager:ReplicateSecretToRegions", "secretsmanager:TagResource"],
      Resource: secrets,
      Condition: { StringEquals: tagged(scope, "RequestTag") },
    },
    {
      Sid: "ChangeOwnSecrets",
      Effect: "Allow",
      Action: [
        "secretsmanager:DeleteResourcePolicy",
        "secretsmanager:DeleteSecret",
        "secretsmanager:PutResourcePolicy",
        "secretsmanager:RemoveRegionsFromReplication",
        "secretsmanager:ReplicateSecretToRegions",
        "secretsmanager:RestoreSecret",
        "secretsmanager:TagResource",
        "secretsmanager:UntagResource",
        "secretsmanager:UpdateSecret",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      Resource: secrets,
      Condition: { StringEquals: own },
    },
    // Passwords that the program draws once. What people set has a name that starts with a slash, and stays unread.
    {
      Sid: "DrawnSecrets",
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
      Resource: scope.nameStarts.map((start) => `arn:aws:secretsmanager:*:${scope.accountId}:secret:${start}*`),
      Condition: { StringEquals: { ...own, ...inRegions(scope) } },
    },
  ];
}

/** The latches, and the parameters that say whether a region may write. Secrets that are parameters are neither made nor read. */
function parameterStatements(scope: PipelineScope): Statement[] {
  const names = [latchFolder(scope), `${latchFolder(scope)}/*`, ...(scope.parameters ?? [])];
  return [
    {
      Sid: "OwnParameters",
      Effect: "Allow",
      Action: [
        "ssm:AddTagsToResource",
        "ssm:DeleteParameter",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:GetParametersByPath",
        "ssm:PutParameter",
        "ssm:RemoveTagsFromResource",
      ],
      Resource: names.flatMap((name) => regional(scope, "ssm", `parameter${name}`)),
    },
  ];
}

/** What carries another stack's tags is not tagged anew, and so not made this stack's; nor is its function's code changed. */
function othersTags(scope: PipelineScope): Statement[] {
  return Object.entries(tagged(scope, "ResourceTag")).map(([tag, value]) => ({
    Sid: `NoOther${tag.split("/")[1]}`,
    Effect: "Deny",
    Action: ["kms:TagResource", "lambda:*", "secretsmanager:TagResource"],
    Resource: ["*"],
    Condition: { StringNotEquals: { [tag]: value }, Null: { [tag]: "false" } },
  }));
}
