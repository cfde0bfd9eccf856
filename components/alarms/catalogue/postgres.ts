/** Alarms of a PostgreSQL instance on RDS, and of its replicas. */
import type { Input } from "@pulumi/pulumi";
import { instanceMetrics, replicationLag } from "../../metrics/rds.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import {
  type DatabaseThresholds,
  lagAlarms,
  memoryAlarms,
  ofDatabase,
  serverAlarms,
  slowStatementAlarms,
  type WatchedDatabase,
} from "./database.ts";
import { atLevels } from "./levels.ts";

/** An instance as its metrics name it. */
interface WatchedPostgres extends WatchedDatabase {
  /** Physical name. */
  readonly identifier: Input<string>;
  /** Storage at the start, GiB. */
  readonly storageGib: number;
  /** Connections that it lets in. @default unknown: not watched */
  readonly connections?: number | undefined;
  /** It copies another instance. @default false */
  readonly replica?: boolean;
}

/** Every alarm of an instance. */
export function postgresAlarms(watched: WatchedPostgres, thresholds: DatabaseThresholds): AlarmDefinition[] {
  const { database, identifier, storageGib, connections, replica = false } = watched;
  const metrics = instanceMetrics(identifier);
  const { shared, cause } = ofDatabase(watched);
  return [
    ...serverAlarms(watched, thresholds, { connections: metrics.mostConnections, cpu: metrics.cpu }),
    // The metric is in bytes that are free. Storage that grows by itself leaves the figure of the start behind, to the safe side.
    ...atLevels(
      thresholds.diskPercent,
      {
        ...shared,
        kind: "symptom",
        key: `db-${database}-storage`,
        likely: "a table or a log that grows, or a replication slot that nobody reads.",
        summary: `The storage of database ${database} is nearly full: it stops when it is.`,
        runbook: "database-storage",
        watch: metrics.freeDisk,
        comparison: "LessThanThreshold",
        missingData: "breaching",
      },
      (used) => Math.round(((100 - used) * storageGib * 2 ** 30) / 100),
    ),
    ...memoryAlarms(watched, thresholds.freeMemoryPercent, metrics.freeMemory),
    ...(connections === undefined
      ? []
      : atLevels(
          thresholds.connectionsPercent,
          {
            ...cause,
            key: `db-${database}-connections`,
            likely: "a release whose pool is too large for its tasks, or a leak.",
            summary: `Database ${database} runs out of connections: the pool of a service leaks or is too large.`,
            runbook: "database-connections",
            watch: metrics.connections,
          },
          (percent) => Math.floor((percent * connections) / 100),
        )),
    {
      ...shared,
      key: `db-${database}-io-credit`,
      severity: "P2",
      kind: "cause",
      likely: "a backup, a migration or a query that reads whole tables.",
      summary: `Database ${database} has nearly used up the disk throughput that its class saves up.`,
      runbook: "database-resources",
      watch: metrics.throughputCredit,
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
      likely: "a transaction that has been open for days, or vacuum that is off for a large table.",
      summary: `Database ${database} uses up its transaction ids: vacuum is behind, and at the end it takes no more writes.`,
      runbook: "database-transaction-ids",
      watch: metrics.transactionIds,
      comparison: "GreaterThanThreshold",
      threshold: 1_000_000_000,
      evaluationPeriods: 1,
      periodSeconds: 300,
      missingData: "ignore",
    },
    ...(replica
      ? lagAlarms(
          watched,
          thresholds.replicaLagSeconds,
          `Replica ${database} is behind: readers see old data, and a failover would lose it.`,
          replicationLag(identifier),
        )
      : []),
    ...slowStatementAlarms(watched, thresholds.slowStatements),
  ];
}
