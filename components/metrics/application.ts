/** Metrics that applications report themselves. */
import type { Metric } from "./metric.ts";

/** A metric as config names it. */
interface ReportedMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** @default nobody says what one of it is */
  readonly unit?: string;
}

/** The metric of an application. */
export function reportedMetric({ namespace, metric, statistic, dimensions, unit = "values" }: ReportedMetric): Metric {
  return { namespace, name: metric, statistic, unit, dimensions };
}
