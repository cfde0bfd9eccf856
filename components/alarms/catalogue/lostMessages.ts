/** EventBridge could not hand on what a rule took. */
import type { Input } from "@pulumi/pulumi";
import { ruleMetrics } from "../../metrics/events.ts";
import { sumOf } from "../../metrics/metric.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";

/** What the alarm says of itself, and the physical names of the rules whose targets are topics. */
type LostMessagesOf = Pick<AlarmDefinition, "region" | "key" | "severity" | "summary" | "runbook"> & {
  readonly rules: readonly Input<string>[];
};

/** Messages that a topic's policy or key turned away, or that it lost. */
export function lostMessages({ rules, ...alarm }: LostMessagesOf): AlarmDefinition {
  const metrics = Object.fromEntries(rules.map((rule, index) => [`rule${index + 1}`, ruleMetrics(rule).lost]));
  return {
    ...alarm,
    dashboard: "data",
    kind: "symptom",
    likely: "the topic's policy or its key was changed outside of the stack.",
    watch: { metrics, expression: sumOf(metrics), label: "messages lost", unit: "messages" },
    comparison: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    periodSeconds: 300,
    evaluationPeriods: 1,
    // EventBridge sends a figure only when there is one.
    missingData: "notBreaching",
  };
}
