/** Metrics of a CloudFront distribution, in the region of global metrics. */
import type { Input } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

/** Metrics of one distribution. */
export function distributionMetrics(id: Input<string>) {
  return metricsOf(
    "AWS/CloudFront",
    { DistributionId: id, Region: "Global" },
    {
      requests: ["Requests", "Sum", "requests"],
      serverErrorRate: ["5xxErrorRate", "Average", "percent of requests"],
      clientErrorRate: ["4xxErrorRate", "Average", "percent of requests"],
      sent: ["BytesDownloaded", "Sum", "bytes"],
    },
  );
}
