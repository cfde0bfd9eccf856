/** Alarm of what the account costs this month, beside the budget's own mails. Billing reports to us-east-1. */
import type { AlarmDefinition } from "../alarmDefinition.ts";
import { globalMetricsRegion } from "./distribution.ts";

/** The alarm of a monthly limit. It needs "receive CloudWatch billing alerts" in the billing preferences. */
export function budgetAlarms({ monthlyUsd }: { readonly monthlyUsd: number }): AlarmDefinition[] {
  return [
    {
      region: globalMetricsRegion,
      key: "monthly-cost",
      severity: "P3",
      kind: "symptom",
      summary: `The account has cost more than ${monthlyUsd} USD this month.`,
      runbook: "monthly-cost",
      watch: { namespace: "AWS/Billing", name: "EstimatedCharges", statistic: "Maximum", dimensions: { Currency: "USD" } },
      comparison: "GreaterThanThreshold",
      threshold: monthlyUsd,
      periodSeconds: 21_600,
      evaluationPeriods: 1,
      missingData: "notBreaching",
    },
  ];
}
