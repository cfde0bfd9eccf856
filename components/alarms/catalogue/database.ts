/** Alarms that a PostgreSQL instance and a DocumentDB cluster share. */

import type { Metric, MetricMath } from "../../metrics/metric.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import type { Thresholds } from "../contract.ts";
import { databaseSubject } from "../subjects.ts";
import { instanceMemory } from "./instanceMemory.ts";
import { atLevels, type Levels } from "./levels.ts";

/** What a database's alarms compare with. */
export type DatabaseThresholds = Thresholds["databases"];

/** A database server as its alarms see it. */
export interface WatchedDatabase {
  /** AWS region. */
  readonly region: string;
  /** Name in the config, with the replica's: `main`, `main-reports`. */
  readonly database: string;
  /** Size of an instance, `db.r7g.large`. */
  readonly instanceClass: string;
  /** Metric of statements slower than the database's limit. @default not counted */
  readonly slowStatements?: Metric | undefined;
  /** Subjects of alarms without which it cannot work: what it is a copy of. @default none */
  readonly needs?: readonly string[];
}

/** What every alarm of a database has; one of what it runs short of is a cause. */
export function ofDatabase({ region, database, needs = [] }: Pick<WatchedDatabase, "region" | "database" | "needs">) {
  const shared = { region, subject: databaseSubject(database), needs, dashboard: "data", periodSeconds: 60, evaluationPeriods: 5 } as const;
  return { shared, cause: { ...shared, kind: "cause", comparison: "GreaterThanThreshold", missingData: "breaching" } as const };
}

/** It is silent, or short of CPU. @param connections a running one always reports its connections, even when there are none */
export function serverAlarms(
  watched: WatchedDatabase,
  { cpuPercent }: DatabaseThresholds,
  { connections, cpu }: { readonly connections: Metric; readonly cpu: Metric },
): AlarmDefinition[] {
  const { database } = watched;
  const { shared, cause } = ofDatabase(watched);
  return [
    {
      ...shared,
      key: `db-${database}-silent`,
      severity: "P0",
      kind: "symptom",
      dead: true,
      // What needs it rings after three minutes: the cause has to be told no later.
      evaluationPeriods: 3,
      likely: "a failover or a reboot that does not end, a full disk, or an instance that somebody stopped.",
      summary: `Database ${database} reports nothing: it is down or cannot be reached.`,
      runbook: "database-unreachable",
      watch: connections,
      comparison: "LessThanThreshold",
      threshold: 0,
      missingData: "breaching",
    },
    ...atLevels(cpuPercent, {
      ...cause,
      key: `db-${database}-cpu`,
      likely: "a query without an index after a release, or more connections than usual.",
      summary: `Database ${database} runs out of CPU.`,
      runbook: "database-resources",
      watch: cpu,
    }),
  ];
}

/** It is short of memory. @param free metric of the bytes that are free @param then what happens next, as the sentence ends */
export function memoryAlarms(watched: WatchedDatabase, levels: Levels, free: Metric, then = ""): AlarmDefinition[] {
  const { database, instanceClass } = watched;
  const memory = instanceMemory(instanceClass);
  if (memory === undefined) return [];
  return atLevels(
    levels,
    {
      ...ofDatabase(watched).cause,
      key: `db-${database}-memory`,
      likely: "too many connections, or a working set that has outgrown the instance class.",
      summary: `Database ${database} runs out of memory${then}.`,
      runbook: "database-resources",
      watch: free,
      comparison: "LessThanThreshold",
      evaluationPeriods: 15,
    },
    (percent) => Math.round((percent * memory) / 100),
  );
}

/** A copy is behind. @param levels in seconds, whatever the metric is in */
export function lagAlarms(watched: WatchedDatabase, levels: Levels, summary: string, watch: Metric | MetricMath): AlarmDefinition[] {
  const { shared } = ofDatabase(watched);
  return atLevels(
    levels,
    {
      ...shared,
      kind: "symptom",
      key: `db-${watched.database}-lag`,
      likely: "more writes than the copy keeps up with, a long query on it, or a copy that was made anew.",
      summary,
      runbook: "replica-lag",
      watch,
      comparison: "GreaterThanThreshold",
      evaluationPeriods: 10,
      missingData: "breaching",
    },
    (seconds) => seconds * (watch.unit === "milliseconds" ? 1000 : 1),
  );
}

/** Statements that it logs as slow. */
export function slowStatementAlarms({ region, database, slowStatements }: WatchedDatabase, levels: Levels): AlarmDefinition[] {
  if (slowStatements === undefined) return [];
  return atLevels(levels, {
    region,
    subject: databaseSubject(database),
    dashboard: "data",
    kind: "cause",
    key: `db-${database}-slow-statements`,
    likely: "a query without an index after a release, or a lock that somebody holds.",
    summary: `Database ${database} takes longer for statements than it may.`,
    runbook: "slow-statements",
    watch: slowStatements,
    comparison: "GreaterThanThreshold",
    periodSeconds: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    missingData: "notBreaching",
  });
}
