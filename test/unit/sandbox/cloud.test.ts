/** The live cloud: formats, refusals, secrets, persistence. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aws } from "../../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { kubernetes } from "../../../sandbox/cloud/kubernetes/catalogue.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import type { Path, Properties } from "../../../sandbox/provider/values.ts";

const place = { account: "123456789012", region: "us-east-1" };
let folder = "";
let cloud: Cloud;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-cloud-"));
  cloud = new Cloud(aws, new LiveStore(folder));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const create = (type: string, inputs: Properties, secrets: readonly Path[] = []) =>
  cloud.create({ type, urn: `urn::${type}`, inputs, secrets }, place);
const vpc = () => create("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
/** One that faces the internet. */
const publicVpc = () => {
  const { id } = vpc();
  create("aws:ec2/internetGateway:InternetGateway", { vpcId: id });
  return { id };
};
const subnet = (vpcId: string, cidrBlock: string, availabilityZone: string) =>
  create("aws:ec2/subnet:Subnet", { vpcId, cidrBlock, availabilityZone });

describe("formats", () => {
  test("of ids and ARNs are AWS's own", () => {
    const made = vpc();
    expect(made.id).toMatch(/^vpc-[0-9a-f]{17}$/);
    expect(made.properties.arn).toBe(`arn:aws:ec2:us-east-1:123456789012:vpc/${made.id}`);
  });

  test("of a load balancer give the suffixes that metrics use", () => {
    const { id } = publicVpc();
    const subnets = [subnet(id, "10.0.0.0/24", "us-east-1a").id, subnet(id, "10.0.1.0/24", "us-east-1b").id];
    const { properties } = create("aws:lb/loadBalancer:LoadBalancer", { name: "web", subnets });
    expect(properties.arn).toMatch(/^arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer\/app\/web\/[0-9a-f]{16}$/);
    expect(properties.arnSuffix).toMatch(/^app\/web\/[0-9a-f]{16}$/);
    expect(properties.dnsName).toMatch(/^web-\d{10}\.us-east-1\.elb\.amazonaws\.com$/);
  });

  test("of a task definition count its revisions", () => {
    const revision = () => create("aws:ecs/taskDefinition:TaskDefinition", { family: "api", containerDefinitions: "[]" });
    expect([revision().properties.arn, revision().properties.arn]).toEqual(
      [1, 2].map((number) => `arn:aws:ecs:us-east-1:123456789012:task-definition/api:${number}`),
    );
  });
});

describe("refusals", () => {
  const refused: readonly [name: string, act: () => unknown, says: string][] = [
    ["a subnet in a VPC that does not exist", () => subnet("vpc-0", "10.0.0.0/24", "us-east-1a"), "InvalidVpcID.NotFound"],
    ["a subnet outside its VPC", () => subnet(vpc().id, "10.9.0.0/24", "us-east-1a"), "InvalidSubnet.Range"],
    [
      "two subnets that overlap",
      () => {
        const { id } = vpc();
        subnet(id, "10.0.0.0/24", "us-east-1a");
        subnet(id, "10.0.0.128/25", "us-east-1b");
      },
      "InvalidSubnet.Conflict",
    ],
    [
      "a VPC that still has a subnet",
      () => {
        const made = vpc();
        subnet(made.id, "10.0.0.0/24", "us-east-1a");
        cloud.delete("aws:ec2/vpc:Vpc", made.id, made.properties, place);
      },
      "DependencyViolation",
    ],
    [
      "two target groups of one name",
      () => {
        for (const _ of [1, 2]) create("aws:lb/targetGroup:TargetGroup", { name: "blue", port: 80 });
      },
      "DuplicateTargetGroupName",
    ],
    ["a target group that a rule still forwards to", deleteUsedTargetGroup, "ResourceInUse"],
    [
      "a load balancer that faces the internet in a VPC without a gateway to it",
      () => {
        const { id } = vpc();
        const subnets = [subnet(id, "10.0.0.0/24", "us-east-1a").id, subnet(id, "10.0.1.0/24", "us-east-1b").id];
        create("aws:lb/loadBalancer:LoadBalancer", { name: "web", subnets });
      },
      "has no internet gateway",
    ],
    ["a protected load balancer", deleteProtectedLoadBalancer, "OperationNotPermitted"],
    ["a bucket that is not empty", deleteFullBucket, "BucketNotEmpty"],
    [
      "a bucket name that is taken",
      () => {
        for (const _ of [1, 2]) create("aws:s3/bucket:Bucket", { bucket: "logs" });
      },
      "BucketAlreadyOwnedByYou",
    ],
    ["an ECS service whose target group no rule leads to", serviceWithoutRule, "does not have an associated load balancer"],
    ["a cluster with services in it", () => deleteCluster(), "ClusterContainsServicesException"],
    ["a certificate whose DNS record is missing", validateWithoutRecord, "PENDING_VALIDATION"],
    ["a listener whose certificate is not issued", listenWithoutCertificate, "UnsupportedCertificate"],
    ["two rules of one priority", rulesOfOnePriority, "PriorityInUse"],
  ];
  test.each(refused)("%s", (_, act, says) => expect(act).toThrow(says));
});

describe("secrets", () => {
  const secret = "correct horse battery staple";
  test("never reach the store in clear, and come back to whoever knows them", () => {
    const made = create("aws:cloudwatch/logGroup:LogGroup", { name: "a", tags: { Note: secret } }, [["tags", "Note"]]);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files).toHaveLength(1);
    expect(readFileSync(join(files[0]!.parentPath, files[0]!.name), "utf8")).not.toContain(secret);
    expect(cloud.read("aws:cloudwatch/logGroup:LogGroup", made.id, made.properties, place)).toEqual(made.properties);
    const other = { ...made.properties, tags: { Note: "something else" } };
    expect(JSON.stringify(cloud.read("aws:cloudwatch/logGroup:LogGroup", made.id, other, place))).toContain("sealed:sha256:");
  });
});

test("what was created is there after a restart, and an edit of its file is seen", () => {
  const made = vpc();
  const again = new Cloud(aws, new LiveStore(folder));
  expect(again.read("aws:ec2/vpc:Vpc", made.id, {}, place)).toEqual(made.properties);
  const other = new LiveStore(folder);
  const [object] = other.all("aws:ec2/vpc:Vpc");
  other.put({ ...object!, properties: { ...object!.properties, tags: { Edited: "by hand" } } });
  expect(again.read("aws:ec2/vpc:Vpc", made.id, {}, place)!.tags).toEqual({ Edited: "by hand" });
});

test("a type that is not known is served unchecked, and named", () => {
  const { id, properties } = create("aws:quicksight/dashboard:Dashboard", { name: "sales", rows: [1] });
  expect(id).toMatch(/^sales-[0-9a-f]{8}$/);
  expect(properties).toEqual({ name: "sales", rows: [1], arn: `arn:aws:quicksight:us-east-1:123456789012:${id}` });
  expect([...cloud.unchecked]).toEqual(["aws:quicksight/dashboard:Dashboard"]);
});

test("a type with facts and without a table of its own has an id, and an ARN where it has one", () => {
  const type = "aws:scheduler/scheduleGroup:ScheduleGroup";
  const { id, properties } = create(type, { name: "nightly" });
  expect(properties).toMatchObject({ name: "nightly", arn: `arn:aws:scheduler:us-east-1:123456789012:${id}` });
  expect([...cloud.unchecked]).toEqual([]);
});

test("regions and accounts are apart", () => {
  const made = vpc();
  expect(cloud.read("aws:ec2/vpc:Vpc", made.id, {}, { account: "210987654321", region: "us-east-1" })).toBeUndefined();
  expect(create("aws:cloudwatch/logGroup:LogGroup", { name: "a", region: "eu-west-1" }).properties.arn).toContain(":eu-west-1:");
  expect(create("aws:cloudwatch/logGroup:LogGroup", { name: "a" }).properties.arn).toContain(":us-east-1:");
});

test("the provider refuses an account that is not allowed", () => {
  expect(() => aws.configure({ region: "us-east-1", allowedAccountIds: ["210987654321"] }, "123456789012")).toThrow(
    "AWS account ID not allowed: 123456789012",
  );
  expect(() => aws.configure({}, "123456789012")).toThrow("region is not set");
});

test("Kubernetes refuses a namespace that does not exist and a selector that selects nothing", () => {
  const cluster = new Cloud(kubernetes, new LiveStore(folder));
  const deploy = (namespace: string, app: string) =>
    cluster.create(
      {
        type: "kubernetes:apps/v1:Deployment",
        urn: "urn",
        secrets: [],
        inputs: {
          metadata: { name: "web", namespace },
          spec: { selector: { matchLabels: { app } }, template: { metadata: { labels: { app: "web" } } } },
        },
      },
      { account: "cluster", region: "" },
    );
  expect(() => deploy("nowhere", "web")).toThrow('namespaces "nowhere" not found');
  expect(() => deploy("default", "api")).toThrow("does not match template");
  expect(deploy("default", "web").id).toBe("default/web");
});

function targetGroupAndListener(): { group: string; listener: string } {
  const { id } = publicVpc();
  const subnets = [subnet(id, "10.0.0.0/24", "us-east-1a").id, subnet(id, "10.0.1.0/24", "us-east-1b").id];
  const loadBalancer = create("aws:lb/loadBalancer:LoadBalancer", { name: "web", subnets, enableDeletionProtection: true });
  const group = create("aws:lb/targetGroup:TargetGroup", { name: "blue", port: 80 });
  const listener = create("aws:lb/listener:Listener", {
    loadBalancerArn: loadBalancer.id,
    port: 80,
    protocol: "HTTP",
    defaultActions: [{ type: "fixed-response" }],
  });
  return { group: group.id, listener: listener.id };
}

function rule(listenerArn: string, group: string): void {
  create("aws:lb/listenerRule:ListenerRule", {
    listenerArn,
    priority: 1,
    actions: [{ type: "forward", forward: { targetGroups: [{ arn: group, weight: 100 }] } }],
  });
}

function deleteUsedTargetGroup(): void {
  const { group, listener } = targetGroupAndListener();
  rule(listener, group);
  cloud.delete("aws:lb/targetGroup:TargetGroup", group, {}, place);
}

function rulesOfOnePriority(): void {
  const { group, listener } = targetGroupAndListener();
  rule(listener, group);
  rule(listener, group);
}

function deleteProtectedLoadBalancer(): void {
  targetGroupAndListener();
  const [loadBalancer] = cloud.store.all("aws:lb/loadBalancer:LoadBalancer");
  cloud.delete("aws:lb/loadBalancer:LoadBalancer", loadBalancer!.id, loadBalancer!.properties, place);
}

function deleteFullBucket(): void {
  const { id } = create("aws:s3/bucket:Bucket", { bucket: "logs" });
  create("aws:s3/bucketObjectv2:BucketObjectv2", { bucket: "logs", key: "a", content: "b" });
  cloud.delete("aws:s3/bucket:Bucket", id, {}, place);
}

function serviceWithoutRule(): void {
  const cluster = create("aws:ecs/cluster:Cluster", { name: "main" });
  const task = create("aws:ecs/taskDefinition:TaskDefinition", { family: "api", containerDefinitions: "[]" });
  const group = create("aws:lb/targetGroup:TargetGroup", { name: "blue", port: 80 });
  create("aws:ecs/service:Service", {
    name: "api",
    cluster: cluster.id,
    taskDefinition: String(task.properties.arn),
    loadBalancers: [{ targetGroupArn: group.id, containerName: "app", containerPort: 80 }],
  });
}

function deleteCluster(): void {
  const cluster = create("aws:ecs/cluster:Cluster", { name: "main" });
  create("aws:ecs/service:Service", { name: "api", cluster: cluster.id });
  cloud.delete("aws:ecs/cluster:Cluster", cluster.id, cluster.properties, place);
}

function validateWithoutRecord(): void {
  const { id } = create("aws:acm/certificate:Certificate", { domainName: "a.example", validationMethod: "DNS" });
  create("aws:acm/certificateValidation:CertificateValidation", { certificateArn: id });
}

function listenWithoutCertificate(): void {
  targetGroupAndListener();
  const [loadBalancer] = cloud.store.all("aws:lb/loadBalancer:LoadBalancer");
  const { id } = create("aws:acm/certificate:Certificate", { domainName: "a.example", validationMethod: "DNS" });
  create("aws:lb/listener:Listener", {
    loadBalancerArn: loadBalancer!.id,
    port: 443,
    protocol: "HTTPS",
    certificateArn: id,
    defaultActions: [{ type: "fixed-response" }],
  });
}
