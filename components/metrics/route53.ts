/** Metrics of a health check, in the region of global metrics. */
import type { Input } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

/** Metrics of one check: 1 while it is good. */
export function healthCheckMetrics(id: Input<string>) {
  return metricsOf(
    "AWS/Route53",
    { HealthCheckId: id },
    {
      status: ["HealthCheckStatus", "Minimum", "good"],
      answerTime: ["TimeToFirstByte", "Average", "milliseconds"],
    },
  );
}
