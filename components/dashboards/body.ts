/** The JSON document that CloudWatch keeps of a dashboard; keys and lists in a fixed order, so that it changes only with what it shows. */
import { all, type Input } from "@pulumi/pulumi";
import { isSum } from "../metrics/metric.ts";
import type { Placed } from "./layout.ts";
import {
  type Calculation,
  isCalculation,
  type MetricWidget,
  palette,
  periodOf,
  type Series,
  type Threshold,
  unitOf,
  type Widget,
} from "./widget.ts";

type Json = Input<unknown>;

/** The document. @param region of metrics that name none */
export function dashboardBody(placed: readonly Placed[], region: string): { readonly [key: string]: Json } {
  return {
    start: "-PT3H",
    periodOverride: "inherit",
    widgets: placed.map(({ x, y, width, height, widget }) => ({
      type: widget.kind,
      x,
      y,
      width,
      height,
      properties: propertiesOf(widget, region),
    })),
  };
}

function propertiesOf(widget: Widget, region: string): { readonly [key: string]: Json } {
  switch (widget.kind) {
    case "text":
      return { markdown: widget.markdown, background: "transparent" };
    case "alarm":
      return { title: widget.title, alarms: [...widget.alarmArns] };
    case "log":
      return {
        title: widget.title,
        region,
        view: "table",
        query: sourceOf(widget.logGroups, widget.query),
      };
    case "metric":
      return metricProperties(widget, region);
  }
}

/** `SOURCE 'group' | …`, the form in which a dashboard keeps a query; groups may be known only later. */
function sourceOf(groups: readonly Input<string>[], query: string): Json {
  return all([...groups]).apply((names) => `${names.map((name) => `SOURCE '${name}'`).join(" | ")} | ${query}`);
}

function metricProperties(widget: MetricWidget, region: string): { readonly [key: string]: Json } {
  const { title, most, stacked = false, numbers = false, thresholds = [] } = widget;
  return {
    title,
    region,
    view: numbers ? "singleValue" : "timeSeries",
    stacked,
    period: periodOf(widget),
    metrics: Object.entries(widget.series).map(([id, line]) => (isCalculation(line) ? calculated(id, line) : measured(id, line))),
    ...(numbers
      ? {}
      : { yAxis: { left: { min: 0, ...(most === undefined ? {} : { max: most }), label: axisLabel(widget), showUnits: false } } }),
    ...(thresholds.length === 0 ? {} : { annotations: { horizontal: thresholds.map(annotation) } }),
  };
}

/** `percent`; of what is counted, in what time: `requests a minute`. */
function axisLabel(widget: MetricWidget): string {
  const unit = unitOf(widget);
  const counted = Object.values(widget.series).some((line) => !isCalculation(line) && line.metric.unit === unit && isSum(line.metric));
  return counted ? `${unit} ${timeName(periodOf(widget))}` : unit;
}

function timeName(seconds: number): string {
  switch (seconds) {
    case 60:
      return "a minute";
    case 3600:
      return "an hour";
    case 86_400:
      return "a day";
    default:
      return `in ${seconds / 60} minutes`;
  }
}

function measured(id: string, { metric, label, colour, hidden = false, axis = "left", region }: Series): Json[] {
  const { namespace, name, statistic, dimensions = {} } = metric;
  return [
    namespace,
    name,
    ...Object.entries(dimensions).flat(),
    {
      id,
      label,
      stat: statistic,
      ...(colour === undefined ? {} : { color: colour }),
      ...(axis === "left" ? {} : { yAxis: axis }),
      ...(hidden ? { visible: false } : {}),
      ...(region === undefined ? {} : { region }),
    },
  ];
}

function calculated(id: string, { expression, label, colour }: Calculation): Json[] {
  return [{ expression, label, id, ...(colour === undefined ? {} : { color: colour }) }];
}

function annotation({ label, value, colour = palette.bad, bad = "above" }: Threshold): Json {
  return { label, value, color: colour, fill: bad };
}
