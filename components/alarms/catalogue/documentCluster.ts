/** Alarms of a DocumentDB cluster. Its storage grows by itself, so that there is no disk to fill. */
import type { Input } from "@pulumi/pulumi";
import { clusterCpu, clusterMetric } from "../../metrics/docdb.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import { type DatabaseThresholds, lagAlarms, memoryAlarms, serverAlarms, slowStatementAlarms, type WatchedDatabase } from "./database.ts";

/** A cluster as its metrics name it. */
interface WatchedDocumentCluster extends WatchedDatabase {
  /** Physical name of the cluster. */
  readonly identifier: Input<string>;
  readonly instances: number;
}

/** Every alarm of a cluster. */
export function documentClusterAlarms(watched: WatchedDocumentCluster, thresholds: DatabaseThresholds): AlarmDefinition[] {
  const { database, identifier, instances } = watched;
  const metric = (name: string, statistic: string) => clusterMetric(identifier, name, statistic);
  const server = { connections: metric("DatabaseConnections", "Maximum"), cpu: clusterCpu(identifier) };
  const free = metric("FreeableMemory", "Minimum");
  return [
    ...serverAlarms(watched, thresholds, server),
    ...memoryAlarms(watched, thresholds.freeMemoryPercent, free, " and throttles operations"),
    ...(instances < 2
      ? []
      : lagAlarms(
          watched,
          thresholds.replicaLagSeconds,
          `Members of database ${database} are behind the one that writes: readers see old data.`,
          metric("DBClusterReplicaLagMaximum", "Maximum"),
          1000,
        )),
    ...slowStatementAlarms(watched, thresholds.slowStatements),
  ];
}
