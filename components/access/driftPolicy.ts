/**
 * What the search for drift may do: a refresh asks AWS about every resource of the stack, and for some of them the answer holds
 * their content. So this role is no pull request's, and content is read of the stack's own resources alone.
 */
import type { PolicyStatement, Statement } from "./policyDocument.ts";
import { contentReads, latchStatements, readActions, stateStatements } from "./previewPolicy.ts";
import { global, type PipelineScope, regional } from "./scope.ts";

/** Content that a refresh has to read, and nothing else may. */
const refreshed: readonly string[] = ["cloudfront:GetFunction", "lambda:GetFunction", "secretsmanager:GetSecretValue", "ssm:GetParameter"];

/** Statements of the drift role. */
export function driftStatements(scope: PipelineScope): PolicyStatement[] {
  const { stack } = scope;
  const own = stack === undefined ? [] : ownContent(scope, stack);
  const latches = latchStatements(scope);
  const granted = [...own, ...latches].filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => Action);
  return [
    // AWS offers no resources for most of these reads; they are limited by what they return.
    { Sid: "ReadSetup", Effect: "Allow", Action: readActions(), Resource: ["*"] },
    { Sid: "NeverContent", Effect: "Deny", Action: contentReads.filter((action) => !granted.includes(action)), Resource: ["*"] },
    ...own,
    ...latches,
    // The provider asks whether a bucket is there by the action that lists its keys. An ARN of S3 names no account.
    {
      Sid: "FindBuckets",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: ["arn:aws:s3:::*"],
      Condition: { StringEquals: { "aws:ResourceAccount": scope.accountId } },
    },
    ...stateStatements(scope, false, true),
  ];
}

/**
 * Names of generated secrets and functions end in random letters and start with what their resource is called, in every stack
 * alike. So they are told by their tags; what is told by a name, is told by it.
 */
function ownContent(scope: PipelineScope, { system, environment }: NonNullable<PipelineScope["stack"]>): PolicyStatement[] {
  const tagged = { "aws:ResourceTag/System": system, "aws:ResourceTag/Environment": environment, "aws:ResourceTag/ManagedBy": "slipway" };
  const allow = (
    Sid: string,
    action: (typeof refreshed)[number],
    Resource: readonly string[],
    when?: Statement["Condition"],
  ): Statement => ({
    Sid,
    Effect: "Allow",
    Action: [action],
    Resource,
    ...(when === undefined ? {} : { Condition: when }),
  });
  const parameters = [`parameter/slipway/${system}/${environment}/*`, `parameter/${system}/${environment}/failover/read-only`].flatMap(
    (resource) => regional(scope, "ssm", resource),
  );
  const declared = regional(scope, "secretsmanager", "secret:/*");
  return [
    allow("ReadOwnFunctions", "lambda:GetFunction", regional(scope, "lambda", "function:*"), { StringEquals: tagged }),
    allow("ReadEdgeFunctions", "cloudfront:GetFunction", [global(scope, "cloudfront", "function/*")]),
    allow("ReadOwnParameters", "ssm:GetParameter", parameters),
    { Sid: "NoOtherParameter", Effect: "Deny", Action: ["ssm:GetParameter"], NotResource: parameters },
    allow("ReadOwnSecrets", "secretsmanager:GetSecretValue", regional(scope, "secretsmanager", "secret:*"), { StringEquals: tagged }),
    // What people set by `slipway secrets set` has a path for a name and no version in the state; nothing has to read it.
    { Sid: "NeverDeclaredSecrets", Effect: "Deny", Action: ["secretsmanager:GetSecretValue"], Resource: declared },
    {
      Sid: "DecryptOwnSecrets",
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: regional(scope, "kms", "key/*"),
      Condition: { StringEquals: { ...tagged, "kms:ViaService": viaSecretsManager(scope) } },
    },
  ];
}

function viaSecretsManager({ regions }: PipelineScope): string[] {
  return [...new Set([...regions, "us-east-1"])].sort().map((region) => `secretsmanager.${region}.amazonaws.com`);
}
