/** What is counted in logs: metric filters, and queries that are ready to run. */
import { LogMetricFilter, type LogMetricFilterArgs } from "@pulumi/aws/cloudwatch/logMetricFilter.js";
import { QueryDefinition, type QueryDefinitionArgs } from "@pulumi/aws/cloudwatch/queryDefinition.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Component, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { logMetrics } from "./contract.ts";

/** One thing to count, or to measure. */
export type LogCount = LogMetricsArgs["counts"][string];

/** Arguments of `LogMetrics`: those of its contract, and these. */
export interface LogMetricsArgs
  extends Given<typeof logMetrics>,
    Transformable<{ filter: LogMetricFilterArgs; query: QueryDefinitionArgs }> {
  /** AWS region. */
  readonly region: string;
  readonly logGroup: Input<string>;
}

/** Pattern for lines with one of the texts, in quotes so that signs in them mean nothing. */
export function patternOf(texts: readonly string[]): string {
  const quoted = texts.map((text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`);
  return quoted.length === 1 ? (quoted[0] ?? "") : quoted.map((text) => `?${text}`).join(" ");
}

/**
 * Metric filters and queries of one log group. A count is 0 in minutes with lines of which none matches, so that an alarm tells
 * quiet from silent; a measured value has no default.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class LogMetrics extends Component {
  /** The real resources. */
  readonly nodes: {
    readonly filters: Readonly<Record<string, LogMetricFilter>>;
    readonly queries: Readonly<Record<string, QueryDefinition>>;
  };

  constructor(name: string, args: LogMetricsArgs, opts?: ComponentResourceOptions) {
    const { namespace, counts, queries } = accepted(name, logMetrics, args);
    super("slipway:logs:LogMetrics", name, args, opts);
    const { logGroup, transform } = args;
    const filters = Object.entries(counts).map(([metric, { pattern, value, unit }]) => {
      // A group holds a name once, and only another name or group replaces a filter.
      const filter = this.child(
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
      return [metric, filter] as const;
    });
    const kept = Object.entries(queries).map(([query, queryString]) => {
      const key = query
        .split("/")
        .at(-1)
        ?.replaceAll(/[^a-z0-9]+/gi, "-");
      const definition = this.child(
        QueryDefinition,
        `${name}-${key}`,
        { name: query, logGroupNames: [logGroup], queryString },
        { transform: transform?.query },
      );
      return [query, definition] as const;
    });
    this.nodes = { filters: Object.fromEntries(filters), queries: Object.fromEntries(kept) };
    this.registerOutputs();
  }
}
