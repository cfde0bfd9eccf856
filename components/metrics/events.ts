/** Metrics of EventBridge. */
import type { Input } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

/** Metrics of one rule on the account's own bus. @param rule its physical name */
export function ruleMetrics(rule: Input<string>) {
  return metricsOf("AWS/Events", { RuleName: rule }, { lost: ["FailedInvocations", "Sum", "messages"] });
}
