/** Alarm of what the account costs this month, beside the budget's own mails. Billing reports to us-east-1. */
import { accountMetrics } from "../../metrics/billing.ts";
import { globalMetricsRegion } from "../../metrics/metric.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";

/** The alarm of a monthly limit. */
export function budgetAlarms({ monthlyUsd }: { readonly monthlyUsd: number }): AlarmDefinition[] {
  return [
    {
      region: globalMetricsRegion,
      key: "monthly-cost",
      severity: "P3",
      kind: "symptom",
      likely: "a service that scaled up and stayed, traffic through a NAT gateway, or logs that somebody made longer.",
      summary: `The account has cost more than ${monthlyUsd} USD this month.`,
      runbook: "monthly-cost",
      watch: accountMetrics.costThisMonth,
      dashboard: "region",
      comparison: "GreaterThanThreshold",
      threshold: monthlyUsd,
      periodSeconds: 21_600,
      evaluationPeriods: 1,
      missingData: "notBreaching",
    },
  ];
}
