/** What the simulated provider does as the real one's bridge does: found by comparing the two (test/acceptance/compare). */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aws } from "../../../sandbox/cloud/aws/catalogue.ts";
import { zoneIdOf } from "../../../sandbox/cloud/aws/zones.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { factsOf } from "../../../sandbox/facts/facts.ts";
import { completed, filled } from "../../../sandbox/provider/fill.ts";
import { Resources } from "../../../sandbox/provider/resources.ts";
import { type Properties, unknown } from "../../../sandbox/provider/values.ts";

const place = { account: "123456789012", region: "us-east-1" };
const urnOf = (type: string) => `urn:pulumi:staging::slipway::${type}::api`;
let folder: string;
let cloud: Cloud;
let resources: Resources;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-bridge-"));
  cloud = new Cloud(aws, new LiveStore(folder));
  resources = new Resources(cloud);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function check(type: string, inputs: Properties, before: Properties = {}) {
  return resources.check(urnOf(type), before, inputs, new Uint8Array(), place);
}

describe("the check", () => {
  test("fills in defaults with their names, tagsAll and the region", () => {
    const { inputs } = check("aws:iam/role:Role", { assumeRolePolicy: "{}", name: "api", tags: { Team: "a" } });
    expect(inputs).toEqual({
      assumeRolePolicy: "{}",
      name: "api",
      tags: { Team: "a" },
      tagsAll: { Team: "a" },
      maxSessionDuration: 3600,
      path: "/",
      __defaults: ["maxSessionDuration", "path"],
    });
    expect(check("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }).inputs.region).toBe("us-east-1");
  });
  test("leaves out a default that clashes with what is given, and one that the provider fills in later", () => {
    const facts = {
      properties: { a: { type: "string", optional: true, default: "x", conflictsWith: ["b"] }, b: { type: "string", optional: true } },
    } as const;
    expect(filled(facts, { b: "y" }, [])).toEqual({ b: "y", __defaults: [] });
    expect(filled(facts, {}, [])).toEqual({ a: "x", __defaults: ["a"] });
    expect(check("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }).inputs).not.toHaveProperty("instanceTenancy");
  });
  test("turns a number into text where the schema has text", () =>
    expect(check("aws:lb/targetGroup:TargetGroup", { deregistrationDelay: 30 }).inputs.deregistrationDelay).toBe("30"));
  test("does not know all tags while one is unknown", () =>
    expect(check("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16", tags: { Name: unknown } }).inputs.tagsAll).toBe(unknown));
  test("draws a name with seven digits, and refuses one that leaves no room for them", () => {
    const named = (name: string) => () =>
      resources.check(`urn:pulumi:staging::slipway::aws:lb/targetGroup:TargetGroup::${name}`, {}, {}, new Uint8Array(), place).inputs.name;
    expect(named("a".repeat(24))()).toMatch(/^a{24}-[0-9a-f]{7}$/);
    expect(named("a".repeat(25))).toThrow("name 'aaaaaaaaaaaaaaaaaaaaaaaaa-' plus 7 random chars is longer than maximum length 32");
  });
  test("keeps a name that is no longer given: nothing is replaced for its sake", () => {
    const { inputs } = check("aws:ecr/repository:Repository", {}, { name: "by-hand", __defaults: [] });
    expect(inputs).toMatchObject({ name: "by-hand", __defaults: ["imageTagMutability", "name"] });
  });
  test("takes one value for a list of one, a fraction for a whole number and an object for a JSON document", () => {
    expect(check("aws:lb/loadBalancer:LoadBalancer", { subnets: "subnet-1", idleTimeout: 60.5 }).failures).toEqual([]);
    const role = check("aws:iam/role:Role", { assumeRolePolicy: { Version: "2012-10-17" } });
    expect([role.failures, role.inputs.assumeRolePolicy]).toEqual([[], '{"Version":"2012-10-17"}']);
  });
  test("of a type on the plugin framework lets unknown properties through and takes no fractions", () => {
    const rule = { securityGroupId: "sg-1", ipProtocol: "tcp", cidrIpv4: "10.0.0.0/8", fromPort: 80, toPort: 80 };
    const type = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    expect(check(type, { ...rule, notAProperty: "x" }).failures).toEqual([]);
    expect(check(type, { ...rule, fromPort: 1.5 }).failures.map(({ property }) => property)).toEqual(["fromPort"]);
    expect(check(type, { ...rule, prefixListId: "pl-1" }).failures.map(({ property }) => property)).toEqual(["cidrIpv4", "prefixListId"]);
  });
});

describe("the state", () => {
  test("has every property of the schema, empty where nobody set it", () => {
    const state = completed(factsOf("aws:ec2/vpc:Vpc")!, "vpc-1", { cidrBlock: "10.0.0.0/16", tags: { A: "b" } });
    expect(state).toMatchObject({ id: "vpc-1", tagsAll: { A: "b" }, ipv6CidrBlock: "", ipv4IpamPoolId: null, enableDnsHostnames: false });
    expect(Object.keys(state).sort()).toEqual([...Object.keys(factsOf("aws:ec2/vpc:Vpc")!.properties), "id"].sort());
  });
  test("leaves out what has no use for an object of its kind", () => {
    const facts = factsOf("aws:lb/loadBalancer:LoadBalancer")!;
    const state = completed(facts, "arn", {
      loadBalancerType: "application",
      idleTimeout: 60,
      dnsRecordClientRoutingPolicy: "any_availability_zone",
    });
    expect([state.idleTimeout, state.dnsRecordClientRoutingPolicy]).toEqual([60, null]);
  });
  test("zones have ids of their region", () =>
    expect([zoneIdOf("us-east-1a"), zoneIdOf("ap-southeast-2c")]).toEqual(["use1-az1", "apse2-az3"]));
});

describe("the diff", () => {
  const diff = (type: string, before: Properties, after: Properties) => {
    const [old, wanted] = [check(type, before).inputs, check(type, after).inputs];
    return resources.diff(urnOf(type), completed(factsOf(type)!, "id", cloud.planned(type, old)), old, wanted);
  };
  const group = { name: "api", port: 80, protocol: "HTTP", vpcId: "vpc-1", targetType: "ip" };
  test("names whole properties as reasons of a replacement, and deletes first what is named by hand", () => {
    const { replaces, deleteBeforeReplace } = diff(
      "aws:ecs/taskDefinition:TaskDefinition",
      { family: "a", containerDefinitions: "[]", runtimePlatform: { cpuArchitecture: "ARM64" } },
      { family: "a", containerDefinitions: "[]", runtimePlatform: { cpuArchitecture: "X86_64" } },
    );
    expect([replaces, deleteBeforeReplace]).toEqual([["runtimePlatform"], false]);
    expect(diff("aws:lb/targetGroup:TargetGroup", group, { ...group, name: "other" }).deleteBeforeReplace).toBe(true);
  });
  test("a region replaces", () => {
    const vpc = { cidrBlock: "10.0.0.0/16" };
    expect(diff("aws:ec2/vpc:Vpc", vpc, { ...vpc, region: "eu-west-1" }).replaces).toEqual(["region"]);
  });
  test("a change that has no use for an object of its kind is none", () => {
    const listener = {
      loadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/1",
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } }],
    };
    const header = { routingHttpRequestXAmznTlsVersionHeaderName: "x-tls" };
    expect(diff("aws:lb/listener:Listener", listener, { ...listener, ...header }).changes).toEqual([]);
    const secure = { ...listener, protocol: "HTTPS" };
    expect(diff("aws:lb/listener:Listener", secure, { ...secure, ...header }).changes).toHaveLength(1);
  });
  test("a condition in a set that loses one of its values is a change", () => {
    const rule = (condition: Properties) => ({
      listenerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/a/1/2",
      conditions: [condition],
      actions: [{ type: "redirect", redirect: { statusCode: "HTTP_302" } }],
    });
    const both = { hostHeader: { values: ["a"] }, pathPattern: { values: ["/b"] } };
    expect(diff("aws:lb/listenerRule:ListenerRule", rule(both), rule({ hostHeader: { values: ["a"] } })).changes).toHaveLength(1);
  });
  test("what only planning can refuse is refused there, and before anything is made", () => {
    expect(() => diff("aws:lb/targetGroup:TargetGroup", group, { ...group, vpcId: null })).toThrow(
      '"vpcId" must be specified when "targetType" is "ip"',
    );
    const { vpcId: _, ...homeless } = group;
    expect(() => resources.create(urnOf("aws:lb/targetGroup:TargetGroup"), homeless, place, true)).toThrow('"vpcId" must be specified');
  });
});

describe("an update", () => {
  test("sends only what changed: what was edited live meanwhile stays", () => {
    const type = "aws:cloudwatch/logGroup:LogGroup";
    const made = cloud.create({ type, urn: urnOf(type), inputs: { name: "a", retentionInDays: 7 }, secrets: [] }, place);
    const [live] = cloud.store.all(type);
    cloud.store.put({ ...live!, properties: { ...live!.properties, retentionInDays: 1 } });
    const update = (inputs: Properties) => cloud.update(made.id, made.properties, { type, urn: urnOf(type), inputs, secrets: [] }, place);
    expect(update({ name: "a", retentionInDays: 7, skipDestroy: true }).retentionInDays).toBe(1);
    expect(update({ name: "a", retentionInDays: 14 }).retentionInDays).toBe(14);
  });
});

describe("scaling", () => {
  const register = (minCapacity: number, maxCapacity: number) => {
    const type = "aws:appautoscaling/target:Target";
    const resourceId = "service/main/api";
    cloud.create(
      {
        type,
        urn: urnOf(type),
        inputs: { resourceId, minCapacity, maxCapacity, scalableDimension: "ecs:service:DesiredCount", serviceNamespace: "ecs" },
        secrets: [],
      },
      place,
    );
    return cloud.store.all("aws:ecs/service:Service")[0]?.properties.desiredCount;
  };
  beforeEach(() => {
    const id = "arn:aws:ecs:us-east-1:123456789012:service/main/api";
    cloud.store.put({
      type: "aws:ecs/service:Service",
      id,
      scope: "123456789012/us-east-1",
      properties: { desiredCount: 2 },
      createdFor: "",
    });
  });
  test.each([
    ["up to the minimum", 3, 10, 3],
    ["down to the maximum", 0, 1, 1],
    ["not at all when it is within the bounds", 1, 4, 2],
  ])("moves a service's tasks %s", (_, minimum, maximum, expected) => expect(register(minimum, maximum)).toBe(expected));
});
