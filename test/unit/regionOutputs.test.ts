/** What a stack tells other stacks of its regions. */
import { output } from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { Names } from "../../components/environment/names.ts";
import { engineName } from "../../components/physicalName.ts";
import { declare } from "../../infra/program.ts";
import { configOf } from "../harness/config.ts";
import { graphOf } from "../harness/graph.ts";

test("every region's network, balancer, cluster, groups, roles and keys are told, by the resources that are declared", async () => {
  let told: Record<string, Record<string, unknown>> = {};
  const config = configOf("coinestate/production");
  const graph = await graphOf(() => {
    output(declare(config).regions).apply((regions) => {
      told = regions as unknown as typeof told;
    });
  });
  expect(Object.keys(told).sort()).toEqual(["ap-southeast-1", "eu-west-1", "us-east-1"]);
  for (const [region, outputs] of Object.entries(told)) {
    const { region: start } = new Names(config, region);
    const balancer = engineName("aws:lb/loadBalancer:LoadBalancer", `${start}-alb`);
    expect(outputs, region).toMatchObject({
      vpcId: expect.stringMatching(/^vpc-/),
      clusterArn: expect.stringContaining(`:cluster/${start}-cluster-`),
      loadBalancer: { listenerArn: expect.stringContaining(":listener/app/"), dnsName: expect.stringMatching(`^${balancer}-`) },
      securityGroupIds: { loadBalancer: expect.stringMatching(/^sg-/), services: { api: expect.stringMatching(/^sg-/) } },
      taskRoleNames: { api: expect.any(String) },
      keyArns: { logs: expect.stringContaining(":key/"), secrets: expect.stringContaining(":key/") },
    });
    const subnetIds = Object.values(outputs.subnetIds as Record<string, string[]>).flat();
    const declared = graph.filter(({ type, inputs }) => type === "aws:ec2/subnet:Subnet" && inputs.region === region);
    expect(subnetIds).toHaveLength(declared.length);
  }
  const { keyArns, securityGroupIds } = told["us-east-1"] as Record<string, { stores: Record<string, string> }>;
  const { databases, caches, buckets } = config;
  const servers = Object.keys(databases).filter((name) => databases[name]!.engine !== "dynamodb");
  expect(Object.keys(keyArns!.stores)).toEqual(
    expect.arrayContaining([
      ...Object.keys(databases).map((name) => `databases-${name}`),
      ...Object.keys(caches).map((name) => `caches-${name}`),
      ...Object.keys(buckets).map((name) => `buckets-${name}`),
    ]),
  );
  expect(Object.keys(securityGroupIds!.stores)).toEqual(expect.arrayContaining(servers.map((name) => `databases-${name}`)));
});
