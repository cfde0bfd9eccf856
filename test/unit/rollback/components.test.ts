/** The automatic rollback by itself: what it refuses, what it may do, what changes with a release, and its latch. */
import { describe, expect, test } from "vitest";
import { deadLetterStatements } from "../../../components/aws/eventFunction.ts";
import { contractProblems } from "../../../components/contract/accepted.ts";
import { keyPolicy } from "../../../components/encryption/encryptionKey.ts";
import { AutoRollback, type AutoRollbackArgs, alarmPattern } from "../../../components/rollback/autoRollback.ts";
import { autoRollbackAlarms } from "../../../components/rollback/autoRollbackAlarms.ts";
import { autoRollback } from "../../../components/rollback/contract.ts";
import { functionStatements } from "../../../components/rollback/functionPolicy.ts";
import { acknowledgedLatch, clearLatch, type Latch, LatchError, parseLatch } from "../../../components/rollback/latch.ts";
import { latchedChanges } from "../../../infra/config/latchedChanges.ts";
import { declare } from "../../../infra/program.ts";
import type { DeployedService } from "../../../infra/release/deployedRelease.ts";
import { latchedServices } from "../../../infra/release/latches.ts";
import { matches } from "../../../sandbox/events/eventPattern.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { graphOf } from "../../harness/graph.ts";
import { refusedArguments } from "../../harness/refusedArguments.ts";

const args: AutoRollbackArgs = {
  ...{ region: "us-east-1", stack: "production", service: "api", ruleArn: "arn:rule", targetGroupArns: { blue: "arn:b", green: "arn:g" } },
  ...{ live: "blue", candidateOpen: true, alarmArns: ["arn:alarm"], latchName: "/slipway/coinestate/prod/rollback/api" },
  ...{ topicArn: "arn:topic", topicKeyArn: "arn:topic-key", keyArn: "arn:key", logRetentionDays: 30 },
};
const scope = {
  ...{ region: "us-east-1", ruleArn: "arn:rule", latchArn: "arn:latch", topicArn: "arn:topic", topicKeyArn: "arn:topic-key" },
  receiver: { serviceArn: "arn:service", targetArn: "arn:target" },
  records: { tableArn: "arn:table", service: "api", keyArn: "arn:table-key" },
  ...{ deadLettersArn: "arn:queue", keyArn: "arn:key", logGroupArn: "arn:logs" },
};
const latch: Latch = {
  ...{ service: "api", alarm: "errors", reason: "5 %", at: "2026-11-21T12:00:00Z", live: "blue", candidate: "green" },
  ...{ before: { blue: 75, green: 25 }, outcome: "rolledBack" },
};

describe("arguments", () => {
  test("good ones have no problems", () => expect(contractProblems(autoRollback, args)).toEqual([]));
  test("only the beginning of a parameter's whole name is AWS's: a system may be called ssm", () =>
    expect(contractProblems(autoRollback, { ...args, latchName: "/slipway/ssm/aws-test/rollback/api" })).toEqual([]));
  test.each<[Partial<AutoRollbackArgs>, string]>([
    [{ alarmArns: [] }, "alarmArns"],
    [{ alarmArns: Array.from({ length: 19 }, (_, index) => `arn:${index}`) }, "alarmArns"],
    [{ latchName: "slipway/api" }, "latchName"],
    [{ latchName: "/aws/api" }, "latchName"],
    [{ latchName: "/ssmdata/api" }, "latchName"],
    [{ latchName: `/${"a/".repeat(15)}b` }, "latchName"],
  ])("%o is refused", (change, path) => {
    expect(refusedArguments(() => new AutoRollback("rollback", { ...args, ...change }))).toEqual([path]);
  });
});

describe("the function's role", () => {
  const statements = functionStatements(scope);
  test("names one rule, one latch and one topic; only reads without resources and traces are not bounded", () => {
    const unbounded = statements.filter(({ Resource }) => Resource === "*").flatMap(({ Action }) => Action);
    expect(unbounded).toEqual([
      "elasticloadbalancing:DescribeRules",
      "elasticloadbalancing:DescribeTargetHealth",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ]);
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
  });
  test("uses each key through one service only", () => {
    for (const { Action, Condition } of statements)
      if (Action.some((action) => action.startsWith("kms:")))
        expect(Condition).toEqual({ StringEquals: { "kms:ViaService": expect.stringMatching(/^\w+\.us-east-1/) } });
  });
  test("reads and writes the service's own item of one table, and none where nobody keeps records", () => {
    const ofTable = (given: typeof statements) => given.filter(({ Action }) => Action.some((action) => action.startsWith("dynamodb:")));
    expect(ofTable(statements)).toEqual([
      expect.objectContaining({
        Action: ["dynamodb:GetItem", "dynamodb:PutItem"],
        Resource: "arn:table",
        Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "api" } },
      }),
    ]);
    expect(ofTable(functionStatements({ ...scope, records: undefined }))).toEqual([]);
  });
  test("EventBridge may put undelivered events into the queue, and use its key, and nobody else", () => {
    expect(deadLetterStatements("UndeliveredEvents", "arn:queue", "arn:rule")[0]).toMatchObject({
      Condition: { ArnEquals: { "aws:SourceArn": "arn:rule" } },
    });
    expect(JSON.stringify(keyPolicy({ region: "us-east-1", accountId: "123456789012" }, ["deadLetters"]))).toContain(
      '"kms:EncryptionContext:aws:sqs:arn":"arn:aws:sqs:us-east-1:123456789012:*"',
    );
  });
});

describe("events", () => {
  const pattern = JSON.parse(JSON.stringify(alarmPattern(["arn:alarm"])));
  const event = (alarm: string, value: string) => ({
    source: "aws.cloudwatch",
    "detail-type": "CloudWatch Alarm State Change",
    resources: [alarm],
    detail: { state: { value } },
  });
  test("only its own alarms count, and only as they go into alarm", () => {
    expect(matches(pattern, event("arn:alarm", "ALARM"))).toBe(true);
    expect(matches(pattern, event("arn:alarm", "OK"))).toBe(false);
    expect(matches(pattern, event("arn:other", "ALARM"))).toBe(false);
  });
  test("an operator that is not simulated is refused, not passed over", () => {
    expect(() => matches({ source: [{ prefix: "aws" }] }, { source: "aws.cloudwatch" })).toThrow("does not simulate");
  });
  test("the rollback's own alarms never set one off", () => {
    const alarms = autoRollbackAlarms({ region: "us-east-1", service: "api", functionName: "f", deadLettersName: "q" });
    expect(alarms.map(({ key, severity }) => [key, severity])).toEqual([
      ["api-rollback-dead-letters", "P0"],
      ["api-rollback-errors", "P1"],
      ["api-rollback-throttles", "P1"],
    ]);
    expect(alarms.every(({ rollback }) => rollback === undefined)).toBe(true);
  });
});

describe("a latch", () => {
  const value = JSON.stringify({ ...latch, state: "set", event: "1", notified: true });
  test("is read as it was written", () => expect(parseLatch(value)).toEqual(latch));
  test("is clear at first and after an acknowledgement, which keeps what it was", () => {
    expect(parseLatch(clearLatch)).toBeUndefined();
    const cleared = acknowledgedLatch(latch, "jo", new Date(0));
    expect(parseLatch(cleared)).toBeUndefined();
    expect(JSON.parse(cleared)).toMatchObject({ acknowledgedBy: "jo", was: { alarm: "errors" } });
  });
  test.each(["", "clear", "{}", '{"state":"set"}', "[]", '{"state":"set","service":"api","alarm":"a","at":"b","live":"red"}'])(
    "that somebody edited to %j is no reason to believe that all is well",
    (text) => expect(() => parseLatch(text)).toThrow(LatchError),
  );

  const services = (edits: Edits) => configOf("bench/production", edits);
  const weight = "services.api.release.candidateWeight";
  test("keeps weight and relabel back, and nothing that leaves the colour at 0", () => {
    const set = [{ service: "api", region: "us-east-1", latch }];
    const paths = (edits: Edits) => latchedChanges(services(edits), set, "production").map(({ path }) => path.join("."));
    expect(paths({ [weight]: 5 })).toEqual([weight]);
    expect(paths({ [weight]: 0, "services.api.release.live": "green" })).toEqual(["services.api.release.live"]);
    expect(paths({ [weight]: 0 })).toEqual([]);
    expect(latchedChanges(services({ [weight]: 5 }), [{ service: "api", region: "us-east-1" }], "production")).toHaveLength(1);
  });

  const left = (blue: number): DeployedService => ({
    ...{ weights: { blue, green: 100 - blue }, images: { blue: "a", green: "b" }, capacity: { blue: "full", green: "full" } },
    ...{ settings: { blue: "", green: "" }, port: 3000, priority: 100, servedUntil: { blue: "", green: "" } },
  });
  test("is asked for only by an update that it concerns", () => {
    const asked = (edits: Edits, blue: number) => latchedServices(services(edits), { api: left(blue) });
    expect(asked({ [weight]: 5 }, 100)).toEqual(["api"]);
    expect(asked({ [weight]: 0 }, 75)).toEqual(["api"]);
    expect(asked({ [weight]: 0 }, 100)).toEqual([]);
    const relabelled = { api: { ...left(0), rollbackTo: "blue" } } as const;
    expect(latchedServices(services({ "services.api.release.live": "green", [weight]: 0 }), relabelled)).toEqual(["api"]);
    expect(latchedServices(services({ [weight]: 5 }), {})).toEqual([]);
  });
});

describe("in a stack", () => {
  const graph = (edits: Edits = {}) => declaredGraph(configOf("bench/production", edits));
  test("no function reserves executions, which AWS refuses in an account that has ten", async () => {
    const functions = (await graph()).filter(({ type }) => type === "aws:lambda/function:Function");
    expect(functions.map(({ name }) => name)).toContain("coinestate-prod-use1-api-rollback");
    for (const { name, inputs } of functions) expect(inputs.reservedConcurrentExecutions ?? -1, name).toBe(-1);
  });
  const settingsOf = async (edits: Edits) => {
    const made = (await graph(edits)).find(
      ({ name, type }) => name === "coinestate-prod-use1-api-rollback" && type === "aws:lambda/function:Function",
    )!;
    const { variables } = made.inputs.environment as { variables: { SLIPWAY_ROLLBACK: string } };
    return JSON.parse(variables.SLIPWAY_ROLLBACK) as Record<string, unknown>;
  };

  test("each service has one function, set off by the alarms of its own triggers", async () => {
    const rules = (await graph()).filter(({ type, name }) => type === "aws:cloudwatch/eventRule:EventRule" && name.endsWith("-rollback"));
    expect(rules.map(({ name }) => name).sort()).toEqual(["coinestate-prod-use1-api-rollback", "coinestate-prod-use1-web-rollback"]);
    for (const { name, inputs } of rules) {
      const { resources } = JSON.parse(String(inputs.eventPattern)) as { resources: string[] };
      expect(resources.length).toBeGreaterThanOrEqual(3);
      expect(resources.every((arn) => arn.includes(name.replace("-rollback", "-")))).toBe(true);
    }
  });

  test("the latch's value belongs to the function and to people", async () => {
    const found = (await graph()).find(
      ({ type, name }) => type === "aws:ssm/parameter:Parameter" && name === "coinestate-prod-use1-api-rollback",
    )!;
    expect(found.ignoreChanges).toEqual(["insecureValue", "value"]);
    expect(found.inputs.name).toBe("/slipway/coinestate/prod/rollback/api");
  });

  test("a relabel tells the function the other colour, in the same update", async () => {
    expect(await settingsOf({})).toMatchObject({ live: "blue" });
    expect(await settingsOf({ "services.api.release.live": "green" })).toMatchObject({ live: "green" });
  });

  test("a canary step does not touch it", async () => {
    const of = async (weight: number) =>
      (await graph({ "services.api.release.candidateWeight": weight })).filter(({ urn }) => urn.includes("AutoRollback"));
    expect(await of(25)).toEqual(await of(0));
  });

  test("while a latch is set, clients that stick to the candidate leave it; the candidate keeps its header rule", async () => {
    const rules = async (latched: boolean) =>
      (
        await graphOf(() =>
          declare(configOf("bench/production"), {}, new Date(), {
            latches: latched ? [{ service: "web", region: "us-east-1", latch: { ...latch, service: "web" } }] : [],
          }),
        )
      ).filter(({ type, name }) => type === "aws:lb/listenerRule:ListenerRule" && name.startsWith("coinestate-prod-use1-web"));
    const weighted = async (latched: boolean) =>
      JSON.stringify((await rules(latched)).find(({ name }) => name === "coinestate-prod-use1-web")!.inputs.actions);
    expect(await weighted(false)).toContain("stickiness");
    expect(await weighted(true)).not.toContain("stickiness");
    expect(await weighted(true)).not.toContain("green");
    expect((await rules(true)).map(({ name }) => name).sort()).toEqual([
      "coinestate-prod-use1-web",
      "coinestate-prod-use1-web-header-blue",
      "coinestate-prod-use1-web-header-green",
    ]);
  });
});
