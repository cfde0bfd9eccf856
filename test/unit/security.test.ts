/** What must hold for every resource of every shipped stack, read off the graph. */

import { beforeAll, describe, expect, test } from "vitest";
import { stackName } from "../../components/environment/names.ts";
import { factsOf } from "../../sandbox/facts/facts.ts";
import { configOf } from "../harness/config.ts";
import { declaredGraph } from "../harness/declaredGraph.ts";
import type { Registered } from "../harness/graph.ts";

/** Actions that a policy cannot narrow to a resource: AWS's service authorization reference names none for them. */
const takesNoResource = [
  "ecr:GetAuthorizationToken",
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "elasticloadbalancing:DescribeRules",
  "elasticloadbalancing:DescribeTargetHealth",
  "cloudwatch:GetMetricData",
  "cloudwatch:GetMetricStatistics",
  "cloudwatch:ListMetrics",
];

describe.each(["production", "staging"])("%s", (stack) => {
  let resources: readonly Registered[] = [];
  beforeAll(async () => {
    resources = await declaredGraph(configOf(stack));
  });
  const start = `${stackName(configOf(stack))}-use1`;
  const ofType = (type: string) => {
    const found = resources.filter((resource) => resource.type === type);
    expect(found.length, type).toBeGreaterThan(0);
    return found;
  };

  test("nothing but the load balancer accepts connections from outside, on 80 and 443 only", () => {
    const open = ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter(({ inputs }) =>
      ["0.0.0.0/0", "::/0"].includes(String(inputs.cidrIpv4 ?? inputs.cidrIpv6)),
    );
    // Production stands behind its edge, whose addresses alone get in.
    const everybody = [
      [`${start}-alb-http-0.0.0.0_0`, 80, 80],
      [`${start}-alb-https-0.0.0.0_0`, 443, 443],
    ];
    expect(open.map(({ name, inputs }) => [name, inputs.fromPort, inputs.toPort]).sort()).toEqual(stack === "production" ? [] : everybody);
  });

  test("no security group has rules of its own besides the keyed ones, and the default one has none", () => {
    for (const { inputs } of ofType("aws:ec2/securityGroup:SecurityGroup"))
      expect([inputs.ingress, inputs.egress]).toEqual([undefined, undefined]);
    for (const { inputs } of ofType("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"))
      expect([inputs.ingress, inputs.egress]).toEqual([[], []]);
  });

  test("no subnet hands out public addresses, and tasks run in private ones without any", () => {
    for (const { inputs } of ofType("aws:ec2/subnet:Subnet")) expect(inputs.mapPublicIpOnLaunch).toBe(false);
    for (const { inputs } of ofType("aws:ecs/service:Service"))
      expect(inputs.networkConfiguration).toMatchObject({ assignPublicIp: false });
  });

  test("TLS 1.2 or newer; plain HTTP is only redirected", () => {
    const listeners = ofType("aws:lb/listener:Listener");
    const https = listeners.filter(({ inputs }) => inputs.protocol === "HTTPS");
    expect([...new Set(https.map(({ inputs }) => inputs.sslPolicy))]).toEqual(["ELBSecurityPolicy-TLS13-1-2-2021-06"]);
    for (const { inputs } of listeners.filter(({ inputs: { protocol } }) => protocol === "HTTP")) {
      expect(inputs.defaultActions).toEqual([{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }]);
    }
  });

  test("the load balancer drops invalid headers and logs to a bucket", () => {
    for (const { inputs } of ofType("aws:lb/loadBalancer:LoadBalancer"))
      expect(inputs).toMatchObject({ dropInvalidHeaderFields: true, accessLogs: { enabled: true } });
  });

  test("containers are not root, cannot write their image, and read secrets by reference", () => {
    for (const { inputs } of ofType("aws:ecs/taskDefinition:TaskDefinition")) {
      const [container] = JSON.parse(String(inputs.containerDefinitions)) as Record<string, unknown>[];
      expect(container).toMatchObject({ readonlyRootFilesystem: true, user: "1000:1000" });
      expect(container!.privileged).toBeUndefined();
      for (const { valueFrom } of container!.secrets as { valueFrom: string }[])
        expect(valueFrom).toMatch(/^arn:aws:(ssm|secretsmanager):/);
      for (const { name } of container!.environment as { name: string }[])
        expect(name).not.toMatch(/SECRET|PASSWORD|TOKEN|PRIVATE|API_KEY/);
      expect(String(container!.image)).toMatch(/@sha256:[0-9a-f]{64}$/);
    }
  });

  test("logs and images are encrypted with the stack's own rotated key", () => {
    for (const { inputs } of ofType("aws:cloudwatch/logGroup:LogGroup")) expect(String(inputs.kmsKeyId)).toMatch(/^arn:aws:kms:/);
    for (const { inputs, protect } of ofType("aws:ecr/repository:Repository")) {
      expect(inputs).toMatchObject({
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        forceDelete: !protect,
      });
      expect(JSON.stringify(inputs.encryptionConfigurations)).toContain("arn:aws:kms:");
    }
    for (const { inputs } of ofType("aws:kms/key:Key")) expect(inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
  });

  test("each bucket is private, encrypted, versioned, and reached by TLS only", () => {
    for (const { name, inputs, protect } of ofType("aws:s3/bucket:Bucket")) {
      expect(inputs.forceDestroy ?? false, name).toBe(!protect);
      const beside = (type: string) => resources.find((resource) => resource.name === name && resource.type === type)?.inputs;
      expect(beside("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(beside("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")).toBeDefined();
      expect(beside("aws:s3/bucketVersioning:BucketVersioning")).toMatchObject({ versioningConfiguration: { status: "Enabled" } });
      expect(String(beside("aws:s3/bucketPolicy:BucketPolicy")!.policy)).toContain('"aws:SecureTransport":"false"');
    }
  });

  test("roles are assumed by one service each, and their policies name what they may touch", () => {
    for (const { name, inputs } of ofType("aws:iam/role:Role")) {
      const { Statement } = JSON.parse(String(inputs.assumeRolePolicy)) as { Statement: { Principal: Record<string, unknown> }[] };
      expect(
        Statement.map(({ Principal }) => Object.keys(Principal)),
        name,
      ).toEqual([["Service"]]);
    }
    for (const { name, inputs } of ofType("aws:iam/rolePolicy:RolePolicy")) {
      const { Statement } = JSON.parse(String(inputs.policy)) as { Statement: { Action: string[]; Resource: unknown }[] };
      for (const { Action, Resource } of Statement) {
        for (const action of Action) expect(action, name).not.toContain("*");
        if (JSON.stringify(Resource) === '"*"') for (const action of Action) expect(takesNoResource, name).toContain(action);
      }
    }
  });

  test("every resource that can carry tags carries the stack's", () => {
    const { system, environment } = configOf(stack);
    const taggable = resources.filter(
      ({ type, custom }) => custom && type.startsWith("aws:") && factsOf(type)?.properties.tags?.optional === true,
    );
    expect(taggable.length).toBeGreaterThan(50);
    for (const { urn, inputs } of taggable)
      expect(inputs.tags, urn).toMatchObject({ System: system, Environment: environment, ManagedBy: "slipway" });
  });

  test("the provider refuses every account but the stack's own", () => {
    const [provider] = ofType("pulumi:providers:aws");
    expect(JSON.stringify(provider!.inputs)).toContain(configOf(stack).aws.accountId);
    expect(provider!.inputs.allowedAccountIds).toBeDefined();
  });
});

test("stateful resources are protected in production and free in staging", async () => {
  const stateful = /^aws:(kms\/key|s3\/bucket|ecr\/repository):\w+$/;
  const protectedIn = async (stack: string) =>
    (await declaredGraph(configOf(stack)))
      // The key of notifications guards nothing that is kept.
      .filter(({ type, name }) => stateful.test(type) && !name.endsWith("-notify-key"))
      .map(({ protect }) => protect);
  const production = await protectedIn("production");
  expect(production.length).toBeGreaterThan(3);
  expect(new Set(production)).toEqual(new Set([true]));
  expect(new Set(await protectedIn("staging"))).toEqual(new Set([false]));
});
