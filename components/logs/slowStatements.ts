/** Counts the statements that a database logs as slow. */
import { LogMetricFilter, type LogMetricFilterArgs } from "@pulumi/aws/cloudwatch/logMetricFilter.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Component, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import type { Metric } from "../metrics/metric.ts";
import { logMetric } from "../metrics/slipway.ts";
import { slowStatements } from "./contract.ts";

/** Arguments of `SlowStatements`: those of its contract, and these. */
export interface SlowStatementsArgs extends Given<typeof slowStatements>, Transformable<{ filter: LogMetricFilterArgs }> {
  /** AWS region. */
  readonly region: string;
  /** Log that has nothing but slow statements of these engines besides its own notes. */
  readonly logGroupName: Input<string>;
}

/** PostgreSQL writes `duration: 612.3 ms  statement: …`, DocumentDB's profiler a JSON object an operation. */
const patterns = { postgres: '"duration:"', documentdb: "{ $.millis = * }" } as const;

/**
 * A metric filter: how slow is slow is the database's own setting.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class SlowStatements extends Component {
  /** The real resources. */
  readonly nodes: { readonly filter: LogMetricFilter };
  /** How many, for alarms and dashboards. */
  readonly metric: Metric;

  constructor(name: string, args: SlowStatementsArgs, opts?: ComponentResourceOptions) {
    const { engine, metricName } = accepted(name, slowStatements, args);
    super("slipway:logs:SlowStatements", name, args, opts);
    this.metric = logMetric(metricName, { unit: "statements" });
    const filter = this.child(
      LogMetricFilter,
      name,
      {
        logGroupName: args.logGroupName,
        name: metricName,
        pattern: patterns[engine],
        metricTransformation: { namespace: this.metric.namespace, name: metricName, value: "1", defaultValue: "0", unit: "Count" },
      },
      { transform: args.transform?.filter },
    );
    this.nodes = { filter };
    this.registerOutputs();
  }
}
