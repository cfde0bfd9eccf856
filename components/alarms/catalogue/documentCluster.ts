/** Alarms of a DocumentDB cluster. Its storage grows by itself, so that there is no disk to fill. */
import type { Input } from "@pulumi/pulumi";
import { clusterMetrics } from "../../metrics/docdb.ts";
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
  const metrics = clusterMetrics(identifier);
  return [
    ...serverAlarms(watched, thresholds, metrics),
    ...memoryAlarms(watched, thresholds.freeMemoryPercent, metrics.freeMemory, " and throttles operations"),
    ...(instances < 2
      ? []
      : lagAlarms(
          watched,
          thresholds.replicaLagSeconds,
          `Members of database ${database} are behind the one that writes: readers see old data.`,
          metrics.replicaLag,
        )),
    ...slowStatementAlarms(watched, thresholds.slowStatements),
  ];
}
