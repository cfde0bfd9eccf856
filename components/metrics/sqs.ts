/** Metrics of a queue. */
import type { Input } from "@pulumi/pulumi";
import { type Metric, metricsOf } from "./metric.ts";

/** Messages that wait in it. @param queue its physical name */
export function waitingMessages(queue: Input<string>): Metric {
  return metricsOf("AWS/SQS", { QueueName: queue })("ApproximateNumberOfMessagesVisible", "Maximum");
}
