/** What a cloud says against what is expected: traffic, latches, stores, alarms; and what AWS is asked. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { engineName } from "../../../components/physicalName.ts";
import type { Latch } from "../../../infra/config/latch.ts";
import { Aws } from "../../../ops/aws/aws.ts";
import type { State, StateResource } from "../../../ops/engine/state.ts";
import { UserError } from "../../../ops/userError.ts";
import { alarmChecks } from "../../../ops/verify/alarms.ts";
import { type Check, passed } from "../../../ops/verify/check.ts";
import { type DatabaseKind, type VerifiedCloud, verifiedCloud } from "../../../ops/verify/cloud.ts";
import { alarmPlaces, databasePlaces, type ServicePlace, servicePlaces } from "../../../ops/verify/places.ts";
import { report, verdictLine, wrapped } from "../../../ops/verify/report.ts";
import { backupChecks, databaseChecks } from "../../../ops/verify/stores.ts";
import { latchChecks, trafficChecks } from "../../../ops/verify/traffic.ts";
import { simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { openLiveStore } from "../../../sandbox/sandbox.ts";
import { configOf } from "../../harness/config.ts";
import { carriedStores, threeRegions } from "../../harness/failoverStack.ts";
import { type Answers, account, asked, stubbedAws } from "../../harness/stubbedAws.ts";

const place = (change: Partial<ServicePlace> = {}): ServicePlace => ({
  ...{ service: "api", region: "us-east-1", primary: true, minimumTasks: 2, live: "blue", candidateWeight: 0, ruleArn: "arn:rule" },
  groupArns: { blue: "arn:blue", green: "arn:green" },
  ...change,
});
const cloud = (answers: Partial<VerifiedCloud> = {}): VerifiedCloud => ({
  weights: async () =>
    new Map([
      ["arn:blue", 100],
      ["arn:green", 0],
    ]),
  targetHealth: async () => ({ healthy: 2, all: 2 }),
  databaseState: async ({ kind }) => (kind === "dynamodb table" ? "ACTIVE" : "available"),
  ringing: async () => [],
  ...answers,
});
const weighing = (blue: number, green: number) =>
  cloud({
    weights: async () =>
      new Map([
        ["arn:blue", blue],
        ["arn:green", green],
      ]),
  });
const verdicts = (checks: readonly Check[]) => checks.map(({ verdict }) => verdict);

describe("traffic", () => {
  test("N26 what is advised asks the side that was asked", async () => {
    const flags = { stack: "staging", real: ["aws"] } as const;
    const advised = async (target: "deployment" | "rollback", places: ServicePlace[]) =>
      (await trafficChecks(target, places, weighing(50, 50), flags)).find(({ advice }) => advice !== undefined)?.advice;
    expect(await advised("deployment", [place({ ruleArn: undefined })])).toBe("npx slipway up --stack staging --real aws");
    expect(await advised("deployment", [place()])).toContain("npx slipway up --stack staging --real aws");
    expect(await advised("rollback", [place()])).toContain("npx slipway rollback now --stack staging --real aws --service api --reason '");
  });

  test.each<[string, "deployment" | "rollback", Partial<ServicePlace>, [number, number], string]>([
    ["a deployment at rest", "deployment", {}, [100, 0], "good"],
    ["a canary as config has it", "deployment", { candidateWeight: 5 }, [95, 5], "good"],
    ["the same in other shares", "deployment", { candidateWeight: 5 }, [190, 10], "good"],
    ["a canary that was rolled back", "deployment", { candidateWeight: 5 }, [100, 0], "failed"],
    ["traffic that somebody moved", "deployment", {}, [70, 30], "failed"],
    ["a green live colour", "deployment", { live: "green" }, [0, 100], "good"],
    ["a rollback whose config still says 5", "rollback", { candidateWeight: 5 }, [100, 0], "good"],
    ["a rollback that did not end", "rollback", { candidateWeight: 5 }, [95, 5], "failed"],
    ["nothing anywhere", "rollback", {}, [0, 0], "failed"],
  ])("%s", async (_, target, change, [blue, green], verdict) => {
    const [weights] = await trafficChecks(target, [place(change)], weighing(blue, green), { stack: "staging" });
    expect(weights).toMatchObject({ what: "weights of api", verdict });
  });

  test("a rule with the live group alone gives it everything", async () => {
    const [weights] = await trafficChecks("rollback", [place()], cloud({ weights: async () => new Map([["arn:blue", 1]]) }), {
      stack: "staging",
    });
    expect(weights).toMatchObject({ found: "blue 100 %, green 0 %", verdict: "good" });
  });

  test("says what to do: look and update, or take the candidate's weight out of config first", async () => {
    const [deployed] = await trafficChecks("deployment", [place()], weighing(70, 30), { stack: "staging" });
    expect(deployed!.advice).toContain("npx slipway status --stack staging, then npx slipway up --stack staging");
    const [back] = await trafficChecks("rollback", [place({ candidateWeight: 5 })], weighing(95, 5), { stack: "staging" });
    expect(back!.advice).toBe(
      "green still has traffic: npx slipway rollback now --stack staging --service api --reason 'green still has traffic'",
    );
  });

  const healthy = (blue: number, green: number): Partial<VerifiedCloud> => ({
    targetHealth: async ({ arn }) => ({ healthy: arn === "arn:blue" ? blue : green, all: 2 }),
  });
  test.each<[string, "deployment" | "rollback", Partial<VerifiedCloud>, RegExp]>([
    [
      "a dead colour",
      "rollback",
      healthy(0, 2),
      /^blue has no healthy target, and green has 2: users are served by green\. Leave the weights/,
    ],
    [
      "a dead colour",
      "deployment",
      healthy(0, 2),
      /^blue has no healthy target, and green has 2: users are served by green\. Leave the weights/,
    ],
    ["two dead colours", "rollback", healthy(0, 0), /^Neither colour has a healthy target: no weight helps/],
    [
      "a colour whose health cannot be read",
      "rollback",
      { targetHealth: async () => Promise.reject(new UserError("AWS does not tell: Throttling")) },
      /^The health of blue cannot be read \(AWS does not tell: Throttling\): look before you move traffic there/,
    ],
  ])("%s gets no advice to move traffic onto it: %s", async (_, target, health, advice) => {
    const [weights] = await trafficChecks(
      target,
      [place({ candidateWeight: 50 })],
      { ...weighing(25, 75), ...health },
      { stack: "staging" },
    );
    expect(weights).toMatchObject({ found: "blue 25 %, green 75 %", verdict: "failed" });
    expect(weights!.advice).toMatch(advice);
    expect(weights!.advice).not.toContain("slipway up");
    expect(weights!.advice).toContain("docs/runbooks/unhealthy-targets.md");
  });

  test.each([
    [0, "failed"],
    [1, "degraded"],
    [2, "good"],
  ])("%i healthy targets of a minimum of two", async (healthy, verdict) => {
    const checks = await trafficChecks("deployment", [place()], cloud({ targetHealth: async () => ({ healthy, all: 3 }) }), {
      stack: "staging",
    });
    expect(checks[1]).toMatchObject({ what: "targets of api, blue", found: `${healthy} of 3 healthy`, verdict });
  });

  test("targets are looked at where traffic is to go, also the candidate's, which needs one", async () => {
    const checks = await trafficChecks("deployment", [place({ candidateWeight: 5 })], weighing(95, 5), { stack: "staging" });
    expect(checks.map(({ what, expected }) => [what, expected]).slice(1)).toEqual([
      ["targets of api, blue", "2 healthy at least"],
      ["targets of api, green", "1 healthy at least"],
    ]);
  });

  test("a rule that is not in the state, and one that cannot be read, are failed, and the next service is still looked at", async () => {
    const refusing = cloud({
      weights: async ({ arn }) => {
        if (arn === "arn:rule") throw new UserError("AWS does not tell (elbv2 describe-rules): Throttling");
        return new Map([["arn:blue", 100]]);
      },
    });
    const places = [place({ ruleArn: undefined }), place(), place({ service: "web", ruleArn: "arn:other" })];
    const checks = await trafficChecks("deployment", places, refusing, { stack: "staging" });
    expect(verdicts(checks)).toEqual(["failed", "failed", "good", "good", "good"]);
    expect(checks[1]!.found).toContain("Throttling");
  });
});

describe("a latch", () => {
  const latch: Latch = {
    ...{ service: "api", alarm: "errors", reason: "5 %", at: "2026-11-21T12:00:00Z", live: "blue", candidate: "green" },
    ...{ before: { blue: 75, green: 25 }, outcome: "rolledBack" },
  };
  test.each([
    ["clear", "good", "good"],
    ["absent", "good", "good"],
    ["unreadable", "failed", "failed"],
    [latch, "failed", "degraded"],
    [{ ...latch, outcome: "failed" as const }, "failed", "failed"],
  ] as const)("%o fails a deployment: %s; a rollback: %s", (state, deployment, rollback) => {
    const own = [{ service: "api", region: "us-east-1", state }];
    expect(latchChecks("deployment", own, { stack: "staging", real: [] })[0]!.verdict).toBe(deployment);
    expect(latchChecks("rollback", own, { stack: "staging", real: [] })[0]!.verdict).toBe(rollback);
  });
});

test("a latch of a rollback that was stranded says that nothing was moved, and why", () => {
  const state: Latch = {
    ...{ service: "api", alarm: "errors", reason: "5 %", at: "2026-11-21T12:00:00Z", live: "blue", candidate: "green" },
    ...{ before: { blue: 75, green: 25 }, outcome: "stranded" },
  };
  const [check] = latchChecks("rollback", [{ service: "api", region: "us-east-1", state }], { stack: "staging", real: [] });
  expect(check).toMatchObject({ verdict: "failed" });
  expect(check!.advice).toMatch(
    /^Nothing was moved: blue had no healthy target, and green had\. .*docs\/runbooks\/unhealthy-targets\.md.* then npx slipway rollback acknowledge/,
  );
});

describe("what there is to look at", () => {
  const resource = (type: string, name: string, id: string, outputs = {}): StateResource => ({
    urn: `urn:pulumi:s::p::${type}::${name}`,
    type,
    id,
    outputs,
  });
  const groups = (code: string, service: string) => [
    resource("aws:lb/listenerRule:ListenerRule", `coinestate-staging-${code}-${service}`, `rule-${code}-${service}`),
    ...["blue", "green"].map((colour) => {
      const name = engineName("aws:lb/targetGroup:TargetGroup", `coinestate-staging-${code}-${service}-${colour}`);
      return resource("aws:lb/targetGroup:TargetGroup", name, `${colour}-${code}-${service}`);
    }),
  ];
  const state = (...resources: StateResource[]): State => ({ resources, pendingOperations: [] });

  test("each service with its rule and groups; a name that only begins alike is another", () => {
    const places = servicePlaces(configOf("staging"), state(...groups("use1", "api-header"), ...groups("use1", "api")));
    expect(places.map(({ service, ruleArn }) => [service, ruleArn])).toEqual([
      ["api", "rule-use1-api"],
      ["web", undefined],
    ]);
    expect(places[0]!.groupArns).toEqual({ blue: "blue-use1-api", green: "green-use1-api" });
  });

  test("a standby region's services, which give their candidate nothing", () => {
    const config = configOf("staging", { ...carriedStores, ...threeRegions, "services.api.release.candidateWeight": 25 });
    const places = servicePlaces(config, state(...groups("use1", "api"), ...groups("euw1", "api"))).filter(
      ({ service }) => service === "api",
    );
    expect(places.map(({ region, candidateWeight }) => [region, candidateWeight])).toEqual([
      ["us-east-1", 25],
      ["eu-west-1", 0],
      ["ap-southeast-1", 0],
    ]);
  });

  test("databases and alarms in their own regions, but not what waits for its deletion or serves other alarms", () => {
    const leaving = { ...resource("aws:rds/instance:Instance", "old", "db-0", { identifier: "old" }), delete: true };
    const found = state(
      leaving,
      resource("aws:rds/instance:Instance", "use1-db-main", "db-1", { identifier: "main-1234", region: "eu-west-1" }),
      resource("aws:dynamodb/table:Table", "use1-db-items", "items", { name: "items" }),
      resource("aws:cloudwatch/metricAlarm:MetricAlarm", "a", "a", { name: "a", tags: { Severity: "P1" } }),
      resource("aws:cloudwatch/metricAlarm:MetricAlarm", "release", "r", { name: "release", tags: {} }),
    );
    expect(databasePlaces(found, "us-east-1")).toEqual([
      { kind: "rds instance", region: "eu-west-1", identifier: "main-1234" },
      { kind: "dynamodb table", region: "us-east-1", identifier: "items" },
    ]);
    expect(alarmPlaces(found, "us-east-1")).toEqual([{ name: "a", region: "us-east-1", severity: "P1" }]);
  });
});

describe("stores", () => {
  test.each<[DatabaseKind, string, string]>([
    ["rds instance", "available", "good"],
    ["rds instance", "backing-up", "failed"],
    ["docdb cluster", "failing-over", "failed"],
    ["dynamodb table", "ACTIVE", "good"],
    ["dynamodb table", "available", "failed"],
  ])("a %s that is %s", async (kind, found, verdict) => {
    const [check] = await databaseChecks([{ kind, region: "us-east-1", identifier: "main" }], cloud({ databaseState: async () => found }));
    expect(check).toMatchObject({ found, verdict });
  });

  test.each(["OLD", "MISSING", "BROKEN"] as const)("a backup that is %s says how to make one", (verdict) => {
    const [check] = backupChecks(
      [{ kind: "backup", store: "databases-main", of: "us-east-1", region: "us-east-1", recoveryClass: "high", verdict, detail: "3 days" }],
      { stack: "prod" },
    );
    expect(check).toMatchObject({ verdict: "failed", found: `${verdict}: 3 days` });
    expect(check!.advice).toBe(`npx slipway backup start --stack prod --store databases-main --reason 'its backup is ${verdict}'`);
  });
});

describe("alarms", () => {
  const places = [
    { name: "s-e-a-p1", region: "us-east-1", severity: "P1" },
    { name: "s-e-b-p2", region: "us-east-1", severity: "P2" },
    { name: "s-e-c", region: "eu-west-1", severity: "P0" },
  ];
  test.each([
    [[], ["good", "good"]],
    [["s-e-b-p2"], ["good", "degraded"]],
    [
      ["s-e-a-p1", "s-e-b-p2"],
      ["good", "failed"],
    ],
    [["s-e-another-stack"], ["good", "good"]],
  ])("%j ring", async (names, expected) => {
    const ringing: VerifiedCloud["ringing"] = async (region) => (region === "us-east-1" ? names : []);
    expect(verdicts(await alarmChecks(places, cloud({ ringing }), "s-e-"))).toEqual(expected);
  });
});

describe("the report", () => {
  const check = (verdict: Check["verdict"], what = "weights of api"): Check => ({
    what,
    expected: "e",
    found: "f",
    verdict,
    advice: "do this",
  });
  test.each<[Check["verdict"][], boolean, string]>([
    [["good", "good"], true, "It is verified: 2 checks."],
    [["good", "degraded"], true, "It is verified: 2 checks, 1 degraded."],
    [["good", "not asked"], false, "It is NOT verified: 2 checks, 1 not asked."],
    [["failed", "degraded", "not asked"], false, "It is NOT verified: 3 checks, 1 failed, 1 not asked, 1 degraded."],
  ])("of %j", (found, good, line) => {
    const checks = found.map((verdict) => check(verdict));
    expect(passed(checks)).toBe(good);
    expect(verdictLine("It", checks)).toContain(line);
  });

  test.each([
    ["short", "short"],
    ["two words more", "two words\nmore"],
    ["one\ntwo", "one\ntwo"],
    ["a-name-too-long b", "a-name-too\n-long b"],
    ["", ""],
  ])("breaks %j between words where it can", (text, lines) => expect(wrapped(text, 10)).toBe(lines));

  test("names once what to do, with everything that it is for", () => {
    const text = report("It", [check("failed", "weights of api"), check("failed", "weights of web"), check("good", "weights of admin")]);
    expect(text).toContain("weights of api, weights of web: do this");
    expect(text.match(/do this/g)).toHaveLength(1);
  });
});

describe("an account", () => {
  const recorded = (answers: Answers, owner?: string) => {
    const { aws, calls } = stubbedAws(answers, owner);
    return { calls, cloud: verifiedCloud(aws) };
  };
  const rule = (action: object) => ({ "ElasticLoadBalancingV2.DescribeRules": { Rules: [{ Actions: [action] }] } });
  const at = (arn: string) => ({ region: "us-east-1", arn });

  test("tells the weights of a rule, and asks who it is once", async () => {
    const { calls, cloud } = recorded(
      rule({
        Type: "forward",
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: "b", Weight: 95 },
            { TargetGroupArn: "g", Weight: 5 },
          ],
        },
      }),
    );
    expect([...(await cloud.weights(at("arn:rule")))]).toEqual([
      ["b", 95],
      ["g", 5],
    ]);
    await cloud.weights(at("arn:rule"));
    expect(asked(calls)).toEqual(["STS.GetCallerIdentity", ...Array(2).fill("ElasticLoadBalancingV2.DescribeRules")]);
    expect(calls[1]).toMatchObject({ region: "us-east-1", input: { RuleArns: ["arn:rule"] } });
  });

  test("tells a rule with one group", async () => {
    const { cloud } = recorded(rule({ Type: "forward", TargetGroupArn: "b" }));
    expect([...(await cloud.weights(at("arn:rule")))]).toEqual([["b", 1]]);
  });

  test("counts healthy targets, reads databases and every page of alarms", async () => {
    const { calls, cloud } = recorded({
      "ElasticLoadBalancingV2.DescribeTargetHealth": {
        TargetHealthDescriptions: [{ TargetHealth: { State: "healthy" } }, { TargetHealth: { State: "draining" } }],
      },
      "DocDB.DescribeDBClusters": { DBClusters: [{ Status: "available" }] },
      "CloudWatch.DescribeAlarms": [
        { MetricAlarms: [{ AlarmName: "s-e-a" }], CompositeAlarms: [], NextToken: "2" },
        { CompositeAlarms: [{ AlarmName: "s-e-b" }] },
      ],
    });
    expect(await cloud.targetHealth(at("arn:blue"))).toEqual({ healthy: 1, all: 2 });
    expect(await cloud.databaseState({ kind: "docdb cluster", region: "eu-west-1", identifier: "main" })).toBe("available");
    expect(await cloud.ringing("us-east-1", "s-e-")).toEqual(["s-e-a", "s-e-b"]);
    expect(calls[2]).toMatchObject({ operation: "DescribeDBClusters", region: "eu-west-1", input: { DBClusterIdentifier: "main" } });
    expect(calls[3]?.input).toMatchObject({ StateValue: "ALARM", AlarmNamePrefix: "s-e-", AlarmTypes: ["MetricAlarm", "CompositeAlarm"] });
  });

  test("of somebody else is not read", async () => {
    const { calls, cloud } = recorded({}, "999999999999");
    await expect(cloud.weights(at("arn:rule"))).rejects.toThrow("of account 999999999999, and the stack belongs to 123456789012");
    expect(calls).toHaveLength(1);
  });

  test("that refuses says why", async () => {
    await expect(recorded({}).cloud.weights(at("arn:rule"))).rejects.toThrow(
      "The rule arn:rule cannot be read in the simulated cloud: AccessDeniedException: not allowed",
    );
  });
});

describe("the simulated cloud answers the same", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-verify-"));
  const store = openLiveStore(folder);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const region = "eu-west-1";
  const simulated = () => verifiedCloud(new Aws({ account, region, cloud: "the simulated cloud", answer: simulatedAws(store, account) }));
  const put = (type: string, id: string, properties: Parameters<typeof store.put>[0]["properties"]) =>
    store.put({ type, id, scope: `${account}/${region}`, properties, createdFor: "" });

  test.each<[DatabaseKind, string, string, string]>([
    ["rds instance", "aws:rds/instance:Instance", "identifier", "available"],
    ["docdb cluster", "aws:docdb/cluster:Cluster", "clusterIdentifier", "available"],
    ["docdb instance", "aws:docdb/clusterInstance:ClusterInstance", "identifier", "available"],
    ["dynamodb table", "aws:dynamodb/table:Table", "name", "ACTIVE"],
  ])("a %s: its state, the one that somebody has set, and none of one that is not there", async (kind, type, name, state) => {
    put(type, "one", { [name]: "main" });
    const asks = (identifier: string) => simulated().databaseState({ kind, region, identifier });
    expect(await asks("main")).toBe(state);
    put(type, "one", { [name]: "main", status: "restoring" });
    expect(await asks("main")).toBe("restoring");
    await expect(asks("gone")).rejects.toThrow(new RegExp(`^The ${kind} gone cannot be read in the simulated cloud: \\w+NotFound`));
    await expect(simulated().databaseState({ kind, region: "us-east-1", identifier: "main" })).rejects.toThrow("NotFound");
  });

  test("alarms that ring, of both kinds, by the beginning of their names", async () => {
    for (const name of ["s-e-a", "s-e-quiet", "other"]) put("aws:cloudwatch/metricAlarm:MetricAlarm", name, { name });
    put("aws:cloudwatch/compositeAlarm:CompositeAlarm", "s-e-b", { alarmName: "s-e-b" });
    for (const name of ["s-e-a", "s-e-b", "other"]) put("aws:cloudwatch/metricAlarm:State", name, { value: "ALARM" });
    expect(await simulated().ringing(region, "s-e-")).toEqual(["s-e-a", "s-e-b"]);
    expect(await simulated().ringing("us-east-1", "s-e-")).toEqual([]);
  });
});
