/** What the roles that change nothing can read: everything that a refresh asks for, and no content that is not the stack's. */
import { describe, expect, test } from "vitest";
import { driftStatements } from "../../../components/access/driftPolicy.ts";
import type { PolicyStatement } from "../../../components/access/policyDocument.ts";
import { contentReads, planStatements, previewStatements } from "../../../components/access/previewPolicy.ts";
import type { PipelineScope } from "../../../components/access/scope.ts";
import { latchFolder } from "../../../infra/config/latch.ts";
import { account } from "../../harness/accessStacks.ts";
import { allows } from "../../harness/iam.ts";
import { readsOfQuestions, readsOfTypes } from "./readActions.ts";

const scope: PipelineScope = {
  accountId: account,
  regions: ["us-east-1", "eu-west-1"],
  system: "coinestate",
  environment: "prod",
  parameters: ["/coinestate/prod/failover/read-only"],
};
const preview = previewStatements(scope, false);
const plan = planStatements(scope);
const drift = driftStatements(scope);
const own = { "aws:ResourceTag/System": "coinestate", "aws:ResourceTag/Environment": "prod" };
const arn = (service: string, resource: string, region = "eu-west-1") => `arn:aws:${service}:${region}:${account}:${resource}`;

describe("latches", () => {
  const action = "ssm:GetParametersByPath";
  const folder = latchFolder({ system: "coinestate", environment: "prod" });
  test.each([
    ["preview", preview],
    ["plan", plan],
    ["drift", drift],
  ])("%s reads them by their path, with a slash and without, and no other path", (_, statements) => {
    for (const path of [folder, `${folder}/`, `${folder}/api`])
      expect(allows(statements, { action, resource: arn("ssm", `parameter${path}`) }), path).toBe(true);
    for (const path of [
      "/coinestate/prod",
      "/slipway/coinestate/prod",
      "/slipway/coinestate/prod/",
      "/slipway/coinestate/staging/rollback",
      "/",
    ])
      expect(allows(statements, { action, resource: arn("ssm", `parameter${path}`) }), path).toBe(false);
    expect(allows(statements, { action, resource: arn("ssm", `parameter${folder}`, "ap-south-1") })).toBe(false);
  });
  test("stay refused elsewhere whatever another policy of the role allows", () => {
    const more: PolicyStatement[] = [...preview, { Sid: "More", Effect: "Allow", Action: ["ssm:*", "secretsmanager:*"], Resource: ["*"] }];
    expect(allows(more, { action, resource: arn("ssm", "parameter/coinestate/prod") })).toBe(false);
    for (const content of contentReads.filter((one) => one !== action))
      expect(allows(more, { action: content, resource: arn("ssm", "parameter/coinestate/prod") }), content).toBe(false);
  });
});

describe("drift reads the content of", () => {
  const secret = arn("secretsmanager", "secret:coinestate-prod-use1-db-main-slipway-1a2b3c4-AbCdEf");
  const cases: readonly (readonly [string, string, string, Readonly<Record<string, string>>, boolean])[] = [
    ["a generated secret of the stack", "secretsmanager:GetSecretValue", secret, own, true],
    [
      "no secret of another environment",
      "secretsmanager:GetSecretValue",
      secret,
      { ...own, "aws:ResourceTag/Environment": "staging" },
      false,
    ],
    ["no secret without tags", "secretsmanager:GetSecretValue", secret, {}, false],
    ["no secret that people set", "secretsmanager:GetSecretValue", arn("secretsmanager", "secret:/coinestate/prod/jwt-AbCdEf"), own, false],
    ["a latch", "ssm:GetParameter", arn("ssm", "parameter/slipway/coinestate/prod/rollback/api"), {}, true],
    ["whether a region refuses writes", "ssm:GetParameter", arn("ssm", "parameter/coinestate/prod/failover/read-only"), {}, true],
    ["no parameter that people set", "ssm:GetParameter", arn("ssm", "parameter/coinestate/prod/jwt/secret"), own, false],
    ["a function of the stack", "lambda:GetFunction", arn("lambda", "function:coinestate-prod-use1-api-rollback-1a2b3c4"), own, true],
    ["no other function", "lambda:GetFunction", arn("lambda", "function:billing"), {}, false],
    [
      "what its key seals, through Secrets Manager",
      "kms:Decrypt",
      arn("kms", "key/1"),
      { ...own, "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" },
      true,
    ],
    ["nothing that its key seals elsewhere", "kms:Decrypt", arn("kms", "key/1"), own, false],
    [
      "nothing that its key seals in a bucket",
      "kms:Decrypt",
      arn("kms", "key/1"),
      { ...own, "kms:ViaService": "s3.eu-west-1.amazonaws.com" },
      false,
    ],
  ];
  test.each(cases)("%s", (_, action, resource, context, allowed) => {
    expect(allows(drift, { action, resource, context })).toBe(allowed);
    for (const statements of [preview, plan]) expect(allows(statements, { action, resource, context })).toBe(false);
  });
  test("no list of a bucket that is not the stack's by name and account", () => {
    const context = { "aws:ResourceAccount": account };
    const listed = (bucket: string, more = context) =>
      allows(drift, { action: "s3:ListBucket", resource: `arn:aws:s3:::${bucket}`, context: more });
    expect([
      listed("coinestate-prod-use1-access-logs-1a2b3c4"),
      listed("coinestate-prod-site-app-files-1a2b3c4"),
      listed("billing"),
    ]).toEqual([true, true, false]);
    expect(listed("coinestate-prod-use1-access-logs-1a2b3c4", { "aws:ResourceAccount": "999999999999" })).toBe(false);
  });
  test("no table, log, image layer or object", () => {
    for (const action of ["dynamodb:GetItem", "logs:GetLogEvents", "ecr:GetDownloadUrlForLayer", "s3:GetObject", "ssm:GetParameters"])
      expect(allows(drift, { action, resource: "arn:aws:any:::any", context: own }), action).toBe(false);
  });
  test("and changes nothing", () => {
    for (const { Sid, Action } of drift.filter(({ Effect }) => Effect === "Allow"))
      for (const action of Action) expect(action, Sid).toMatch(/^kms:Decrypt$|:(?:Describe|Get|List|View)/);
  });
});

test("A25 a pull request's preview reads no answer in which a secret stands in the clear, whatever else its role is allowed", () => {
  const everything: PolicyStatement = { Sid: "More", Effect: "Allow", Action: ["*"], Resource: ["*"] };
  const read = [
    "cloudfront:GetDistribution", // the origin lock's header
    "cloudfront:GetDistributionConfig",
    "cloudfront:ListDistributions",
    "ec2:DescribeInstanceAttribute", // user data
    "ec2:DescribeLaunchTemplateVersions",
    "ecs:DescribeTasks", // what a task was started with
    "elasticloadbalancing:DescribeRules", // the origin lock's header, and the candidate's
    "lambda:GetFunctionConfiguration", // environment
    "lambda:ListFunctions",
    "lambda:ListVersionsByFunction",
    "route53:GetHealthCheck", // what a region is asked by
    "route53:ListHealthChecks",
    "sns:GetSubscriptionAttributes", // PagerDuty's key is part of the address
    "sns:ListSubscriptionsByTopic",
  ].filter((action) => allows([...preview, everything], { action, resource: "*" }));
  expect(read).toEqual([]);
});

test("every run can ask its questions, in a pull request too", () => {
  for (const [question, actions] of Object.entries(readsOfQuestions))
    for (const action of actions)
      for (const statements of [preview, plan, drift])
        expect(allows(statements, { action, resource: arn("ssm", "parameter/slipway/coinestate/prod/rollback") }), question).toBe(true);
});

test("a plan reads what a refresh of the traffic rules reads, and all that is set-up; a preview what tells no secret of it", () => {
  const content = new Set(["kms:Decrypt", "s3:ListBucket", ...contentReads]);
  const setUp = [...new Set(Object.values(readsOfTypes).flat())].filter((action) => !content.has(action));
  const unread = (statements: readonly PolicyStatement[]) =>
    setUp.filter((action) => !allows(statements, { action, resource: "arn:aws:any:::any" }));
  expect(unread(plan)).toEqual([]);
  expect(unread(preview).sort()).toEqual([
    "cloudfront:GetDistribution",
    "elasticloadbalancing:DescribeRules",
    "lambda:ListVersionsByFunction",
    "route53:GetHealthCheck",
    "sns:GetSubscriptionAttributes",
  ]);
});
