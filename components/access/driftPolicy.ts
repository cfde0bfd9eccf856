/**
 * What the search for drift may do: a refresh asks AWS about every resource of the stack, and for some of them the answer holds
 * their content. So this role is no pull request's, and content is read of the stack's own resources alone.
 */
import { allow } from "../aws/policy.ts";
import { latchFolder } from "../rollback/latch.ts";
import type { PolicyStatement } from "./policyDocument.ts";
import { contentReads, latchStatements, readActions, stateStatements } from "./previewPolicy.ts";
import { allowedRegions, global, nameStart, type PipelineScope, regional, tagged } from "./scope.ts";

/** Statements of the drift role. */
export function driftStatements(scope: PipelineScope): PolicyStatement[] {
  const own = [...ownContent(scope), ...latchStatements(scope)];
  const granted = new Set(own.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => Action));
  return [
    // AWS offers no resources for most of these reads; they are limited by what they return.
    allow("ReadSetup", readActions(), ["*"]),
    { Sid: "NeverContent", Effect: "Deny", Action: contentReads.filter((action) => !granted.has(action)), Resource: ["*"] },
    ...own,
    ...stateStatements(scope, false, true),
  ];
}

/**
 * What the engine names gets random letters at its end. Another environment's name may begin as this one's does (`prod`, `prod-eu`), so the
 * stack's own are told by their tags besides, where AWS looks at them.
 */
function ownContent(scope: PipelineScope): PolicyStatement[] {
  const { accountId, parameters = [] } = scope;
  const own = tagged(scope, "ResourceTag");
  const start = nameStart(scope);
  const named = (service: string, kind: string) => [`arn:aws:${service}:*:${accountId}:${kind}:${start}*`];
  const parameterArns = [`${latchFolder(scope)}/*`, ...parameters].flatMap((name) => regional(scope, "ssm", `parameter${name}`));
  return [
    allow("ReadOwnFunctions", ["lambda:GetFunction"], named("lambda", "function"), { StringEquals: own }),
    allow("ReadEdgeFunctions", ["cloudfront:GetFunction"], [global(scope, "cloudfront", "function/*")]),
    allow("ReadOwnParameters", ["ssm:GetParameter"], parameterArns),
    { Sid: "NoOtherParameter", Effect: "Deny", Action: ["ssm:GetParameter"], NotResource: parameterArns },
    // Drawn by the program. What people set has a path for a name and no version in the state: no refresh reads it.
    allow("ReadDrawnSecrets", ["secretsmanager:GetSecretValue"], named("secretsmanager", "secret"), { StringEquals: own }),
    {
      Sid: "NoOtherSecret",
      Effect: "Deny",
      Action: ["secretsmanager:GetSecretValue"],
      NotResource: named("secretsmanager", "secret"),
    },
    // Without it AWS leaves the environment of a function out of its answer, and a refresh would take that for a change.
    allow("OpenOwnContent", ["kms:Decrypt"], regional(scope, "kms", "key/*"), {
      StringEquals: { ...own, "kms:ViaService": opening(scope) },
    }),
    // The provider asks whether a bucket is there by the action that lists its keys. An ARN of S3 names no account.
    allow("FindBuckets", ["s3:ListBucket"], [`arn:aws:s3:::${start}*`], { StringEquals: { "aws:ResourceAccount": accountId } }),
  ];
}

/** Services that open with the stack's keys what they are asked for. */
function opening(scope: PipelineScope): string[] {
  return ["lambda", "secretsmanager"].flatMap((service) => allowedRegions(scope).map((region) => `${service}.${region}.amazonaws.com`));
}
