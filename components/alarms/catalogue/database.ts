/** Alarms that a PostgreSQL instance and a DocumentDB cluster share. */
import type { Metric, MetricMath } from "../../metrics/metric.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import type { Thresholds } from "../contract.ts";
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
}

/** What every alarm of a database has; one of what it runs short of is a cause. */
export function ofDatabase({ region, database }: Pick<WatchedDatabase, "region" | "database">) {
  const shared = { region, subject: `db-${database}`, dashboard: "data", periodSeconds: 60, evaluationPeriods: 5 } as const;
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
    subject: `db-${database}`,
    dashboard: "data",
    kind: "cause",
    key: `db-${database}-slow-statements`,
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
