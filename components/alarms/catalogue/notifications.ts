/** Alarms of the way that alarms take: they are told to every topic of the region, since one of them is the broken one. */
import type { Input } from "@pulumi/pulumi";
import { sumOf } from "../../metrics/metric.ts";
import { topicMetrics } from "../../metrics/sns.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";

/** Topics of a region that have subscribers, as their metrics name them. */
interface WatchedTopics {
  /** AWS region. */
  readonly region: string;
  /** Physical names, four at most. */
  readonly topicNames: readonly Input<string>[];
}

/** A message that nobody got, and one that somebody did not get. Neither says that it is over: that would be a message again. */
export function notificationAlarms({ region, topicNames }: WatchedTopics): AlarmDefinition[] {
  const topics = topicNames.map((name, index) => ({ id: index + 1, metrics: topicMetrics(name) }));
  const of = (what: "published" | "delivered" | "failed") =>
    Object.fromEntries(topics.map(({ id, metrics }) => [`${what}${id}`, metrics[what]]));
  const nobody = topics.map(({ id }) => `IF(FILL(published${id},0)>0,IF(FILL(delivered${id},0)<1,1,0),0)`);
  const shared = {
    region,
    severity: "P2",
    kind: "symptom",
    everyTopic: true,
    runbook: "notifications",
    dashboard: "region",
    comparison: "GreaterThanThreshold",
    threshold: 0,
    evaluationPeriods: 1,
    // SNS sends figures only when there is something to count.
    missingData: "notBreaching",
  } as const;
  return [
    {
      ...shared,
      key: "notifications-failed",
      summary: "SNS could not deliver a message of an alarm or event: one of those who should know does not.",
      likely: "PagerDuty or the chat did not answer or has refused its key, or a mailbox does not take mail.",
      watch: { metrics: of("failed"), expression: sumOf(of("failed")), label: "messages not delivered", unit: "messages" },
      periodSeconds: 300,
    },
    {
      ...shared,
      key: "notifications-undelivered",
      summary: "A message of an alarm or event reached nobody: its topic has no subscriber that answers.",
      likely: "subscriptions that were deleted or never confirmed.",
      watch: {
        metrics: { ...of("published"), ...of("delivered") },
        expression: `MAX([${nobody.join(",")}])`,
        label: "a topic whose messages reach nobody",
        unit: "1 for yes",
      },
      // What is published in the last second of a period is delivered in the next: few periods have few such seconds.
      periodSeconds: 900,
    },
  ];
}
