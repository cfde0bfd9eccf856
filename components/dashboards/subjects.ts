/** What dashboards are about: the parts of a region, by the names that their metrics go by. */
import type { Input } from "@pulumi/pulumi";
import type { Colour } from "../colours.ts";
import type { Metric } from "../metrics/metric.ts";

/** One colour of a service. */
interface ShownColour {
  /** ARN suffix of the target group. */
  readonly targetGroup: Input<string>;
  /** ECS service. @default the colour runs nothing */
  readonly ecsService?: Input<string> | undefined;
}

/** Something that the application's log is counted for. */
export interface ShownPattern {
  readonly label: string;
  readonly metric: Metric;
}

/** A path with a panel of its own. */
export interface ShownEndpoint {
  /** `POST /api/auth/login` */
  readonly label: string;
  readonly requests: Metric;
  /** Answers of 500 and above. */
  readonly failures: Metric;
  /** Milliseconds; percentiles of it can be asked for. */
  readonly duration: Metric;
  /** The sign of trouble of this endpoint alone. @default none */
  readonly signal?: ShownPattern;
}

/** A metric that the application sends by itself. */
export interface ShownCustomMetric {
  readonly label: string;
  readonly metric: Metric;
  /** Seconds of one point. @default 60 */
  readonly periodSeconds?: number;
}

/** A service behind the load balancer. */
export interface ShownService {
  readonly name: string;
  /** ECS cluster. */
  readonly cluster: Input<string>;
  readonly colours: Readonly<Record<Colour, ShownColour>>;
  /** Log group of the tasks. */
  readonly logGroup: Input<string>;
  /** Tasks of a colour at full capacity, least and most. */
  readonly tasks: { readonly minimum: number; readonly maximum: number };
  /** Average use that scaling aims at, percent. */
  readonly scaling: { readonly cpuPercent: number; readonly memoryPercent: number };
  /** @default none */
  readonly patterns?: readonly ShownPattern[];
  /** @default none */
  readonly endpoints?: readonly ShownEndpoint[];
}

/** A data store by the dimension that its metrics have. */
export type ShownStore =
  | { readonly kind: "postgres"; readonly name: string; readonly instance: Input<string>; readonly replicas: readonly Input<string>[] }
  /** `readers`: it has instances besides the one that writes. */
  | { readonly kind: "documentdb"; readonly name: string; readonly cluster: Input<string>; readonly readers: boolean }
  | { readonly kind: "dynamodb"; readonly name: string; readonly table: Input<string> }
  | { readonly kind: "cache"; readonly name: string; readonly nodes: readonly Input<string>[] }
  | { readonly kind: "fileSystem"; readonly name: string; readonly fileSystem: Input<string> }
  | { readonly kind: "bucket"; readonly name: string; readonly bucket: Input<string> };

/** A check by its metric, 1 for good. */
export interface ShownCheck {
  readonly label: string;
  readonly metric: Metric;
  /** Region of the metric. */
  readonly region: string;
  /** How long an answer takes. @default not measured */
  readonly duration?: Metric;
}
