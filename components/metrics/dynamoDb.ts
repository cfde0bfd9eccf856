/** Metrics of a DynamoDB table. */
import type { Input } from "@pulumi/pulumi";
import { type Metric, metricsOf } from "./metric.ts";

const namespace = "AWS/DynamoDB";

/** Metrics of one table. @param table its physical name */
export function tableMetrics(table: Input<string>) {
  return metricsOf(
    namespace,
    { TableName: table },
    {
      readUnits: ["ConsumedReadCapacityUnits", "Sum", "units"],
      writeUnits: ["ConsumedWriteCapacityUnits", "Sum", "units"],
      throttledReads: ["ReadThrottleEvents", "Sum", "requests"],
      throttledWrites: ["WriteThrottleEvents", "Sum", "requests"],
      failedConditions: ["ConditionalCheckFailedRequests", "Sum", "requests"],
    },
  );
}

/** Failures of DynamoDB itself; it counts them by operation. */
export function tableFailures(table: Input<string>): Readonly<Record<string, Metric>> {
  return Object.fromEntries(
    ["GetItem", "PutItem", "Query", "UpdateItem"].map((Operation) => [
      `of${Operation}`,
      metricsOf(namespace, { TableName: table, Operation }, { failures: ["SystemErrors", "Sum", "requests"] }).failures,
    ]),
  );
}
