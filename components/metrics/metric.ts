/** A metric of CloudWatch as data: what alarms watch and dashboards draw. */
import type { Input } from "@pulumi/pulumi";

/** One metric of CloudWatch. */
export interface Metric {
  /** For example `AWS/ApplicationELB`. */
  readonly namespace: string;
  readonly name: string;
  /** `Sum`, `Average`, `Minimum`, `Maximum`, or a percentile such as `p99`. */
  readonly statistic: string;
  /** Dimensions as the service emits them. @default none */
  readonly dimensions?: Readonly<Record<string, Input<string>>>;
}

/** Metrics by id and an expression over them; ids start with a lower-case letter. */
export interface MetricMath {
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly expression: string;
  /** What the expression says, for graphs: `5xx responses, percent`. */
  readonly label: string;
}

/** Metrics of one thing. @param dimensions how CloudWatch knows it @returns what makes them; a statistic that is not said is the sum */
export function metricsOf(namespace: string, dimensions: NonNullable<Metric["dimensions"]>) {
  return (name: string, statistic = "Sum"): Metric => ({ namespace, name, statistic, dimensions });
}
