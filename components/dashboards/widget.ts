/** What a dashboard shows, as data: graphs, numbers, texts, queries and the state of alarms. */
import type { Input } from "@pulumi/pulumi";
import type { Metric } from "../metrics/metric.ts";

/** One line of a graph. */
export interface Series {
  readonly metric: Metric;
  readonly label: string;
  /** Hexadecimal, `#1f77b4`. @default CloudWatch chooses */
  readonly colour?: string;
  /** Only a part of an expression: not drawn. @default false */
  readonly hidden?: boolean;
  /** @default "left" */
  readonly axis?: "left" | "right";
  /** Region of the metric. @default the dashboard's */
  readonly region?: string;
}

/** A line calculated from others by metric math. */
export interface Calculation {
  /** Over the ids of the graph's series: `100 * errors / requests`. */
  readonly expression: string;
  readonly label: string;
  /** Unit of its value. */
  readonly unit: string;
  /** @default CloudWatch chooses */
  readonly colour?: string;
}

/** A horizontal line at a value that somebody agreed on. */
export interface Threshold {
  readonly label: Input<string>;
  readonly value: Input<number>;
  /** @default the colour of alarms */
  readonly colour?: string;
  /** Which side of it is bad. @default above */
  readonly bad?: "above" | "below";
}

/** A graph over time, or the newest values as numbers. */
export interface MetricWidget {
  readonly kind: "metric";
  readonly title: string;
  /** By id, which expressions use; ids start with a lower-case letter. */
  readonly series: Readonly<Record<string, Series | Calculation>>;
  /** Seconds of one point. @default 60 */
  readonly periodSeconds?: number;
  /** Highest value of the axis. @default as high as the lines */
  readonly most?: number;
  /** Areas on top of each other, for parts of a whole. @default false */
  readonly stacked?: boolean;
  /** Show the newest values as numbers. @default false */
  readonly numbers?: boolean;
  /** @default none */
  readonly thresholds?: readonly Threshold[];
}

/** Markdown. */
interface TextWidget {
  readonly kind: "text";
  readonly markdown: string;
}

/** Lines of log groups, newest first. */
export interface LogWidget {
  readonly kind: "log";
  readonly title: string;
  readonly logGroups: readonly Input<string>[];
  /** CloudWatch Logs Insights. */
  readonly query: string;
}

/** Which alarms are on. */
export interface AlarmWidget {
  readonly kind: "alarm";
  readonly title: string;
  readonly alarmArns: readonly Input<string>[];
}

export type Widget = MetricWidget | TextWidget | LogWidget | AlarmWidget;

/** Widgets side by side, of one height. */
export interface Row {
  /** Grid units, 1–1,000. */
  readonly height: number;
  /** At most 24; they share the width equally, what is left goes to the last. */
  readonly widgets: readonly Widget[];
}

/** Part of a dashboard with a heading; a person reads them from the top. */
export interface Section {
  readonly heading: string;
  /** One sentence that says what to look for. @default none */
  readonly note?: string;
  readonly rows: readonly Row[];
}

/** A graph. @param more what is not as usual. @default nothing */
export function graph(
  title: string,
  series: MetricWidget["series"],
  more: Omit<Partial<MetricWidget>, "kind" | "title" | "series"> = {},
): MetricWidget {
  return { kind: "metric", title, series, ...more };
}

/** Seconds of one point. */
export function periodOf({ periodSeconds = 60 }: MetricWidget): number {
  return periodSeconds;
}

/** Unit of what a graph draws first. */
export function unitOf({ series }: MetricWidget): string {
  const [first] = Object.values(series).filter((line) => isCalculation(line) || line.hidden !== true);
  if (first === undefined) return "";
  return isCalculation(first) ? first.unit : first.metric.unit;
}

/** Whether a line is calculated. */
export function isCalculation(line: Series | Calculation): line is Calculation {
  return "expression" in line;
}

/** Colours that mean the same on every dashboard. */
export const palette = {
  blue: "#1f77b4",
  lightBlue: "#7fb5dc",
  darkBlue: "#0b4a78",
  green: "#2ca02c",
  lightGreen: "#8fd18f",
  darkGreen: "#176117",
  bad: "#d62728",
  warning: "#ff7f0e",
  neutral: "#7f7f7f",
  purple: "#9467bd",
} as const;
