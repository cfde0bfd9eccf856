/** Metrics of an SNS topic: what was handed to it, and what became of that. */
import type { Input } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

/** @param topicName physical name */
export function topicMetrics(topicName: Input<string>) {
  return metricsOf(
    "AWS/SNS",
    { TopicName: topicName },
    {
      published: ["NumberOfMessagesPublished", "Sum", "messages"],
      delivered: ["NumberOfNotificationsDelivered", "Sum", "messages"],
      // For an https endpoint each try that failed counts; for mail, what SNS gave up.
      failed: ["NumberOfNotificationsFailed", "Sum", "messages"],
    },
  );
}
