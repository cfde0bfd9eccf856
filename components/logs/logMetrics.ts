/** What is counted in logs: metric filters, and queries that are ready to run. */
import { LogMetricFilter, type LogMetricFilterArgs } from "@pulumi/aws/cloudwatch/logMetricFilter.js";
import { QueryDefinition, type QueryDefinitionArgs } from "@pulumi/aws/cloudwatch/queryDefinition.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import type { Metric } from "../metrics/metric.ts";
import type { Transform } from "../transform.ts";
import { filterLimit, longestPattern } from "./filterLimits.ts";

/** One thing to count, or to measure. */
export interface LogCount {
  /** CloudWatch's filter pattern: `"ECONNREFUSED"`, `{ $.status = 500 }`. Empty for every line. */
  readonly pattern: string;
  /** What each line adds: `1`, or a field such as `$.durationMs`. @default "1" */
  readonly value?: string;
  readonly unit: "Count" | "Milliseconds";
}

/** Arguments of `LogMetrics`. */
export interface LogMetricsArgs {
  /** AWS region. */
  readonly region: string;
  readonly logGroup: Input<string>;
  /** Namespace of the metrics, the stack's own: two stacks may count the same thing. */
  readonly namespace: string;
  /** By metric name. */
  readonly counts: Readonly<Record<string, LogCount>>;
  /** Queries of Logs Insights over this log group, by name; folders are parted by slashes. @default none */
  readonly queries?: Readonly<Record<string, string>>;
  /** Changes to single children. @default none */
  readonly transform?: { readonly filter?: Transform<LogMetricFilterArgs>; readonly query?: Transform<QueryDefinitionArgs> };
}

/** Pattern for lines with one of the texts, in quotes so that signs in them mean nothing. */
export function patternOf(texts: readonly string[]): string {
  const quoted = texts.map((text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`);
  return quoted.length === 1 ? (quoted[0] ?? "") : quoted.map((text) => `?${text}`).join(" ");
}

/** The metric that a count makes. */
export function logMetric({ namespace }: Pick<LogMetricsArgs, "namespace">, name: string, statistic = "Sum"): Metric {
  return { namespace, name, statistic };
}

/** Everything wrong with plain arguments. */
function logMetricsProblems({ counts, namespace }: LogMetricsArgs): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  const names = Object.entries(counts);
  if (names.length > filterLimit)
    problems.push({ propertyPath: "counts", reason: `are ${names.length}; a log group takes ${filterLimit} filters` });
  if (/^AWS\//.test(namespace) || !/^[\w./#:-]{1,255}$/.test(namespace))
    problems.push({ propertyPath: "namespace", reason: `is ${namespace}; give letters, digits and . / # : _ -, not beginning with AWS/` });
  for (const [name, { pattern }] of names)
    if (pattern.length > longestPattern)
      problems.push({ propertyPath: `counts.${name}.pattern`, reason: `has ${pattern.length} characters; give at most ${longestPattern}` });
  return problems;
}

/**
 * Metric filters and queries of one log group. A count is 0 in minutes with lines of which none matches, so that an alarm tells
 * quiet from silent; a measured value has no default.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class LogMetrics extends Component {
  constructor(name: string, args: LogMetricsArgs, opts?: ComponentResourceOptions) {
    super("slipway:logs:LogMetrics", name, args, opts, logMetricsProblems(args));
    const { logGroup, namespace, queries = {}, transform } = args;
    for (const [metric, { pattern, value = "1", unit }] of Object.entries(args.counts)) {
      // A group holds a name once, and only another name or group replaces a filter.
      this.child(
        LogMetricFilter,
        `${name}-${metric}`,
        {
          name: metric,
          logGroupName: logGroup,
          pattern,
          metricTransformation: { namespace, name: metric, value, unit, ...(value === "1" ? { defaultValue: "0" } : {}) },
        },
        { transform: transform?.filter },
      );
    }
    for (const [query, queryString] of Object.entries(queries)) {
      const key = query
        .split("/")
        .at(-1)
        ?.replaceAll(/[^a-z0-9]+/gi, "-");
      this.child(
        QueryDefinition,
        `${name}-${key}`,
        { name: query, logGroupNames: [logGroup], queryString },
        { transform: transform?.query },
      );
    }
    this.registerOutputs();
  }
}
