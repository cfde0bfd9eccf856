/** What the provider refuses, plans and answers of alarms, functions, queues, topics and parameters, as the acceptance compares it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aws } from "../../../sandbox/cloud/aws/catalogue.ts";
import { checkInputs } from "../../../sandbox/cloud/check.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { factsOf } from "../../../sandbox/facts/facts.ts";
import { completed } from "../../../sandbox/provider/fill.ts";
import { Resources } from "../../../sandbox/provider/resources.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";

const metricAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const lambdaFunction = "aws:lambda/function:Function";
const permission = "aws:lambda/permission:Permission";
const parameter = "aws:ssm/parameter:Parameter";
const queue = "aws:sqs/queue:Queue";
const topic = "aws:sns/topic:Topic";
const subscription = "aws:sns/topicSubscription:TopicSubscription";
const topicArn = "arn:aws:sns:us-east-1:123456789012:page";

const good: Readonly<Record<string, Properties>> = {
  [metricAlarm]: {
    ...{ name: "a", metricName: "b", namespace: "AWS/SQS", statistic: "Sum", period: 60, threshold: 1 },
    ...{ comparisonOperator: "GreaterThanThreshold", evaluationPeriods: 1 },
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": { alarmName: "a", alarmRule: "TRUE" },
  "aws:cloudwatch/dashboard:Dashboard": { dashboardName: "a", dashboardBody: "{}" },
  "aws:cloudwatch/eventRule:EventRule": { eventPattern: "{}" },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
    ...{ name: "a", logGroupName: "b", pattern: "" },
    metricTransformation: { name: "a", namespace: "b", value: "1" },
  },
  "aws:cloudwatch/queryDefinition:QueryDefinition": { name: "a/b", queryString: "fields @message" },
  "aws:route53/healthCheck:HealthCheck": { type: "HTTPS", requestInterval: 30 },
  [lambdaFunction]: { name: "a", role: "arn:aws:iam::123456789012:role/a", imageUri: "b", handler: "a.b", runtime: "nodejs22.x" },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": { functionName: "a" },
  [permission]: { action: "lambda:InvokeFunction", function: "a", principal: "events.amazonaws.com" },
  [parameter]: { name: "a", type: "String", insecureValue: "b" },
  [queue]: { name: "a" },
  [topic]: { name: "a" },
  [subscription]: { topic: topicArn, protocol: "email", endpoint: "a@b.example" },
};

function refused(type: string, more: Properties): string[] {
  return checkInputs(factsOf(type)!, { ...good[type], ...more }).map(({ property }) => property);
}

const long = "a".repeat(5000);
const query = (metric: Properties) => ({
  name: "a",
  metricName: null,
  namespace: null,
  statistic: null,
  period: null,
  metricQueries: [{ id: "m", metric: { metricName: "b", namespace: "c", period: 60, stat: "Sum", ...metric } }],
});

describe("the check refuses", () => {
  test.each<[string, Properties, string]>([
    [metricAlarm, { alarmDescription: long }, "alarmDescription"],
    [metricAlarm, { metricName: "" }, "metricName"],
    [metricAlarm, { name: "" }, "name"],
    [metricAlarm, { namespace: ":" }, "namespace"],
    [metricAlarm, { period: 65 }, "period"],
    [metricAlarm, { statistic: null, extendedStatistic: "p101" }, "extendedStatistic"],
    [metricAlarm, query({ period: 15 }), "metricQueries"],
    [metricAlarm, query({ stat: "Mean" }), "metricQueries"],
    ["aws:cloudwatch/compositeAlarm:CompositeAlarm", { alarmRule: "" }, "alarmRule"],
    ["aws:cloudwatch/dashboard:Dashboard", { dashboardBody: { widgets: [] } }, "dashboardBody"],
    ["aws:cloudwatch/dashboard:Dashboard", { dashboardName: long }, "dashboardName"],
    ["aws:cloudwatch/eventRule:EventRule", { eventPattern: { source: [] } }, "eventPattern"],
    ["aws:cloudwatch/logMetricFilter:LogMetricFilter", { name: "a:b" }, "name"],
    ["aws:cloudwatch/logMetricFilter:LogMetricFilter", { pattern: long }, "pattern"],
    ["aws:cloudwatch/queryDefinition:QueryDefinition", { name: "/a" }, "name"],
    ["aws:route53/healthCheck:HealthCheck", { requestInterval: 20 }, "requestInterval"],
    ["aws:route53/healthCheck:HealthCheck", { ipAddress: "10.0.0.256" }, "ipAddress"],
    [lambdaFunction, { handler: "" }, "handler"],
    [lambdaFunction, { loggingConfig: { logFormat: "JSON", logGroup: "a b" } }, "loggingConfig.logGroup"],
    ["aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", { functionName: "" }, "functionName"],
    [permission, { action: "s3:GetObject" }, "action"],
    [permission, { function: "a b" }, "function"],
    [permission, { statementId: "a b" }, "statementId"],
    [parameter, { name: "" }, "name"],
    [queue, { redrivePolicy: { maxReceiveCount: 3 } }, "redrivePolicy"],
    [topic, { policy: { Statement: [] } }, "policy"],
    [subscription, { filterPolicy: { a: ["b"] } }, "filterPolicy"],
  ])("%s %j", (type, more, property) => expect(refused(type, more)).toEqual([property]));
});

describe("the check takes", () => {
  test.each<[string, Properties]>([
    ...Object.keys(good).map((type): [string, Properties] => [type, {}]),
    [metricAlarm, { period: 10 }],
    [metricAlarm, { statistic: null, extendedStatistic: "p99.9" }],
    [metricAlarm, { statistic: null, extendedStatistic: "TM(10%:90%)" }],
    [metricAlarm, query({ period: 1, stat: "IQM" })],
    ["aws:cloudwatch/dashboard:Dashboard", { dashboardBody: 7 }],
    ["aws:cloudwatch/queryDefinition:QueryDefinition", { logGroupNames: [""] }],
    [permission, { function: "arn:aws:lambda:us-east-1:123456789012:function:a:$LATEST" }],
  ])("%s %j", (type, more) => expect(refused(type, more)).toEqual([]));
});

describe("with a live cloud", () => {
  const place = { account: "123456789012", region: "us-east-1" };
  let folder = "";
  let cloud: Cloud;
  let resources: Resources;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-watching-"));
    cloud = new Cloud(aws, new LiveStore(folder));
    resources = new Resources(cloud);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const urnOf = (type: string) => `urn:pulumi:s::p::${type}::probe`;
  const create = (type: string, more: Properties = {}) =>
    cloud.create({ type, urn: urnOf(type), inputs: { ...good[type], ...more }, secrets: [] }, place).properties;
  const diff = (type: string, before: Properties, after: Properties) => {
    const old = { ...good[type], ...before };
    return resources.diff(urnOf(type), completed(factsOf(type)!, "id", cloud.planned(type, old)), old, { ...good[type], ...after });
  };

  test.each<[string, Properties, string]>([
    [metricAlarm, { comparisonOperator: null }, "comparisonOperator is required"],
    [metricAlarm, { evaluationPeriods: null }, "evaluationPeriods is required"],
    [metricAlarm, { statistic: null }, "One of `statistic` or `extendedStatistic` must be set"],
    [metricAlarm, { metricQueries: [{ id: "m", expression: "1", metric: {} }] }, "both `expression` and a `metric`"],
    [lambdaFunction, { runtime: null }, "handler and runtime must be set"],
    [queue, { contentBasedDeduplication: true }, "can only be set for FIFO queue"],
    [topic, { archivePolicy: "{}" }, "message archive policy can only be set for FIFO topics"],
    [topic, { fifoThroughputScope: "Topic" }, "FIFO throughput scope can only be set for FIFO topics"],
    [subscription, { filterPolicyScope: "MessageBody" }, "filterPolicy is required"],
  ])("planning refuses %s %j", (type, more, says) => {
    expect(() => diff(type, {}, more)).toThrow(says);
    expect(diff(type, {}, {}).changes).toEqual([]);
  });

  test("a function becomes durable only as a new one, and may change how durable it is", () => {
    const durable = (executionTimeout: number) => ({ durableConfig: { executionTimeout } });
    expect(diff(lambdaFunction, {}, durable(60)).replaces).toEqual(["durableConfig"]);
    expect(diff(lambdaFunction, durable(60), {}).replaces).toEqual(["durableConfig"]);
    expect(diff(lambdaFunction, durable(60), durable(90))).toMatchObject({ replaces: [], changes: [{ kind: "update" }] });
  });

  test("a metric filter without dimensions names them beside any other change", () => {
    const filter = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
    const paths = (more: Properties) => diff(filter, {}, more).changes.map(({ path }) => path.join("."));
    expect([paths({ pattern: "x" }), paths({})]).toEqual([["pattern", "metricTransformation.dimensions"], []]);
  });

  test("a parameter without a name gets one, and one named by hand goes before its successor comes", () => {
    const { name: _, ...nameless } = good[parameter]!;
    const { inputs, failures } = resources.check(urnOf(parameter), {}, nameless, new Uint8Array(32), place);
    expect([failures, inputs.name]).toEqual([[], expect.stringMatching(/^probe-[0-9a-f]{7}$/)]);
    expect(diff(parameter, {}, { name: "b" })).toMatchObject({ replaces: ["name"], deleteBeforeReplace: true });
  });

  test("how long a queue keeps a data key counts only when it has a key of its own", () => {
    const changes = (kmsMasterKeyId: string | null) => {
      const name = kmsMasterKeyId === null ? "plain" : "keyed";
      const state = completed(factsOf(queue)!, "id", create(queue, { name, kmsMasterKeyId }));
      const inputs = (kmsDataKeyReusePeriodSeconds: number) => ({
        name,
        kmsMasterKeyId,
        kmsDataKeyReusePeriodSeconds,
      });
      return resources.diff(urnOf(queue), state, inputs(300), inputs(600)).changes.map(({ path }) => path.join());
    };
    expect([changes(String(create("aws:kms/key:Key").arn)), changes(null)]).toEqual([["kmsDataKeyReusePeriodSeconds"], []]);
  });

  test("outputs are those of the real provider", () => {
    expect(JSON.parse(String(create(topic).policy))).toMatchObject({
      Id: "__default_policy_ID",
      Statement: [{ Resource: "arn:aws:sns:us-east-1:123456789012:a" }],
    });
    expect(create("aws:cloudwatch/eventRule:EventRule", { name: "off", state: "DISABLED" })).toMatchObject({ isEnabled: false });
    create("aws:iam/role:Role", { name: "a", assumeRolePolicy: '{"Principal":{"Service":"lambda.amazonaws.com"}}' });
    create(lambdaFunction);
    expect(create(permission)).toMatchObject({ statementId: expect.stringMatching(/^terraform-\d{26}$/), statementIdPrefix: "terraform-" });
    expect(create(permission, { statementId: "events" })).toMatchObject({ statementId: "events", statementIdPrefix: "" });
  });
});
