/** Metrics of a certificate. */
import type { Input } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

/** Metrics of one certificate of ACM's; it tells them twice a day. */
export function certificateMetrics(arn: Input<string>) {
  return metricsOf("AWS/CertificateManager", { CertificateArn: arn }, { daysLeft: ["DaysToExpiry", "Minimum", "days left"] });
}
