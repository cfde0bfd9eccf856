/** What a program of somebody else reaches of a component: its real resources, and a change of each before it is made. */
import type { Resource } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import * as components from "../../../components/index.ts";
import { graphOf } from "../../harness/graph.ts";

const shop = { system: "shop", environment: "prod", region: "eu-west-1", accountId: "123456789012" };
const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-4e5f-6789-abcd-0123456789ab";
const database = { keyArn, databaseName: "shop", applicationUser: "shop_app" };
const store = { main: { type: "RDS", arn: "arn:aws:rds:eu-west-1:123456789012:db:main" } } as const;

/** Marks a child by its tags, which each of these types has. */
const marked = (child: string) => () => ({ args: { tags: { Marked: child } } });

/** Components with every child that can be changed marked by its own name. */
function made() {
  const { place } = new components.Environment("shop-prod", shop);
  const network = place.make(components.Network, "network", {
    ...{ cidrBlock: "10.20.0.0/16", zones: ["eu-west-1a", "eu-west-1b"] },
    transform: { vpc: marked("vpc"), subnet: marked("subnet"), defaultSecurityGroup: marked("defaultSecurityGroup") },
  });
  const loadBalancer = place.make(components.LoadBalancer, "alb", {
    ...{ network, certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/a", accessLogBucket: "logs", allowFrom: ["0.0.0.0/0"] },
    transform: { loadBalancer: marked("loadBalancer"), https: marked("https"), http: marked("http") },
  });
  const targets = place.make(components.WeightedTargets, "web", {
    ...{
      network,
      loadBalancer,
      port: 3000,
      route: { priority: 1, hosts: ["shop.example"] },
      healthCheck: { path: "/health" },
      candidateSecret: "s",
    },
    transform: { targetGroup: marked("targetGroup"), rule: marked("rule"), headerRule: marked("headerRule") },
  });
  const cluster = place.make(components.Cluster, "cluster", { transform: { cluster: marked("cluster") } });
  const registry = place.make(components.Registry, "registry", {
    repositories: { shop: {} },
    transform: { repository: marked("repository") },
  });
  const service = place.make(components.FargateService, "web", {
    ...{ network, loadBalancer, cluster, targets, port: 3000, repository: registry.repositories.shop! },
    release: { live: "blue", blue: { image: `sha256:${"5f".repeat(32)}` } },
    transform: { service: marked("service"), taskDefinition: marked("taskDefinition"), logGroup: marked("logGroup") },
  });
  const key = place.make(components.EncryptionKey, "key", { description: "data", transform: { key: marked("key") } });
  const webAcl = place.make(components.WebAcl, "waf", {
    resourceArn: loadBalancer.arn,
    rules: { common: { type: "managed", priority: 10, set: "common" } },
    transform: { webAcl: marked("webAcl") },
  });
  const notifications = place.make(components.Notifications, "notifications", {
    ...{ title: "Shop prod", emails: { devops: "devops@shop.example" }, sendAllTo: "P3" },
    transform: { topic: marked("topic") },
  });
  const alarms = place.make(components.Alarms, "alarms", {
    ...{ namePrefix: place.names.stack, topicArns: notifications.topicArns, runbookBase: "https://shop.example/runbooks" },
    definitions: components.webAclAlarms({ region: shop.region, metricName: webAcl.metricName }, { P1: 1000 }),
    transform: { alarm: marked("alarm"), page: marked("page") },
  });
  const postgres = place.make(components.Postgres, "main", {
    ...{ ...database, network: network.isolated, instanceClass: "db.t4g.medium" },
    transform: { instance: marked("instance"), parameterGroup: marked("parameterGroup") },
  });
  const vault = place.make(components.BackupVault, "backups", { keyArn, transform: { vault: marked("vault") } });
  const plan = place.make(components.BackupPlan, "backups", {
    ...{ vaultName: vault.vaultName, roleArn: "arn:aws:iam::123456789012:role/backup", stores: store },
    transform: { plan: marked("plan") },
  });
  const table = place.make(components.Table, "carts", { keyArn, partitionKey: { name: "id" }, transform: { table: marked("table") } });
  const bucket = place.make(components.DataBucket, "data", { keyArn, purpose: "private", transform: { bucket: marked("bucket") } });
  const logBucket = place.make(components.LogBucket, "logs", { transform: { bucket: marked("logBucket") } });
  const secrets = place.make(components.Secrets, "secrets", {
    ...{ keyAlias: "alias/shop-prod-secrets", secrets: { "/shop/prod/api": { store: "secretsManager" } } },
    transform: { secret: marked("secret") },
  });
  const rollback = place.make(components.AutoRollback, "rollback", {
    ...{ stack: "prod", service: "web", latchName: "/shop/prod/web/rollback", live: "blue", candidateOpen: true, logRetentionDays: 30 },
    ...{
      ruleArn: targets.rule.arn,
      targetGroupArns: { blue: targets.targets.blue.arn, green: targets.targets.green.arn },
      alarmArns: [alarms.arns["waf-p1"]!],
    },
    ...{ topicArn: notifications.topicArns.P1, topicKeyArn: keyArn, keyArn },
    transform: { function: marked("function"), deadLetters: marked("deadLetters") },
  });
  const site = place.make(components.StaticSite, "site", {
    ...{
      hosts: ["www.shop.example"],
      zone: { provider: "route53", zone: "shop.example", zoneId: "Z1ABCDEF" },
      origin: { kind: "s3-cloudfront" },
      release: "r1",
      keyArn,
    },
    certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/a",
    transform: { bucket: marked("siteBucket"), distribution: marked("distribution") },
  });
  const uptime = place.make(components.Uptime, "uptime", {
    endpoints: { web: { host: "shop.example", path: "/health" } },
    transform: { healthCheck: marked("healthCheck") },
  });
  const { vpc, subnets } = network.nodes;
  return {
    ...{
      vpc,
      subnet: subnets.private["eu-west-1a"],
      ...loadBalancer.nodes,
      ...cluster.nodes,
      ...key.nodes,
      ...webAcl.nodes,
      ...vault.nodes,
    },
    ...{ targetGroup: targets.nodes.targetGroups.blue, headerRule: targets.nodes.headerRules.green, rule: targets.rule },
    ...{ service: service.nodes.services.blue, taskDefinition: service.nodes.taskDefinitions.blue, logGroup: service.nodes.logGroup },
    ...{
      repository: registry.nodes.repositories.shop,
      topic: notifications.nodes.topics.P1,
      ...postgres.nodes,
      ...plan.nodes,
      ...table.nodes,
    },
    ...{ alarm: alarms.nodes.alarms["waf-blocked-p1"], page: alarms.nodes.alarms["waf-p1"] },
    ...{ bucket: bucket.nodes.bucket, logBucket: logBucket.nodes.bucket, siteBucket: site.nodes.bucket },
    ...{ secret: secrets.nodes.secrets["/shop/prod/api"], healthCheck: uptime.nodes.healthChecks.web },
    ...{ function: rollback.nodes.function, deadLetters: rollback.nodes.deadLetters, distribution: site.nodes.distribution },
  } as Readonly<Record<string, Resource | undefined>>;
}

/** Type and name of each that is handed out. Mocks make URNs without the parents that an engine puts into them. */
const handedOut: Record<string, string> = {};
const graph = await graphOf(() => {
  for (const [child, node] of Object.entries(made()))
    node?.urn.apply((urn) => Object.assign(handedOut, { [child]: urn.split("::").slice(2).join("::").split("$").at(-1) }));
});
const children = [
  ...["vpc", "subnet", "loadBalancer", "https", "http", "targetGroup", "rule", "headerRule", "cluster", "repository", "service"],
  ...["taskDefinition", "logGroup", "key", "webAcl", "topic", "alarm", "page", "instance", "vault", "plan", "table", "bucket", "logBucket"],
  ...["siteBucket", "secret", "healthCheck", "function", "deadLetters", "distribution"],
];

describe("nodes and transform", () => {
  test.each(children)("%s is handed out, and made as its transform says", (child) => {
    const registered = graph.find(({ type, name }) => `${type}::${name}` === handedOut[child]);
    expect(registered?.inputs.tags, `${child}: ${handedOut[child]}`).toEqual({ Marked: child });
  });

  test("a change reaches every child of its name, also those that nobody is handed", () => {
    const tagged = (name: string) => graph.filter(({ inputs }) => (inputs.tags as { Marked?: string } | undefined)?.Marked === name);
    expect(tagged("subnet")).toHaveLength(6);
    expect(tagged("defaultSecurityGroup").map(({ type }) => type)).toEqual(["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"]);
    expect(tagged("parameterGroup").map(({ type }) => type)).toEqual(["aws:rds/parameterGroup:ParameterGroup"]);
    expect(tagged("headerRule")).toHaveLength(2);
    expect(tagged("topic")).toHaveLength(4);
  });
});

/** Exported components without `nodes`: they make nothing in a cloud. What is made is made at their place. */
const placesOnly = ["Environment", "Region"];

test("every exported component hands out what it makes", () => {
  const classes = Object.entries<unknown>(components).filter(
    ([, exported]) => typeof exported === "function" && exported.prototype instanceof components.Component,
  );
  expect(classes.length).toBeGreaterThan(50);
  expect(classes.flatMap(([name, made]) => (/\bthis\.nodes = \{/.test(String(made)) ? [] : [name]))).toEqual(placesOnly);
});

test("an environment that is given no provider has one that refuses every other account", () => {
  const [provider] = graph.filter(({ type }) => type === "pulumi:providers:aws");
  expect(provider?.inputs).toMatchObject({ region: "eu-west-1", allowedAccountIds: JSON.stringify(["123456789012"]) });
  const used = graph.filter(({ type }) => type.startsWith("aws:")).map(({ provider: own }) => own.replace(/^.*\$/, ""));
  expect([...new Set(used)]).toEqual(["pulumi:providers:aws::shop-prod::shop-prod-id"]);
});
