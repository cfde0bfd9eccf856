/** The evaluator that policies are tested with, held to the outcomes that AWS documents. */
import { describe, expect, test } from "vitest";
import { type Context, type Decision, decisionOn, type Policies } from "../../harness/iam.ts";

/** AWS's own pages: docs.aws.amazon.com/IAM/latest/UserGuide/<page>.html */
const object = "arn:aws:s3:::logs/a";
const read = { action: "s3:GetObject", resource: object };
const on = (Effect: "Allow" | "Deny", Action: readonly string[], Resource: readonly string[] = ["*"], Condition = {}) =>
  ({ Sid: "S", Effect, Action, Resource, Condition }) as const;
const allowRead = on("Allow", ["s3:GetObject"]);
const denyRead = on("Deny", ["s3:*"]);
const other = on("Allow", ["s3:ListBucket"]);

describe("which policies decide (reference_policies_evaluation-logic_policy-eval-denyallow, …-eval-basics, access_policies_boundaries)", () => {
  test.each<[string, Decision, Policies]>([
    ["nothing allows it", "implicitDeny", { identity: [other] }],
    ["the role's policy allows it", "allow", { identity: [allowRead] }],
    ["a deny beside an allow, in whatever order", "explicitDeny", { identity: [denyRead, allowRead] }],
    ["a deny alone", "explicitDeny", { identity: [denyRead] }],
    ["the resource's policy alone allows it, in one account", "allow", { identity: [], resource: [allowRead] }],
    ["a deny in the resource's policy", "explicitDeny", { identity: [allowRead], resource: [denyRead] }],
    ["the boundary allows it and the role's policy does not: it grants nothing", "implicitDeny", { identity: [], boundary: [allowRead] }],
    ["the role's policy allows it and the boundary does not", "implicitDeny", { identity: [allowRead], boundary: [other] }],
    ["both allow it", "allow", { identity: [allowRead], boundary: [on("Allow", ["s3:*"])] }],
    ["a deny in the boundary", "explicitDeny", { identity: [allowRead], boundary: [allowRead, denyRead] }],
    [
      "a resource's policy that names the role, and a boundary that does not allow it",
      "implicitDeny",
      { identity: [], boundary: [other], resource: [allowRead] },
    ],
    ["a session's policy that does not allow it", "implicitDeny", { identity: [allowRead], session: [other] }],
    ["role, boundary and session allow it", "allow", { identity: [allowRead], boundary: [allowRead], session: [allowRead] }],
    ["a deny in the session's policy", "explicitDeny", { identity: [allowRead], session: [allowRead, denyRead] }],
  ])("%s: %s", (_, decision, policies) => expect(decisionOn(policies, read)).toBe(decision));
});

describe("what a statement is about (reference_policies_elements_action, …_notaction, …_resource, …_notresource)", () => {
  const decides = (statement: Policies["identity"][number], action: string, resource = object) =>
    decisionOn({ identity: [statement] }, { action, resource });

  test.each([
    ["iam:*AccessKey*", "iam:CreateAccessKey", true],
    ["iam:*AccessKey*", "iam:GetAccessKeyLastUsed", true],
    ["S3:getobject", "s3:GetObject", true], // names of actions are compared without regard to case
    ["s3:Get?bject", "s3:GetObject", true],
    ["s3:GetObject", "s3:GetObjectVersion", false],
    ["*", "sqs:SendMessage", true],
  ])("action %s and %s: %s", (pattern, action, is) => expect(decides(on("Allow", [pattern]), action) === "allow").toBe(is));

  test("NotAction is every other action of every service", () => {
    const notIam = { Sid: "S", Effect: "Allow", NotAction: ["iam:*"], Resource: ["*"] } as const;
    expect([decides(notIam, "s3:GetObject"), decides(notIam, "iam:CreateUser")]).toEqual(["allow", "implicitDeny"]);
    const denied = { ...notIam, Effect: "Deny" } as const;
    expect([decides(denied, "s3:GetObject"), decides(denied, "iam:CreateUser")]).toEqual(["explicitDeny", "implicitDeny"]);
  });

  test.each([
    ["arn:aws:s3:::logs/*/test/*", "arn:aws:s3:::logs/1/2/test/3/object.jpg", true],
    ["arn:aws:s3:::logs/*/test/*", "arn:aws:s3:::logs/1-test/object.jpg", false],
    ["arn:aws:iam::123456789012:user/Bob", "arn:aws:iam::123456789012:user/bob", false], // ARNs are case-sensitive
    ["arn:aws:rds:us-east-1:123456789012:*", "arn:aws:rds:us-east-1:123456789012:db:main", true], // a last star goes beyond colons
    ["arn:aws:rds:*:123456789012:db:main", "arn:aws:rds:eu-west-1:123456789012:db:main", true],
    ["arn:aws:rds:us-east-1:123456789012:d*main", "arn:aws:rds:us-east-1:123456789012:db:main", false], // one within does not
    ["arn:aws:sqs:us-east-1:123456789012:queue?", "arn:aws:sqs:us-east-1:123456789012:queue1", true],
    ["arn:aws:sqs:us-east-1:123456789012:queue", "arn:aws:sqs:us-east-1:123456789012:queue1", false],
  ])("resource %s and %s: %s", (pattern, arn, is) => expect(decides(on("Allow", ["*"], [pattern]), "any:Thing", arn) === "allow").toBe(is));

  test("NotResource in a deny spares what it names", () => {
    const spared = { Sid: "S", Effect: "Deny", Action: ["s3:*"], NotResource: ["arn:aws:s3:::logs/*"] } as const;
    const of = (resource: string) => decisionOn({ identity: [on("Allow", ["*"]), spared] }, { action: "s3:GetObject", resource });
    expect([of(object), of("arn:aws:s3:::payroll/a")]).toEqual(["allow", "explicitDeny"]);
  });
});

describe("conditions (reference_policies_elements_condition_operators, …_condition-logic-multiple-context-keys-or-values, …_condition-single-vs-multi-valued-context-keys)", () => {
  type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  const arn = "arn:aws:sns:us-east-1:123456789012:topic";
  test.each<[Condition, Context, boolean]>([
    [{ StringEquals: { "aws:username": "jo" } }, { "aws:username": "jo" }, true],
    [{ StringEquals: { "aws:username": "jo" } }, { "aws:username": "Jo" }, false], // values are case-sensitive
    [{ StringEquals: { "aws:username": "j*" } }, { "aws:username": "jo" }, false], // no wildcards here
    [{ StringEquals: { "aws:username": "jo" } }, { "AWS:UserName": "jo" }, true], // names of keys are not case-sensitive
    [{ StringEquals: { "aws:username": "jo" } }, {}, false],
    [{ StringEquals: { "aws:username": ["jo", "kim"] } }, { "aws:username": "kim" }, true], // values: or
    [{ StringEquals: { "aws:username": "jo", "aws:PrincipalTag/team": "a" } }, { "aws:username": "jo" }, false], // keys: and
    [{ StringEquals: { "aws:username": "jo" }, Bool: { "aws:SecureTransport": "true" } }, { "aws:username": "jo" }, false], // operators: and
    [{ StringNotEquals: { "aws:username": "jo" } }, {}, true], // a negated operator holds for a key that is not there
    [{ StringNotEquals: { "aws:username": ["jo", "kim"] } }, { "aws:username": "kim" }, false], // values of one: nor
    [{ StringEqualsIgnoreCase: { "aws:username": "JO" } }, { "aws:username": "jo" }, true],
    [{ StringLike: { "aws:username": "j*" } }, { "aws:username": "jo" }, true],
    [{ StringLike: { "aws:username": "J*" } }, { "aws:username": "jo" }, false],
    [{ StringNotLike: { "aws:username": "j*" } }, { "aws:username": "jo" }, false],
    [{ StringNotLike: { "aws:username": "j*" } }, {}, true],
    [{ StringEqualsIfExists: { "aws:username": "jo" } }, {}, true],
    [{ StringEqualsIfExists: { "aws:username": "jo" } }, { "aws:username": "kim" }, false],
    [{ Null: { "aws:TokenIssueTime": "true" } }, {}, true],
    [{ Null: { "aws:TokenIssueTime": "true" } }, { "aws:TokenIssueTime": "2026" }, false],
    [{ Null: { "aws:TokenIssueTime": "false" } }, { "aws:TokenIssueTime": "2026" }, true],
    [{ Null: { "aws:TokenIssueTime": "false" } }, {}, false],
    [{ Bool: { "aws:SecureTransport": "true" } }, { "aws:SecureTransport": "true" }, true],
    [{ Bool: { "aws:SecureTransport": "true" } }, {}, false],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:sns:*:123456789012:*" } }, { "aws:SourceArn": arn }, true],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:sns:*:topic" } }, { "aws:SourceArn": arn }, false], // each of the six parts by itself
    [{ ArnEquals: { "aws:SourceArn": "arn:aws:sns:us-east-?:123456789012:t*" } }, { "aws:SourceArn": arn }, true], // as ArnLike
    [{ ArnNotLike: { "aws:SourceArn": "arn:aws:sns:*:123456789012:*" } }, { "aws:SourceArn": arn }, false],
    [{ ArnNotLike: { "aws:SourceArn": "arn:aws:sns:*:123456789012:*" } }, {}, true],
    [{ "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } }, { "aws:TagKeys": ["a"] }, true],
    [{ "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } }, { "aws:TagKeys": ["a", "c"] }, false],
    [{ "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } }, {}, true], // holds for a key that is not there …
    [{ "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] }, Null: { "aws:TagKeys": "false" } }, {}, false], // … hence Null beside it
    [{ "ForAllValues:StringLike": { "aws:TagKeys": "Created*" } }, { "aws:TagKeys": ["CreatedBy", "CreatedAt"] }, true],
    [{ "ForAnyValue:StringEquals": { "aws:TagKeys": ["a", "b"] } }, { "aws:TagKeys": ["c", "b"] }, true],
    [{ "ForAnyValue:StringEquals": { "aws:TagKeys": ["a", "b"] } }, { "aws:TagKeys": ["c"] }, false],
    [{ "ForAnyValue:StringEquals": { "aws:TagKeys": ["a", "b"] } }, {}, false],
    [{ "ForAllValues:StringNotEquals": { "aws:TagKeys": "a" } }, { "aws:TagKeys": ["b", "a"] }, false],
    [{ "ForAnyValue:StringNotEquals": { "aws:TagKeys": "a" } }, { "aws:TagKeys": ["b", "a"] }, true],
  ])("%j of %j: %s", (condition, context, is) => {
    for (const effect of ["Allow", "Deny"] as const) {
      const decision = decisionOn({ identity: [on(effect, ["*"], ["*"], condition)] }, { ...read, context });
      expect(decision === { Allow: "allow", Deny: "explicitDeny" }[effect]).toBe(is);
    }
  });

  test("an operator that is not known here is no answer", () => {
    const statement = on("Allow", ["*"], ["*"], { NumericLessThan: { "s3:max-keys": "10" } });
    expect(() => decisionOn({ identity: [statement] }, read)).toThrow("NumericLessThan");
  });
});
