/** What an account is prepared with: a place for states that survives a region, and people on call who can move traffic back and no more. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { account } from "../../../bootstrap/contract.ts";
import { onCallStatements, operatorTrust } from "../../../bootstrap/onCall.ts";
import { declare } from "../../../bootstrap/program.ts";
import { packed } from "../../../components/access/policyDocument.ts";
import { alarmTestParameter } from "../../../components/notifications/contract.ts";
import { latchFolder } from "../../../components/rollback/latch.ts";
import { graphOf, type Registered } from "../../harness/graph.ts";
import { allows } from "../../harness/iam.ts";

const file = join(import.meta.dirname, "..", "..", "..", "bootstrap", "Pulumi.account.yaml");
const given = (parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> }).config["bootstrap:account"];
let resources: readonly Registered[] = [];
beforeAll(async () => {
  resources = await graphOf(() => declare(account.parse(given)));
});
const ofType = (type: string) => resources.filter((resource) => resource.type === type);
const text = (value: unknown) => JSON.parse(String(value)) as { Statement: Record<string, unknown>[] };

describe("A28 state is as safe as what it describes", () => {
  test("the key is of many regions, turned every year, and has a replica under the same alias in the second region", () => {
    const [key] = ofType("aws:kms/key:Key");
    expect(key).toMatchObject({ protect: true, inputs: { multiRegion: true, enableKeyRotation: true, region: "us-east-1" } });
    const [copy] = ofType("aws:kms/replicaKey:ReplicaKey");
    expect(copy).toMatchObject({ protect: true, inputs: { region: "us-west-2" } });
    expect(copy?.references.primaryKeyArn).toEqual([key?.urn]);
    expect(ofType("aws:kms/alias:Alias").map(({ inputs }) => [inputs.name, inputs.region])).toEqual([
      ["alias/slipway", "us-east-1"],
      ["alias/slipway", "us-west-2"],
    ]);
  });

  test("both buckets are protected, versioned, closed, and refuse what does not come over TLS", () => {
    expect(ofType("aws:s3/bucket:Bucket").map(({ inputs, protect }) => [inputs.bucket, inputs.region, protect])).toEqual([
      ["coinestate-pulumi-state", "us-east-1", true],
      ["coinestate-pulumi-state-us-west-2", "us-west-2", true],
    ]);
    expect(ofType("aws:s3/bucketVersioning:BucketVersioning").map(({ inputs }) => inputs.versioningConfiguration)).toEqual([
      { status: "Enabled" },
      { status: "Enabled" },
    ]);
    expect(ofType("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")).toHaveLength(2);
    for (const { inputs } of ofType("aws:s3/bucketPolicy:BucketPolicy"))
      expect(text(inputs.policy).Statement).toEqual([
        expect.objectContaining({
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      ]);
    expect(ofType("aws:s3/bucketPolicy:BucketPolicy")).toHaveLength(2);
  });

  test("earlier versions end after 90 days, the newest twenty never", () => {
    const rules = ofType("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").map(({ inputs }) => inputs.rules);
    expect(rules).toHaveLength(2);
    expect(rules[0]).toMatchObject([{ noncurrentVersionExpiration: { noncurrentDays: 90, newerNoncurrentVersions: 20 } }]);
  });

  test("every state is copied to the second region, by a role that may write there and nowhere else", () => {
    const [replication] = ofType("aws:s3/bucketReplicationConfig:BucketReplicationConfig");
    expect(replication?.inputs.rules).toMatchObject([
      { status: "Enabled", deleteMarkerReplication: { status: "Enabled" }, destination: { replicationTime: { status: "Enabled" } } },
    ]);
    const [policy] = ofType("aws:iam/rolePolicy:RolePolicy");
    const writes = text(policy?.inputs.policy).Statement.filter(({ Sid }) => Sid === "WriteTarget");
    expect(writes).toEqual([expect.objectContaining({ Resource: "arn:aws:s3:::coinestate-pulumi-state-us-west-2/*" })]);
    expect(String(policy?.inputs.policy)).not.toContain("kms:");
  });
});

describe("people on call", () => {
  const scope = {
    accountId: "123456789012",
    system: "coinestate",
    environment: "prod",
    regions: ["us-east-1"],
    state: { bucket: "state" },
  };
  const statements = onCallStatements(scope);
  const may = (action: string, resource: string, context: Record<string, string> = {}) => allows(statements, { action, resource, context });

  test("take a role under their own name only, users with a second factor", () => {
    expect(operatorTrust({ jo: "arn:aws:iam::123456789012:user/jo", kim: "arn:aws:iam::123456789012:role/sso" })).toEqual([
      {
        ...{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "arn:aws:iam::123456789012:user/jo" } },
        Condition: { StringEquals: { "sts:RoleSessionName": "jo" }, Bool: { "aws:MultiFactorAuthPresent": "true" } },
      },
      {
        ...{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "arn:aws:iam::123456789012:role/sso" } },
        Condition: { StringEquals: { "sts:RoleSessionName": "kim" } },
      },
    ]);
    const roles = ofType("aws:iam/role:Role").filter(({ inputs }) => String(inputs.name).endsWith("-on-call"));
    expect(roles.map(({ inputs }) => inputs.name)).toEqual(["coinestate-staging-on-call", "coinestate-prod-on-call"]);
    for (const { inputs } of roles) expect(String(inputs.assumeRolePolicy)).not.toContain('"*"');
  });

  test("write what rollback, database, cache, failover, backup and a test of alarms write: everything else is read, and nothing deleted", () => {
    const writing = statements.flatMap(({ Action }) => Action).filter((action) => !/:(?:Batch)?(?:Get|Describe|List|View)/.test(action));
    expect(writing.sort()).toEqual([
      "application-autoscaling:RegisterScalableTarget",
      ...["backup:StartBackupJob", "backup:StartCopyJob"],
      "dynamodb:PutItem",
      "ecs:UpdateService",
      "elasticache:ModifyReplicationGroup",
      "elasticloadbalancing:ModifyRule",
      "iam:PassRole",
      "kms:CreateGrant",
      ...["kms:Decrypt", "kms:Decrypt"],
      ...["kms:GenerateDataKey", "kms:GenerateDataKey"],
      ...["rds:AddTagsToResource", "rds:CreateDBInstanceReadReplica", "rds:ModifyDBInstance"],
      ...["rds:PromoteReadReplica", "rds:RestoreDBInstanceToPointInTime"],
      "scheduler:UpdateSchedule",
      ...["secretsmanager:CreateSecret", "secretsmanager:TagResource"],
      "sns:Publish",
      ...["ssm:PutParameter", "ssm:PutParameter", "ssm:PutParameter"],
    ]);
    for (const { Sid, Resource, Action } of statements)
      if (Action.some((action) => writing.includes(action))) expect([Sid, Resource.includes("*")]).toEqual([Sid, false]);
  });

  test("do nothing to another environment, and read neither secrets nor the key", () => {
    const own = { "aws:ResourceTag/System": "coinestate", "aws:ResourceTag/Environment": "prod" };
    const rule = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/alb/1/2/3";
    expect(may("elasticloadbalancing:ModifyRule", rule, own)).toBe(true);
    expect(may("elasticloadbalancing:ModifyRule", rule, { ...own, "aws:ResourceTag/Environment": "staging" })).toBe(false);
    const latch = (environment: string) =>
      `arn:aws:ssm:us-east-1:123456789012:parameter${latchFolder({ system: "coinestate", environment })}/api`;
    expect(may("ssm:PutParameter", latch("prod"))).toBe(true);
    expect(may("ssm:PutParameter", latch("staging"))).toBe(false);
    expect(may("ssm:GetParameter", "arn:aws:ssm:us-east-1:123456789012:parameter/coinestate/prod/jwt/secret")).toBe(false);
    expect(may("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:123456789012:secret:x")).toBe(false);
    expect(may("kms:Decrypt", "arn:aws:kms:us-east-1:123456789012:key/1")).toBe(false);
    expect(may("s3:GetObject", "arn:aws:s3:::state/.pulumi/stacks/slipway/production.json")).toBe(true);
    expect(may("s3:PutObject", "arn:aws:s3:::state/.pulumi/stacks/slipway/production.json")).toBe(false);
  });

  test("send to the stack's own topics, and use their key by SNS alone", () => {
    const own = { "aws:ResourceTag/System": "coinestate", "aws:ResourceTag/Environment": "prod" };
    const topic = (stack: string) => `arn:aws:sns:us-east-1:123456789012:${stack}-use1-notify-P0-e3b0c44`;
    expect([may("sns:Publish", topic("coinestate-prod")), may("sns:Publish", topic("coinestate-staging"))]).toEqual([true, false]);
    const key = "arn:aws:kms:us-east-1:123456789012:key/1";
    const by = (service: string) => may("kms:GenerateDataKey", key, { ...own, "kms:ViaService": `${service}.us-east-1.amazonaws.com` });
    expect([by("sns"), by("s3"), may("kms:GenerateDataKey", key, own)]).toEqual([true, false, false]);
    const record = (name: string) => `arn:aws:ssm:us-east-1:123456789012:parameter${name}`;
    expect(may("ssm:PutParameter", record(alarmTestParameter({ system: "coinestate", environment: "prod" })))).toBe(true);
    expect(may("ssm:PutParameter", record(alarmTestParameter({ system: "coinestate", environment: "staging" })))).toBe(false);
  });

  test.each([
    ...["cloudwatch:DescribeAlarms", "dynamodb:DescribeTable", "dynamodb:ListBackups", "ecs:DescribeServices", "ecr:DescribeImages"],
    ...["backup:ListRecoveryPointsByBackupVault", "elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTargetHealth"],
    ...[
      "rds:DescribeDBClusters",
      "rds:DescribeDBInstances",
      "route53:GetHealthCheckStatus",
      "application-autoscaling:DescribeScalableTargets",
    ],
  ])("may %s, which status, verify and rollback ask", (action) => expect(may(action, "*")).toBe(true));

  test("have few enough policies", () => expect(packed(statements).length).toBeLessThanOrEqual(3));
});

test.each([
  ["the same region twice", { replicaRegion: "us-east-1" }, "replicaRegion"],
  ["an account without its zeros", { accountId: 12345678901 }, "accountId"],
  ["everybody on call", { operators: { jo: "*" } }, "operators.jo"],
])("%s is refused", (_, edits, path) => {
  const { error } = account.safeParse({ ...(given as object), ...edits });
  expect(error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
});
