/** A service of somebody's own program, made of components: its tasks can start. */
import { expect, test } from "vitest";
import { Cluster, Environment, FargateService, LoadBalancer, Network, Registry, WeightedTargets } from "../../components/index.ts";
import type { Properties } from "../../sandbox/provider/values.ts";
import { graphOf, type Registered } from "../harness/graph.ts";
import { refusedArguments } from "../harness/refusedArguments.ts";
import { taskNetwork } from "../harness/taskNetwork.ts";

const shop = { system: "shop", environment: "prod", region: "us-east-1", accountId: "123456789012" };
const image = `sha256:${"5f".repeat(32)}`;

/** As the components' README has it. @param more arguments of the service */
function declare(more: Properties = {}) {
  const { place } = new Environment("shop-prod", shop);
  const network = place.make(Network, "network", { cidrBlock: "10.20.0.0/16", zones: ["us-east-1a", "us-east-1b"] });
  const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/a";
  const loadBalancer = place.make(LoadBalancer, "alb", { network, certificateArn, accessLogBucket: "logs", allowFrom: ["0.0.0.0/0"] });
  const route = { priority: 1, hosts: ["shop.example"] };
  const targets = place.make(WeightedTargets, "web", { network, loadBalancer, route, port: 3000, healthCheck: { path: "/health" } });
  const repository = place.make(Registry, "registry", { repositories: { shop: {} } }).repositories.shop!;
  const release = { live: "blue", blue: { image } } as const;
  const cluster = place.make(Cluster, "cluster", {});
  place.make(FargateService, "web", { ...{ network, loadBalancer, cluster, targets, repository, port: 3000, release }, ...more });
}

/** What ECS says of tasks under the rules that a graph has for them. */
function saidOfTasks(graph: readonly Registered[]): string | undefined {
  const { create, group, trouble } = taskNetwork();
  const type = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
  const rules = graph.filter((one) => one.type === type && typeof one.checked.cidrIpv4 === "string");
  for (const { name, checked } of rules) create(type, { ...checked, securityGroupId: group.id }, name);
  return trouble();
}

test("other systems 5.4 a service whose egress leaves no way to its image is not made", async () => {
  let refused: string[] = [];
  const graph = await graphOf(() => {
    refused = refusedArguments(() => declare({ egress: { mail: { port: 587, cidr: "0.0.0.0/0" } } }));
  });
  expect(refused.length > 0 ? refused : saidOfTasks(graph)).toEqual(["egress"]);
});

test("by default its tasks reach what they need", async () => {
  expect(saidOfTasks(await graphOf(() => declare()))).toBeUndefined();
});

/** URNs of everything that the engine makes before a resource. */
function madeBefore(graph: readonly Registered[], type: string): Set<string> {
  const byUrn = new Map(graph.map((one) => [one.urn, one]));
  const [first] = graph.filter((one) => one.type === type);
  const before = new Set<string>();
  const queue = [first!];
  for (const { dependsOn, references } of queue)
    for (const urn of [...dependsOn, ...Object.values(references).flat()])
      if (!before.has(urn)) {
        before.add(urn);
        const next = byUrn.get(urn);
        if (next !== undefined) queue.push(next);
      }
  return before;
}

test.each([
  ["aws:ecs/service:Service", "aws:ec2/route:Route"],
  ["aws:ecs/service:Service", "aws:ec2/routeTableAssociation:RouteTableAssociation"],
  ["aws:ecs/service:Service", "aws:ec2/vpcEndpoint:VpcEndpoint"],
  ["aws:lb/loadBalancer:LoadBalancer", "aws:ec2/internetGateway:InternetGateway"],
])("%s comes after each %s of its network", async (late, early) => {
  const graph = await graphOf(() => declare());
  const urns = graph.filter(({ type }) => type === early).map(({ urn }) => urn);
  expect(urns).not.toEqual([]);
  expect([...madeBefore(graph, late)]).toEqual(expect.arrayContaining(urns));
});
