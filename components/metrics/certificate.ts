/** Metrics of a certificate that an alarm and a graph share. */
import type { Input } from "@pulumi/pulumi";
import { type Metric, metricsOf } from "./metric.ts";

/** Days until it ends. */
export function daysToExpiry(certificateArn: Input<string>): Metric {
  return metricsOf("AWS/CertificateManager", { CertificateArn: certificateArn })("DaysToExpiry", "Minimum");
}
