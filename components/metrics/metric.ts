/** A metric of CloudWatch as data: what alarms watch and dashboards draw. */
import type { Input } from "@pulumi/pulumi";

/** One metric of CloudWatch. */
export interface Metric {
  /** For example `AWS/ApplicationELB`. */
  readonly namespace: string;
  readonly name: string;
  /** `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, or a percentile such as `p99`. */
  readonly statistic: string;
  /** What one of it is, in the plural: `percent`, `seconds`, `requests`. */
  readonly unit: string;
  /** Dimensions as the service emits them. @default none */
  readonly dimensions?: Readonly<Record<string, Input<string>>>;
}

/** Metrics by id and an expression over them; ids start with a lower-case letter. */
export interface MetricMath {
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly expression: string;
  /** What the expression says, for graphs: `5xx responses, percent`. */
  readonly label: string;
  /** Unit of the expression's value. */
  readonly unit: string;
}

/** Expression of the sum of metrics; one that sends nothing counts as 0. */
export function sumOf(metrics: MetricMath["metrics"]): string {
  return Object.keys(metrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(" + ");
}

/** A metric in a table: what CloudWatch calls it, the statistic that says most, and its unit. */
type MetricRow = readonly [name: string, statistic: string, unit: string];

/** Region that has the metrics of CloudFront, Route 53 and billing. */
export const globalMetricsRegion = "us-east-1";

/** Metrics of one thing by our own names for them. @param dimensions how CloudWatch knows the thing */
export function metricsOf<Key extends string>(
  namespace: string,
  dimensions: NonNullable<Metric["dimensions"]>,
  table: Readonly<Record<Key, MetricRow>>,
): Readonly<Record<Key, Metric>> {
  const made = Object.entries<MetricRow>(table).map(([key, [name, statistic, unit]]) => [
    key,
    { namespace, name, statistic, unit, dimensions },
  ]);
  return Object.fromEntries(made) as Record<Key, Metric>;
}

/** The same metric, summed up otherwise. */
export function by(statistic: string, metric: Metric): Metric {
  return { ...metric, statistic };
}

/** Whether a value grows with the time that it is taken over. */
export function isSum({ statistic }: Pick<Metric, "statistic">): boolean {
  return statistic === "Sum" || statistic === "SampleCount";
}
