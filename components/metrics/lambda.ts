/** Metrics of a Lambda function. */
import type { Input } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

/** Metrics of one function. @param functionName its physical name */
export function functionMetrics(functionName: Input<string>) {
  return metricsOf(
    "AWS/Lambda",
    { FunctionName: functionName },
    { errors: ["Errors", "Sum", "runs"], throttles: ["Throttles", "Sum", "runs"] },
  );
}
