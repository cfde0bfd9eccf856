/** Metrics of an AWS WAF web ACL and its rules. */
import type { Input } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

/** A web ACL as its metrics name it. */
export interface MeasuredWebAcl {
  /** AWS region. */
  readonly region: string;
  /** Name that its visibility config gives its metrics. */
  readonly metricName: Input<string>;
}

/** Metrics of one rule. @default all rules together */
export function webAclMetrics({ region, metricName }: MeasuredWebAcl, rule = "ALL") {
  return metricsOf(
    "AWS/WAFV2",
    { WebACL: metricName, Region: region, Rule: rule },
    {
      allowed: ["AllowedRequests", "Sum", "requests"],
      blocked: ["BlockedRequests", "Sum", "requests"],
      counted: ["CountedRequests", "Sum", "requests"],
    },
  );
}
