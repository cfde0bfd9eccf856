/** What the account costs, in the region of global metrics. */
import { metricsOf } from "./metric.ts";

/** Metrics of the account. It needs "receive CloudWatch billing alerts" in the billing preferences. */
export const accountMetrics = metricsOf(
  "AWS/Billing",
  { Currency: "USD" },
  { costThisMonth: ["EstimatedCharges", "Maximum", "USD this month"] },
);
