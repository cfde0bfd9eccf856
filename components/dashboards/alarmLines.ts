/** Lines of alarms: on every graph that draws what an alarm watches, its threshold; and a graph of its own for what none draws. */
import { type Input, output } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarms/alarmDefinition.ts";
import { isSum, type Metric } from "../metrics/metric.ts";
import { inRows } from "./layout.ts";
import { graph, isCalculation, type MetricWidget, palette, periodOf, type Section, type Threshold, unitOf, type Widget } from "./widget.ts";

/** Alarms of a dashboard. */
interface DrawnAlarms {
  /** AWS region of metrics that name none. */
  readonly region: string;
  /** All that the stack watches. */
  readonly alarms: readonly AlarmDefinition[];
  /** Those of them that a reader looks for here: each has a line in the end. */
  readonly own: readonly AlarmDefinition[];
}

/** The same sections with the lines of alarms, and at the end what only alarms watch. */
export function withAlarmLines(sections: readonly Section[], { region, alarms, own }: DrawnAlarms): Section[] {
  const drawn = new Set<AlarmDefinition>();
  const lined = (widget: Widget): Widget => {
    if (widget.kind !== "metric" || widget.numbers === true) return widget;
    const found = alarms.flatMap((alarm) => {
      const extent = extentOf(widget, alarm, region);
      if (extent === "whole") drawn.add(alarm);
      return extent === "none" ? [] : [alarm];
    });
    return { ...widget, thresholds: [...(widget.thresholds ?? []), ...alarmThresholds(found, widget.series)] };
  };
  const made = sections.map((section) => ({
    ...section,
    rows: section.rows.map((row) => ({ ...row, widgets: row.widgets.map(lined) })),
  }));
  const graphs = ownGraphs(own.filter((alarm) => !drawn.has(alarm)));
  if (graphs.length === 0) return made;
  const note = "What only alarms watch. A title is what the alarms are called, without stack and severity.";
  return [...made, { heading: "Alarms besides", note, rows: inRows(graphs, 4, 5) }];
}

/**
 * How much of what an alarm watches a graph draws: the whole, the same of one of several things (a colour, an operation), or nothing
 * that the alarm's threshold could be compared with. What is summed up over another time is another value.
 */
function extentOf(widget: MetricWidget, { watch, region, periodSeconds }: AlarmDefinition, here: string): "whole" | "part" | "none" {
  const watched = "expression" in watch ? Object.values(watch.metrics) : [watch];
  if (watch.unit !== unitOf(widget) || (watched.some(isSum) && periodSeconds !== periodOf(widget))) return "none";
  const drawn = Object.values(widget.series).flatMap((line) =>
    isCalculation(line) || (line.region ?? here) !== region ? [] : [line.metric],
  );
  const draws = (metric: Metric) => drawn.some((other) => isSame(metric, other));
  if (watched.every(draws)) return "whole";
  const kinds = new Set(watched.map(kindOf));
  const things = Map.groupBy(watched, ({ dimensions = {} }) => Object.values(dimensions).find((value) => !inAll(watched, value)));
  return [...things.values()].some((each) => new Set(each.map(kindOf)).size === kinds.size && each.every(draws)) ? "part" : "none";
}

function inAll(metrics: readonly Metric[], value: Input<string>): boolean {
  return metrics.every(({ dimensions = {} }) => Object.values(dimensions).includes(value));
}

function kindOf({ namespace, name, statistic }: Metric): string {
  return `${namespace} ${name} ${statistic}`;
}

/** The same metric of the same thing. */
function isSame(one: Metric, other: Metric): boolean {
  const [a, b] = [one.dimensions ?? {}, other.dimensions ?? {}];
  const keys = Object.keys(a);
  return kindOf(one) === kindOf(other) && keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

const levelColours = { P0: palette.bad, P1: palette.bad, P2: palette.warning, P3: palette.neutral } as const;

/** A line for each alarm, those of one place only once: `P1 above 5`, with the alarm's name where it is not the only one or not all that is drawn. */
function alarmThresholds(alarms: readonly AlarmDefinition[], series: MetricWidget["series"]): Threshold[] {
  const names = new Set(alarms.map(shortName));
  const kinds = new Set(
    Object.values(series).flatMap((line) =>
      isCalculation(line) ? ["calculated"] : line.hidden === true ? [] : [`${line.metric.name} ${line.metric.statistic}`],
    ),
  );
  const named = names.size > 1 || kinds.size > 1;
  const lines = alarms.map((alarm): readonly [string, Threshold] => {
    const { severity, comparison, threshold } = alarm;
    const bad = comparison.startsWith("Greater") ? "above" : "below";
    const words = `${named ? `${shortName(alarm)} ` : ""}${severity} ${bad}`;
    const label = typeof threshold === "number" ? `${words} ${threshold}` : output(threshold).apply((value) => `${words} ${value}`);
    return [
      typeof threshold === "number" ? `${words} ${threshold}` : alarm.key,
      { label, value: threshold, colour: levelColours[severity], bad },
    ];
  });
  return [...new Map(lines).values()];
}

/** An alarm's key without its severity and what it is about: `latency-p95`. */
function shortName(alarm: AlarmDefinition): string {
  return withoutSeverity(alarm).slice(
    alarm.subject !== undefined && alarm.key.startsWith(`${alarm.subject}-`) ? alarm.subject.length + 1 : 0,
  );
}

function withoutSeverity({ key }: AlarmDefinition): string {
  return key.replace(/-p[0-3]$/, "");
}

/** Graphs of what alarms watch, one for all that watch the same. */
function ownGraphs(alarms: readonly AlarmDefinition[]): MetricWidget[] {
  const groups: AlarmDefinition[][] = [];
  for (const alarm of alarms) {
    const known = groups.find(([first]) => first !== undefined && watchTheSame(first, alarm));
    if (known === undefined) groups.push([alarm]);
    else known.push(alarm);
  }
  return groups.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { watch, region } = first;
    const periodSeconds = Math.min(...group.map((alarm) => alarm.periodSeconds));
    const series: MetricWidget["series"] =
      "expression" in watch
        ? {
            result: { expression: watch.expression, label: watch.label, unit: watch.unit },
            ...Object.fromEntries(
              Object.entries(watch.metrics).map(([id, metric]) => [id, { metric, label: metric.name, hidden: true, region }]),
            ),
          }
        : { value: { metric: watch, label: `${watch.name}, ${watch.statistic}`, region } };
    return [graph(titleOf(group), series, { periodSeconds, thresholds: alarmThresholds(group, series) })];
  });
}

/** What the alarms are called, or how all their names begin. */
function titleOf(alarms: readonly AlarmDefinition[]): string {
  const names = [...new Set(alarms.map(withoutSeverity))];
  if (names.length < 3) return names.join(", ");
  const words = names.map((name) => name.split("-"));
  const [first = []] = words;
  const apart = first.findIndex((word, at) => words.some((other) => other[at] !== word));
  return `${first.slice(0, apart).join("-")} (${names.length})`;
}

/** Shares of a sum over several times are drawn together, as the windows of an error budget; counts are not. */
function watchTheSame(one: AlarmDefinition, other: AlarmDefinition): boolean {
  const [a, b] = [one.watch, other.watch];
  const counted = ("expression" in a ? Object.values(a.metrics) : [a]).some((metric) => isSum(metric) && metric.unit === a.unit);
  if (one.region !== other.region || a.unit !== b.unit || (counted && one.periodSeconds !== other.periodSeconds)) return false;
  if (!("expression" in a) || !("expression" in b)) return !("expression" in a) && !("expression" in b) && isSame(a, b);
  const ids = Object.keys(a.metrics);
  return (
    a.expression === b.expression &&
    ids.length === Object.keys(b.metrics).length &&
    ids.every((id) => {
      const [mine, theirs] = [a.metrics[id], b.metrics[id]];
      return mine !== undefined && theirs !== undefined && isSame(mine, theirs);
    })
  );
}
