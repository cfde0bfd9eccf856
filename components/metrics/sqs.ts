/** Metrics of a queue. */
import type { Input } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

/** Metrics of one queue. @param queue its physical name */
export function queueMetrics(queue: Input<string>) {
  return metricsOf("AWS/SQS", { QueueName: queue }, { waiting: ["ApproximateNumberOfMessagesVisible", "Maximum", "messages"] });
}
