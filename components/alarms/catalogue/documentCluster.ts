/** Alarms of a DocumentDB cluster. Its storage grows by itself, so that there is no disk to fill. */
import type { Input } from "@pulumi/pulumi";
import { clusterCpu, clusterMetric } from "../../metrics/docdb.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import { instanceMemory } from "./instanceMemory.ts";
import { atLevels } from "./levels.ts";
import type { DatabaseThresholds } from "./postgres.ts";
import { slowStatementAlarms } from "./slowStatements.ts";

/** A cluster as its metrics name it. */
interface WatchedDocumentCluster {
  /** AWS region. */
  readonly region: string;
  /** Name in the config. */
  readonly database: string;
  /** Physical name of the cluster. */
  readonly identifier: Input<string>;
  /** Size of an instance, `db.r6g.large`. */
  readonly instanceClass: string;
  readonly instances: number;
  /** Metric of operations slower than the database's limit. @default not counted */
  readonly slowStatements?: Metric | undefined;
}

/** Every alarm of a cluster. */
export function documentClusterAlarms(watched: WatchedDocumentCluster, thresholds: DatabaseThresholds): AlarmDefinition[] {
  const { region, database, identifier, instanceClass, instances } = watched;
  const metric = (name: string, statistic: string) => clusterMetric(identifier, name, statistic);
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
      watch: clusterCpu(identifier),
    }),
    ...(memory === undefined
      ? []
      : atLevels(
          thresholds.freeMemoryPercent,
          {
            ...cause,
            key: `db-${database}-memory`,
            summary: `Database ${database} runs out of memory and throttles operations.`,
            runbook: "database-resources",
            watch: metric("FreeableMemory", "Minimum"),
            comparison: "LessThanThreshold",
            evaluationPeriods: 15,
          },
          (free) => Math.round((free * memory) / 100),
        )),
    ...(instances < 2
      ? []
      : atLevels(
          thresholds.replicaLagSeconds,
          {
            ...shared,
            kind: "symptom",
            key: `db-${database}-lag`,
            summary: `Members of database ${database} are behind the one that writes: readers see old data.`,
            runbook: "replica-lag",
            watch: metric("DBClusterReplicaLagMaximum", "Maximum"),
            comparison: "GreaterThanThreshold",
            evaluationPeriods: 10,
            missingData: "breaching",
          },
          (seconds) => seconds * 1000,
        )),
    ...slowStatementAlarms(region, database, watched.slowStatements, thresholds.slowStatements),
  ];
}
