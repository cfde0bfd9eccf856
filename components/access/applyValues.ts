/** Keys, secrets and parameters in an update: only the stack's own, told by their tags and names. */
import { allow } from "../aws/policy.ts";
import { Names } from "../environment/names.ts";
import { releaseTableName } from "../release/item.ts";
import { latchFolder } from "../rollback/latch.ts";
import type { Statement } from "./policyDocument.ts";
import { allowedRegions, inRegions, nameStart, type PipelineScope, regional, tagged } from "./scope.ts";

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
  return [...keyStatements(scope), ...secretStatements(scope), ...parameterStatements(scope), recordStatement(scope)];
}

function keyStatements(scope: PipelineScope): Statement[] {
  const keys = regional(scope, "kms", "key/*");
  const own = tagged(scope, "ResourceTag");
  // KMS counts a new key's tags for permissions only minutes after it was made, when its first users exist: what has no tags yet may be
  // used as well, through a service, and what carries another stack's may not.
  const notAnothers = { StringEqualsIfExists: own };
  return [
    {
      Sid: "MakeKeys",
      Effect: "Allow",
      Action: ["kms:CreateKey"],
      Resource: ["*"], // a key has no ARN before it exists
      Condition: { StringEquals: { ...tagged(scope, "RequestTag"), ...inRegions(scope) } },
    },
    allow(
      "FinishKeys",
      ["kms:CreateAlias", "kms:DeleteAlias", "kms:EnableKeyRotation", "kms:UpdateAlias", "kms:UpdateKeyDescription"],
      keys,
      notAnothers,
    ),
    allow(
      "NameKeys",
      ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
      [`arn:aws:kms:*:${scope.accountId}:alias/${nameStart(scope)}*`],
      { StringEquals: inRegions(scope) },
    ),
    allow("TagNewKeys", ["kms:TagResource"], keys, { StringEquals: tagged(scope, "RequestTag") }),
    allow("ChangeOwnKeys", ["kms:PutKeyPolicy", "kms:TagResource", "kms:UntagResource"], keys, { StringEquals: own }),
    allow("UseOwnKeys", ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:RetireGrant"], keys, {
      ...notAnothers,
      StringLike: { "kms:ViaService": encrypting.map((service) => `${service}.*.amazonaws.com`) },
    }),
    allow("LendOwnKeys", ["kms:CreateGrant"], keys, { ...notAnothers, Bool: { "kms:GrantIsForAWSResource": "true" } }),
  ];
}

function secretStatements(scope: PipelineScope): Statement[] {
  const secrets = regional(scope, "secretsmanager", "secret:*");
  const own = tagged(scope, "ResourceTag");
  return [
    allow(
      "MakeSecrets",
      ["secretsmanager:CreateSecret", "secretsmanager:ReplicateSecretToRegions", "secretsmanager:TagResource"],
      secrets,
      { StringEquals: tagged(scope, "RequestTag") },
    ),
    // RDS makes the secret of a master password with its caller's permissions, and with tags of its own.
    allow(
      "MakeMasterSecrets",
      ["CreateSecret", "DescribeSecret", "RotateSecret", "TagResource"].map((action) => `secretsmanager:${action}`),
      regional(scope, "secretsmanager", "secret:rds!*"),
    ),
    allow(
      "ChangeOwnSecrets",
      [
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
      secrets,
      { StringEquals: own },
    ),
    // Passwords that the program draws once. What people set has a name that starts with a slash, and stays unread.
    allow(
      "DrawnSecrets",
      ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
      [`arn:aws:secretsmanager:*:${scope.accountId}:secret:${nameStart(scope)}*`],
      { StringEquals: { ...own, ...inRegions(scope) } },
    ),
  ];
}

/** The latches, and the parameters that say whether a region may write. Secrets that are parameters are neither made nor read. */
function parameterStatements(scope: PipelineScope): Statement[] {
  const names = [latchFolder(scope), `${latchFolder(scope)}/*`, ...(scope.parameters ?? [])];
  return [
    allow(
      "OwnParameters",
      [
        "ssm:AddTagsToResource",
        "ssm:DeleteParameter",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:GetParametersByPath",
        "ssm:PutParameter",
        "ssm:RemoveTagsFromResource",
      ],
      names.flatMap((name) => regional(scope, "ssm", `parameter${name}`)),
    ),
  ];
}

/** The release records, in tables of the stack's regions. Items of no other table are read or written. */
export function recordStatement(scope: PipelineScope): Statement {
  const tables = allowedRegions(scope).map(
    (region) => `arn:aws:dynamodb:${region}:${scope.accountId}:table/${new Names(scope, region).regional(releaseTableName)}-*`,
  );
  return allow("ReleaseRecords", ["dynamodb:GetItem", "dynamodb:PutItem"], tables);
}
