/** What state CloudWatch would give an alarm: an evaluator over the properties of live alarms. */
import type { AlarmState } from "../events/alarmState.ts";
import { isObject, objectsIn, type Properties, type Value } from "../provider/values.ts";
import { type Datapoint, metricMath } from "./expression.ts";

/** One metric as an alarm asks for it. */
export interface AskedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Datapoint of a metric over `[from, to)`, seconds. */
export type MetricSource = (metric: AskedMetric, from: number, to: number) => Datapoint;

const passes: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** A metric alarm, ready to be evaluated at any second. */
export interface MetricAlarmEvaluator {
  /** @param now second at which it looks back @param before state that it had. @default "INSUFFICIENT_DATA" */
  stateAt(now: number, source: MetricSource, before?: AlarmState): AlarmState;
}

/**
 * Reads an alarm's properties. Periods slide: CloudWatch looks every minute at the periods that end then, or once an hour when
 * they reach back more than a day. Of `evaluationPeriods` of them, `datapointsToAlarm` have to be bad.
 * A period without a datapoint counts as the alarm's choice says: bad, good, not at all, or as reason to stay as it was.
 */
export function metricAlarm(properties: Properties): MetricAlarmEvaluator {
  const evaluations = Number(properties.evaluationPeriods);
  const needed = Number(properties.datapointsToAlarm ?? evaluations);
  const threshold = Number(properties.threshold);
  const bad = passes[String(properties.comparisonOperator)];
  if (bad === undefined) throw new Error(`comparison ${String(properties.comparisonOperator)} is not simulated`);
  const missing = String(properties.treatMissingData ?? "missing");
  const { period, datapoint } = watched(properties);
  const every = period * evaluations > 86_400 ? 3600 : Math.min(period, 60);
  return {
    stateAt: (now, source, before = "INSUFFICIENT_DATA") => {
      const last = Math.floor(now / every) * every;
      const points = Array.from({ length: evaluations }, (_, index) => {
        const to = last - index * period;
        return datapoint(source, to - period, to);
      });
      const silent = points.filter((point) => point === undefined).length;
      if (missing === "ignore" && silent > 0 && silent === points.length) return before;
      if (missing === "missing" && silent === points.length) return "INSUFFICIENT_DATA";
      const bads = points.filter((point) => (point === undefined ? missing === "breaching" : bad(point, threshold))).length;
      return bads >= needed ? "ALARM" : "OK";
    },
  };
}

function watched(properties: Properties): { period: number; datapoint: (source: MetricSource, from: number, to: number) => Datapoint } {
  const queries = objectsIn(properties.metricQueries);
  if (queries.length === 0) {
    const asked: AskedMetric = {
      namespace: String(properties.namespace),
      name: String(properties.metricName),
      statistic: String(properties.statistic ?? properties.extendedStatistic),
      dimensions: texts(properties.dimensions),
    };
    return { period: Number(properties.period), datapoint: (source, from, to) => source(asked, from, to) };
  }
  const metrics = new Map<string, AskedMetric>();
  let period = 0;
  let expression = "";
  for (const { id, metric, expression: text } of queries) {
    if (typeof text === "string" && text !== "") expression = text;
    if (!isObject(metric)) continue;
    const { namespace, metricName, stat, dimensions } = metric;
    metrics.set(String(id), {
      namespace: String(namespace),
      name: String(metricName),
      statistic: String(stat),
      dimensions: texts(dimensions),
    });
    period = Number(metric.period);
  }
  const term = metricMath(expression);
  return {
    period,
    datapoint: (source, from, to) =>
      term((id) => {
        const asked = metrics.get(id);
        if (asked === undefined) throw new Error(`the expression names ${id}, which the alarm does not ask for`);
        return source(asked, from, to);
      }),
  };
}

/** State of a composite alarm. @param stateOf state of another alarm by its name */
export function compositeState(rule: string, stateOf: (name: string) => AlarmState): AlarmState {
  const tokens = rule.match(/(?:ALARM|OK|INSUFFICIENT_DATA)\("[^"]+"\)|AND|OR|NOT|[()]|\S+/g) ?? [];
  let at = 0;
  const any = (): boolean => {
    let result = every();
    while (tokens[at] === "OR") {
      at++;
      const next = every();
      result = result || next;
    }
    return result;
  };
  const every = (): boolean => {
    let result = one();
    while (tokens[at] === "AND") {
      at++;
      const next = one();
      result = result && next;
    }
    return result;
  };
  const one = (): boolean => {
    const token = tokens[at++] ?? "";
    if (token === "NOT") return !one();
    if (token === "(") {
      const result = any();
      at++;
      return result;
    }
    const [, state, name = ""] = /^(\w+)\("([^"]+)"\)$/.exec(token) ?? [];
    if (state === undefined) throw new Error(`cannot read ${token} in the rule ${rule}`);
    return stateOf(name) === state;
  };
  return any() ? "ALARM" : "OK";
}

function texts(value: Value | undefined): Record<string, string> {
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)])) : {};
}
