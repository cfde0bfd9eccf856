/** Topics: who may publish, who is told, and what is refused. */
import { describe, expect, it, test } from "vitest";
import type { AlarmDefinition } from "../../../components/alarms/alarmDefinition.ts";
import { alarmProblems, pageProblems, repeatedKeys } from "../../../components/alarms/alarmProblems.ts";
import { pagesOf, ruleOf, toldBy } from "../../../components/alarms/pages.ts";
import { topicPublishers } from "../../../components/encryption/contract.ts";
import { keyPolicy } from "../../../components/encryption/encryptionKey.ts";
import { SlowStatements } from "../../../components/logs/slowStatements.ts";
import { Notifications } from "../../../components/notifications/notifications.ts";
import { SlackChannel } from "../../../components/notifications/slackChannel.ts";
import { topicPolicy } from "../../../components/notifications/topicPolicy.ts";
import { configOf } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { refusedArguments } from "../../harness/refusedArguments.ts";

const place = { region: "eu-west-1", accountId: "123456789012" };

interface Statement {
  readonly Principal: { readonly Service?: string; readonly AWS?: string };
  readonly Action: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

describe("policies", () => {
  const key = (keyPolicy(place, topicPublishers) as { Statement: Statement[] }).Statement;
  const topic = (topicPolicy("arn:aws:sns:eu-west-1:123456789012:t", place) as unknown as { Statement: Statement[] }).Statement;

  test("each publisher may use the key, for this account's topics only", () => {
    for (const service of topicPublishers) {
      const statement = key.find(({ Principal }) => Principal.Service === `${service}.amazonaws.com`);
      expect(statement?.Action).toEqual(["kms:Decrypt", "kms:GenerateDataKey*"]);
      expect(statement?.Condition?.ArnLike?.["kms:EncryptionContext:aws:sns:topicArn"]).toBe("arn:aws:sns:eu-west-1:123456789012:*");
    }
  });

  test("the key asks for no source of EventBridge: SNS does not pass it on, and every message would be lost", () => {
    const statement = key.find(({ Principal }) => Principal.Service === "events.amazonaws.com");
    expect(JSON.stringify(statement?.Condition)).not.toContain("aws:Source");
  });

  // Source: EventBridge guide, Troubleshooting: "You can't use Condition blocks in Amazon SNS topic policies for EventBridge".
  it("A12 EventBridge publishes to a topic whose policy has no condition for it", () => {
    expect(topic.find(({ Principal }) => Principal.Service === "events.amazonaws.com")?.Condition).toBeUndefined();
  });

  test("nobody publishes but four services, for this account", () => {
    expect(topic.map(({ Principal }) => Principal.Service).sort()).toEqual([
      "backup.amazonaws.com",
      "budgets.amazonaws.com",
      "cloudwatch.amazonaws.com",
      "events.amazonaws.com",
    ]);
    expect(JSON.stringify(topic)).not.toContain('"*"');
    const unsaid = ["backup.amazonaws.com", "events.amazonaws.com"];
    for (const { Principal, Condition } of topic.filter((statement) => !unsaid.includes(String(statement.Principal.Service))))
      expect(JSON.stringify(Condition), Principal.Service).toContain(place.accountId);
  });
});

describe("routes", () => {
  const everything = {
    "notifications.emails": { ops: "ops@coinestate.io", tickets: "t@coinestate.io" },
    "notifications.emailSeverities": { tickets: ["P3"] },
    "notifications.slack": { workspaceId: "T1", channelId: "C1" },
    "notifications.pagerDuty": { integrationKey: "0123456789abcdef" },
    "notifications.routes": undefined,
  };
  const subscriptions = async (edits: Record<string, unknown>) => {
    const config = configOf("bench/production", edits);
    const resources = await declaredGraph(config);
    const of = (type: string) => resources.filter((resource) => resource.type === type);
    return {
      told: of("aws:sns/topicSubscription:TopicSubscription")
        .map(({ name }) => name)
        .sort(),
      slack: of("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration").map(({ references }) =>
        (references.snsTopicArns ?? []).map((urn) => urn.split("::").at(-1)).sort(),
      ),
      topics: of("aws:sns/topic:Topic").map(({ name, inputs }) => `${name} ${inputs.region}`),
      keyed: of("aws:sns/topic:Topic").every(
        ({ references }) => references.kmsMasterKeyId?.some((urn) => urn.endsWith("-notify-key")) === true,
      ),
    };
  };

  test("P0 goes to PagerDuty, Slack and mail, P1 to PagerDuty and Slack, P2 to Slack, P3 to mail", async () => {
    const { told, slack, topics, keyed } = await subscriptions(everything);
    expect(told).toEqual([
      "coinestate-prod-use1-notify-P0-email-ops",
      "coinestate-prod-use1-notify-P0-pager-duty",
      "coinestate-prod-use1-notify-P1-pager-duty",
      "coinestate-prod-use1-notify-P3-email-ops",
      "coinestate-prod-use1-notify-P3-email-tickets",
    ]);
    expect(slack).toEqual([["coinestate-prod-use1-notify-P0", "coinestate-prod-use1-notify-P1", "coinestate-prod-use1-notify-P2"]]);
    expect([topics.length, keyed]).toEqual([4, true]);
  });

  test("a stack elsewhere has topics in its own region and where CloudFront and Route 53 report", async () => {
    const config = configOf("deedpro/production");
    const resources = await declaredGraph(config);
    const regions = resources.flatMap(({ type, inputs }) => (type === "aws:sns/topic:Topic" ? [String(inputs.region)] : []));
    expect(regions.sort()).toEqual([...Array<string>(4).fill("us-east-1"), ...Array<string>(4).fill("us-west-2")]);
  });

  test("with sendAllTo four topics exist and one has subscribers", async () => {
    const { told, slack, topics } = await subscriptions({ ...everything, "notifications.sendAllTo": "P3" });
    expect(told).toEqual(["coinestate-prod-use1-notify-P3-email-ops", "coinestate-prod-use1-notify-P3-email-tickets"]);
    expect([slack, topics.length]).toEqual([[], 4]);
  });

  test("a stack that names no channel has no topic and no alarm", async () => {
    const config = configOf("staging", { notifications: undefined, autoRollback: undefined });
    const resources = await declaredGraph(config);
    expect(resources.filter(({ type }) => /:(Topic|MetricAlarm|CompositeAlarm)$/.test(type))).toEqual([]);
  });
});

describe("refused", () => {
  const alarm: AlarmDefinition = {
    ...{
      key: "api-errors",
      region: "eu-west-1",
      severity: "P1",
      kind: "symptom",
      subject: "api",
      summary: "It fails.",
      likely: "a release.",
      runbook: "page",
    },
    ...{
      watch: { namespace: "N", name: "M", statistic: "Sum", unit: "errors" },
      dashboard: "service",
      comparison: "GreaterThanThreshold",
      threshold: 0,
    },
    ...{ periodSeconds: 60, evaluationPeriods: 5, missingData: "notBreaching" },
  };
  const nameOf = (key: string) => `coinestate-prod-euw1-${key}`;
  const here = { region: "eu-west-1", nameOf };
  const args = { ...place, title: "CoinEstate prod" };

  test.each([
    ["evaluationPeriods", { ...alarm, evaluationPeriods: 0 }],
    ["datapointsToAlarm", { ...alarm, datapointsToAlarm: 6 }],
    ["key", { ...alarm, key: "Api errors" }],
    ["key", { ...alarm, key: "a".repeat(250) }],
    ["region", { ...alarm, region: "us-east-1" }],
    ["periodSeconds", { ...alarm, periodSeconds: 45 }],
    ["evaluationPeriods", { ...alarm, periodSeconds: 300, evaluationPeriods: 289 }],
    ["evaluationPeriods", { ...alarm, periodSeconds: 86_400, evaluationPeriods: 8 }],
    [
      "watch",
      {
        ...alarm,
        watch: {
          metrics: { Bad: { namespace: "N", name: "M", statistic: "Sum", unit: "errors" } },
          expression: "Bad",
          label: "x",
          unit: "errors",
        },
      },
    ],
  ] satisfies [string, AlarmDefinition][])("%s", (property, bad) =>
    expect(alarmProblems(bad, here).some(({ propertyPath }) => propertyPath.endsWith(`.${property}`))).toBe(true),
  );

  test("a good one is not", () => expect(alarmProblems(alarm, here)).toEqual([]));

  test("a key that is there twice", () =>
    expect(repeatedKeys(["a", "b", "a"]).map(({ propertyPath }) => propertyPath)).toEqual(["definitions.a"]));

  test("a page of more than a hundred alarms", () => {
    const many = Array.from({ length: 101 }, (_, index) => ({ ...alarm, key: `api-${index}` }));
    expect(pagesOf(many).flatMap((page) => pageProblems(page, nameOf)).length).toBe(1);
    expect(pagesOf(many.slice(0, 100)).flatMap((page) => pageProblems(page, nameOf))).toEqual([]);
  });

  test.each([
    [
      "routes.P0",
      () =>
        new Notifications("notify", {
          ...args,
          emails: { ops: "ops@coinestate.io" },
          routes: { P0: [], P1: ["email"], P2: ["email"], P3: ["email"] },
        }),
    ],
    ["routes.P1", () => new Notifications("notify", { ...args, routes: { P0: ["slack"], P1: ["email"], P2: ["slack"], P3: ["slack"] } })],
    [
      "routes.P2",
      () => new Notifications("notify", { ...args, routes: { P0: ["slack"], P1: ["slack"], P2: ["pagerDuty"], P3: ["slack"] } }),
    ],
    [
      "workspaceId",
      () =>
        new SlackChannel("slack", {
          ...{ configurationName: "a", workspaceId: "t-1", channelId: "C1", topicArns: [], accountId: "123456789012" },
        }),
    ],
    ["metricName", () => new SlowStatements("slow", { region: "eu-west-1", logGroupName: "g", engine: "postgres", metricName: "a:b" })],
  ])("%s", (path, make) => expect(refusedArguments(make)).toEqual([path]));

  test("a cause is told at P2 and pages only beside a symptom; P1 is silent while P0 says it", () => {
    const cause: AlarmDefinition = { ...alarm, key: "api-cpu", kind: "cause" };
    const down: AlarmDefinition = { ...alarm, key: "api-down", severity: "P0" };
    expect([toldBy(cause), toldBy(alarm), toldBy({ ...alarm, severity: "P3" })]).toEqual(["P2", undefined, "P3"]);
    expect(pagesOf([alarm, cause, down]).map((page) => [page.key, ruleOf(page, (key) => key)])).toEqual([
      ["api-p0", 'ALARM("api-down")'],
      ["api-p1", 'ALARM("api-errors") AND NOT ALARM("api-p0")'],
      ["saturated-p1", 'ALARM("api-cpu") AND (ALARM("api-errors") OR ALARM("api-down"))'],
    ]);
  });
});
