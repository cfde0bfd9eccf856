/** Alarms of a PostgreSQL instance on RDS, and of its replicas. */
import type { Input } from "@pulumi/pulumi";
import type { Metric } from "../../metrics/metric.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import { instanceMemory } from "./instanceMemory.ts";
import { atLevels, type Levels } from "./levels.ts";
import { slowStatementAlarms } from "./slowStatements.ts";

/** An instance as its metrics name it. */
interface WatchedPostgres {
  /** AWS region. */
  readonly region: string;
  /** Name in the config, with the replica's: `main`, `main-reports`. */
  readonly database: string;
  /** Physical name. */
  readonly identifier: Input<string>;
  /** Size, `db.r7g.large`. */
  readonly instanceClass: string;
  /** Storage at the start, GiB. */
  readonly storageGib: number;
  /** Connections that it lets in. @default unknown: not watched */
  readonly connections?: number | undefined;
  /** It copies another instance. @default false */
  readonly replica?: boolean;
  /** Metric of statements slower than the database's limit. @default not counted */
  readonly slowStatements?: Metric | undefined;
}

/** What a database's alarms compare with. */
export interface DatabaseThresholds {
  readonly cpuPercent: Levels;
  /** Storage in use, percent. */
  readonly diskPercent: Levels;
  /** Memory that is free, percent, less than. */
  readonly freeMemoryPercent: Levels;
  /** Connections in use, percent of those that it lets in. */
  readonly connectionsPercent: Levels;
  /** How far a replica may be behind, seconds. */
  readonly replicaLagSeconds: Levels;
  /** Statements in five minutes that took longer than the database's `slowQueryMilliseconds`. */
  readonly slowStatements: Levels;
}

/** Every alarm of an instance. */
export function postgresAlarms(watched: WatchedPostgres, thresholds: DatabaseThresholds): AlarmDefinition[] {
  const { region, database, identifier, instanceClass, storageGib, connections, replica = false } = watched;
  const metric = (name: string, statistic: string): Metric => ({
    namespace: "AWS/RDS",
    name,
    statistic,
    dimensions: { DBInstanceIdentifier: identifier },
  });
  const shared = { region, subject: `db-${database}`, periodSeconds: 60, evaluationPeriods: 5 } as const;
  const cause = { ...shared, kind: "cause", comparison: "GreaterThanThreshold", missingData: "breaching" } as const;
  const memory = instanceMemory(instanceClass);
  return [
    {
      ...shared,
      key: `db-${database}-silent`,
      severity: "P0",
      kind: "symptom",
      summary: `Database ${database} reports nothing: it is down or cannot be reached.`,
      runbook: "database-unreachable",
      // A running instance always reports its connections, even when there are none.
      watch: metric("DatabaseConnections", "Maximum"),
      comparison: "LessThanThreshold",
      threshold: 0,
      missingData: "breaching",
    },
    ...atLevels(thresholds.cpuPercent, {
      ...cause,
      key: `db-${database}-cpu`,
      summary: `Database ${database} runs out of CPU.`,
      runbook: "database-resources",
      watch: metric("CPUUtilization", "Average"),
    }),
    // The metric is in bytes that are free. Storage that grows by itself leaves the figure of the start behind, to the safe side.
    ...atLevels(
      thresholds.diskPercent,
      {
        ...shared,
        kind: "symptom",
        key: `db-${database}-storage`,
        summary: `The storage of database ${database} is nearly full: it stops when it is.`,
        runbook: "database-storage",
        watch: metric("FreeStorageSpace", "Minimum"),
        comparison: "LessThanThreshold",
        missingData: "breaching",
      },
      (used) => Math.round(((100 - used) * storageGib * 2 ** 30) / 100),
    ),
    ...(memory === undefined
      ? []
      : atLevels(
          thresholds.freeMemoryPercent,
          {
            ...cause,
            key: `db-${database}-memory`,
            summary: `Database ${database} runs out of memory.`,
            runbook: "database-resources",
            watch: metric("FreeableMemory", "Average"),
            comparison: "LessThanThreshold",
            evaluationPeriods: 15,
          },
          (free) => Math.round((free * memory) / 100),
        )),
    ...(connections === undefined
      ? []
      : atLevels(
          thresholds.connectionsPercent,
          {
            ...cause,
            key: `db-${database}-connections`,
            summary: `Database ${database} runs out of connections: the pool of a service leaks or is too large.`,
            runbook: "database-connections",
            watch: metric("DatabaseConnections", "Average"),
          },
          (percent) => Math.floor((percent * connections) / 100),
        )),
    {
      ...shared,
      key: `db-${database}-io-credit`,
      severity: "P2",
      kind: "cause",
      summary: `Database ${database} has nearly used up the disk throughput that its class saves up.`,
      runbook: "database-resources",
      watch: metric("EBSByteBalance%", "Average"),
      comparison: "LessThanThreshold",
      threshold: 10,
      evaluationPeriods: 3,
      // Classes that save up nothing do not report it.
      missingData: "notBreaching",
    },
    {
      ...shared,
      key: `db-${database}-transaction-ids`,
      severity: "P1",
      kind: "symptom",
      summary: `Database ${database} uses up its transaction ids: vacuum is behind, and at the end it takes no more writes.`,
      runbook: "database-transaction-ids",
      watch: metric("MaximumUsedTransactionIDs", "Average"),
      comparison: "GreaterThanThreshold",
      threshold: 1_000_000_000,
      evaluationPeriods: 1,
      periodSeconds: 300,
      missingData: "ignore",
    },
    ...(replica
      ? atLevels(thresholds.replicaLagSeconds, {
          ...shared,
          kind: "symptom",
          key: `db-${database}-lag`,
          summary: `Replica ${database} is behind: readers see old data, and a failover would lose it.`,
          runbook: "replica-lag",
          watch: metric("ReplicaLag", "Maximum"),
          comparison: "GreaterThanThreshold",
          evaluationPeriods: 10,
          missingData: "breaching",
        })
      : []),
    ...slowStatementAlarms(region, database, watched.slowStatements, thresholds.slowStatements),
  ];
}
