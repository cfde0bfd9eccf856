/** What the failover commands ask of AWS: health, switches, replicas; and which region answers. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Aws } from "../../../ops/aws/aws.ts";
import { answeringByDns, answeringInSandbox } from "../../../ops/failover/answers.ts";
import { FailoverCloud } from "../../../ops/failover/cloud.ts";
import { serviceError, simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { openLiveStore } from "../../../sandbox/sandbox.ts";
import { type Answers, account, asked, stubbedAws } from "../../harness/stubbedAws.ts";

const place = { switchRegion: "ap-southeast-1", tags: { System: "coinestate", Environment: "prod" }, stack: "--stack production" };
const cloudOf = (answers: Answers, owner?: string) => {
  const { aws, calls } = stubbedAws(answers, owner);
  return { calls, cloud: new FailoverCloud(aws, place) };
};

describe("health of a region", () => {
  const check = (Id: string, host: string) => ({ Id, HealthCheckConfig: { FullyQualifiedDomainName: host } });
  const found = (good: number, all: number) => ({
    HealthCheckObservations: Array.from({ length: all }, (_, index) => ({
      StatusReport: { Status: index < good ? "Success: HTTP Status Code 200, OK" : "Failure: Connection timed out." },
    })),
  });
  const health = (HealthChecks: object[], ...statuses: object[]) =>
    cloudOf({ "Route53.ListHealthChecks": { HealthChecks, IsTruncated: false }, "Route53.GetHealthCheckStatus": statuses }).cloud.health(
      "a.io",
    );

  test.each([
    [3, "down"],
    [4, "healthy"],
  ])("%i of 18 checkers that succeed: %s", async (good, expected) => {
    expect(await health([check("1", "a.io"), check("2", "b.io")], found(good, 18))).toBe(expected);
  });

  test("one good check of two is enough; without a check, or without an answer, nobody knows", async () => {
    expect(await health([check("1", "a.io"), check("2", "a.io")], found(0, 16), found(16, 16))).toBe("healthy");
    expect(await health([check("2", "b.io")])).toBe("unknown");
    expect(await cloudOf({}).cloud.health("a.io")).toBe("unknown");
  });

  test("the check is found on a later page", async () => {
    const pages = [
      { HealthChecks: [check("1", "b.io")], IsTruncated: true, NextMarker: "2" },
      { HealthChecks: [check("2", "a.io")], IsTruncated: false },
    ];
    const { cloud, calls } = cloudOf({ "Route53.ListHealthChecks": pages, "Route53.GetHealthCheckStatus": found(16, 16) });
    expect(await cloud.health("a.io")).toBe("healthy");
    expect(calls.at(-1)).toMatchObject({ operation: "GetHealthCheckStatus", input: { HealthCheckId: "2" } });
  });

  test("credentials of another account are not asked with, for health and lag either", async () => {
    const { cloud, calls } = cloudOf({ "RDS.DescribeDBInstances": { DBInstances: [] } }, "999999999999");
    await expect(cloud.health("a.io")).rejects.toThrow("Nothing was read or changed");
    await expect(cloud.lagSeconds("eu-west-1")).rejects.toThrow("Nothing was read or changed");
    expect(asked(calls)).toEqual(["STS.GetCallerIdentity"]);
  });
});

describe("a switch", () => {
  const target = { Arn: "arn:t", RoleArn: "arn:r", Input: "{}" };
  const schedule = {
    ...{ Name: "s", GroupName: "default", ScheduleExpression: "rate(1 minute)", FlexibleTimeWindow: { Mode: "OFF" }, Target: target },
    ...{ State: "ENABLED", Description: "approved by jo" },
  };
  const read = (change: object) => cloudOf({ "Scheduler.GetSchedule": { ...schedule, ...change } }).cloud.readSwitch("s");

  test("is on while its schedule is enabled and has not ended", async () => {
    const [past, later] = [new Date(Date.now() - 1000), new Date(Date.now() + 60_000)];
    expect(await read({})).toEqual({ on: true, note: "approved by jo" });
    expect(await read({ EndDate: later })).toEqual({ on: true, note: "approved by jo", until: later });
    expect(await read({ EndDate: past })).toMatchObject({ on: false });
    expect(await read({ State: "DISABLED" })).toMatchObject({ on: false });
  });

  test("is written whole, in the region that keeps it, with everything that is not about it as it was", async () => {
    const { cloud, calls } = cloudOf({ "Scheduler.GetSchedule": schedule, "Scheduler.UpdateSchedule": {} });
    const until = new Date("2027-01-01T00:00:00Z");
    await cloud.writeSwitch("s", { on: false, note: "taken back", until });
    const { State: _, Description: __, ...same } = schedule;
    expect(calls.at(-1)).toMatchObject({ region: "ap-southeast-1" });
    expect(calls.at(-1)?.input).toEqual({ ...same, State: "DISABLED", Description: "taken back", EndDate: until });
  });

  test("that is not there, and one that may not be set, say so", async () => {
    const absent = cloudOf({ "Scheduler.GetSchedule": serviceError("ResourceNotFoundException", "Schedule s does not exist.") }).cloud;
    await expect(absent.readSwitch("s")).rejects.toThrow(
      "There is no switch s in ap-southeast-1 of the simulated cloud. Make it first: slipway up --stack production",
    );
    await expect(cloudOf({}).cloud.readSwitch("s")).rejects.toThrow(
      "The switch s cannot be read in ap-southeast-1 in the simulated cloud: AccessDenied",
    );
    await expect(cloudOf({ "Scheduler.GetSchedule": schedule }).cloud.writeSwitch("s", { on: true, note: "" })).rejects.toThrow(
      "The switch s cannot be set in the simulated cloud: AccessDeniedException",
    );
  });
});

describe("replicas", () => {
  const tagged = (Environment: string) => ({
    TagList: [
      { Key: "System", Value: "coinestate" },
      { Key: "Environment", Value: Environment },
    ],
  });
  const database = (name: string, environment: string, source?: string) => ({
    ...{ DBInstanceIdentifier: name, ...tagged(environment) },
    ...(source === undefined ? {} : { ReadReplicaSourceDBInstanceIdentifier: source }),
  });

  test("of the stack alone, on every page, with their newest lag; no lag where nobody measured", async () => {
    const { cloud, calls } = cloudOf({
      "RDS.DescribeDBInstances": [
        { DBInstances: [database("main", "prod"), database("other", "staging", "x")], Marker: "2" },
        { DBInstances: [database("replica", "prod", "main"), database("silent", "prod", "main")] },
      ],
      "CloudWatch.GetMetricStatistics": [
        {
          Datapoints: [
            { Timestamp: new Date(2000), Maximum: 3 },
            { Timestamp: new Date(1000), Maximum: 9 },
          ],
        },
        { Datapoints: [] },
      ],
    });
    expect(await cloud.lagSeconds("eu-west-1")).toEqual({ replica: 3 });
    expect(calls.slice(1).every(({ region }) => region === "eu-west-1")).toBe(true);
  });

  test("of which AWS does not tell are left out", async () => {
    expect(await cloudOf({}).cloud.lagSeconds("eu-west-1")).toEqual({});
  });
});

describe("the region that answers", () => {
  test("is the one whose own name has an address of the domain", async () => {
    const names: Readonly<Record<string, readonly string[]>> = {
      "a.io": ["1.1.1.2"],
      "us.a.io": ["1.1.1.1"],
      "eu.a.io": ["1.1.1.3", "1.1.1.2"],
    };
    const resolve = async (host: string) => names[host] ?? Promise.reject(new Error("ENOTFOUND"));
    const hosts = { "us-east-1": "us.a.io", "eu-west-1": "eu.a.io", "ap-southeast-1": "gone.a.io" };
    expect(await answeringByDns(hosts, resolve)("a.io")).toBe("eu-west-1");
    expect(await answeringByDns(hosts, resolve)("b.io")).toBeUndefined();
  });
});

describe("in the simulated cloud", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-failover-"));
  const store = openLiveStore(folder);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const cloud = () =>
    new FailoverCloud(
      new Aws({ account, region: "ap-southeast-1", cloud: "the simulated cloud", answer: simulatedAws(store, account) }),
      place,
    );
  const scope = `${account}/ap-southeast-1`;
  const properties = {
    ...{ name: "s", arn: "arn:s", scheduleExpression: "rate(1 minute)", state: "DISABLED", description: "by the stack" },
    ...{
      flexibleTimeWindow: { mode: "OFF" },
      target: { arn: "arn:t", roleArn: "arn:r", input: '{"a":1}', retryPolicy: { maximumRetryAttempts: 3 } },
    },
  };

  test("a switch is set and taken back, and its schedule stays what it was otherwise", async () => {
    store.put({ type: "aws:scheduler/schedule:Schedule", id: "default/s", scope, properties, createdFor: "" });
    expect(await cloud().readSwitch("s")).toEqual({ on: false, note: "by the stack" });
    const until = new Date(Date.now() + 3_600_000);
    await cloud().writeSwitch("s", { on: true, note: "approved by jo", until });
    expect(await cloud().readSwitch("s")).toEqual({ on: true, note: "approved by jo", until });
    await cloud().writeSwitch("s", { on: false, note: "taken back" });
    expect(store.get("aws:scheduler/schedule:Schedule", "default/s", scope)?.properties).toEqual({
      ...properties,
      description: "taken back",
    });
    await expect(cloud().readSwitch("t")).rejects.toThrow("There is no switch t in ap-southeast-1");
  });

  test("a region is healthy while its endpoint has tasks behind it, and the domain is answered with its load balancer", async () => {
    const global = `${account}/global`;
    const dnsName = "main-1.us-east-1.elb.amazonaws.com";
    const put = (type: string, id: string, own: typeof properties | object, where = `${account}/us-east-1`) =>
      store.put({ type, id, scope: where, properties: own as typeof properties, createdFor: "" });
    put("aws:route53/healthCheck:HealthCheck", "check", { type: "HTTPS", fqdn: "us.a.io", resourcePath: "/health" }, global);
    put("aws:route53/record:Record", "us", { name: "us.a.io", aliases: [{ name: dnsName }] }, global);
    put("aws:route53/record:Record", "a", { name: "a.io", aliases: [{ name: dnsName }] }, global);
    put("aws:lb/loadBalancer:LoadBalancer", "arn:lb", { dnsName });
    put("aws:lb/listener:Listener", "arn:listener", { loadBalancerArn: "arn:lb", port: 443 });
    const actions = [{ type: "forward", forward: { targetGroups: [{ arn: "arn:group", weight: 1 }] } }];
    put("aws:lb/listenerRule:ListenerRule", "arn:rule", {
      ...{ listenerArn: "arn:listener", priority: 1, actions },
      conditions: [{ hostHeader: { values: ["us.a.io"] } }],
    });
    const service = { loadBalancers: [{ targetGroupArn: "arn:group" }], desiredCount: 1 };
    put("aws:ecs/service:Service", "arn:service", service);
    expect(await cloud().health("us.a.io")).toBe("healthy");
    expect(await answeringInSandbox(folder)("a.io")).toBe("us-east-1");
    put("aws:ecs/service:Service", "arn:service", { ...service, desiredCount: 0 });
    expect(await cloud().health("us.a.io")).toBe("down");
    expect(await cloud().health("eu.a.io")).toBe("unknown");
  });

  test("replicas have no lag, as nothing is written to them", async () => {
    const tags = { System: "coinestate", Environment: "prod" };
    const replica = { identifier: "replica", engine: "postgres", replicateSourceDb: "arn:main", tags };
    store.put({ type: "aws:rds/instance:Instance", id: "db-1", scope: `${account}/eu-west-1`, properties: replica, createdFor: "" });
    expect(await cloud().lagSeconds("eu-west-1")).toEqual({});
  });
});
