/** Alarms of a DynamoDB table. It reports only what happens, so that silence keeps the state that was. */
import type { Input } from "@pulumi/pulumi";
import { tableFailures, tableMetrics } from "../../metrics/dynamoDb.ts";
import type { MetricMath } from "../../metrics/metric.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import { databaseSubject } from "../subjects.ts";

/** A table as its metrics name it. */
interface WatchedTable {
  /** AWS region. */
  readonly region: string;
  /** Name in the config. */
  readonly table: string;
  /** Physical name. */
  readonly tableName: Input<string>;
}

/** Every alarm of a table. */
export function tableAlarms({ region, table, tableName }: WatchedTable): AlarmDefinition[] {
  const { throttledReads: reads, throttledWrites: writes } = tableMetrics(tableName);
  const metrics = tableFailures(tableName);
  const failures: MetricMath = {
    metrics,
    expression: Object.keys(metrics)
      .map((id) => `FILL(${id},0)`)
      .join("+"),
    label: `${table}: failures of DynamoDB`,
    unit: "requests",
  };
  const throttled: MetricMath = {
    metrics: { reads, writes },
    expression: "FILL(reads,0)+FILL(writes,0)",
    label: `${table}: requests turned away`,
    unit: "requests",
  };
  const shared = {
    region,
    subject: databaseSubject(table),
    dashboard: "data",
    kind: "symptom",
    runbook: "table-errors",
    comparison: "GreaterThanThreshold",
    threshold: 0,
    periodSeconds: 60,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    missingData: "ignore",
  } as const;
  return [
    {
      ...shared,
      key: `db-${table}-failures`,
      dead: true,
      severity: "P1",
      likely: "a fault of DynamoDB in the region: the AWS Health Dashboard says more.",
      summary: `DynamoDB fails on table ${table}.`,
      watch: failures,
    },
    {
      ...shared,
      key: `db-${table}-throttled`,
      severity: "P2",
      likely: "one key that everybody asks for, or a burst above what the table has scaled to.",
      summary: `DynamoDB turns requests on table ${table} away: too many at once, or all on one key.`,
      watch: throttled,
    },
  ];
}
