/** Metrics of an instance on RDS. */
import type { Input } from "@pulumi/pulumi";
import { by, type MetricMath, metricsOf } from "./metric.ts";

/** Metrics of one instance. @param identifier its physical name */
export function instanceMetrics(identifier: Input<string>) {
  const of = metricsOf(
    "AWS/RDS",
    { DBInstanceIdentifier: identifier },
    {
      cpu: ["CPUUtilization", "Average", "percent"],
      connections: ["DatabaseConnections", "Average", "connections"],
      freeMemory: ["FreeableMemory", "Average", "bytes"],
      freeDisk: ["FreeStorageSpace", "Minimum", "bytes"],
      readLatency: ["ReadLatency", "p90", "seconds"],
      writeLatency: ["WriteLatency", "p90", "seconds"],
      load: ["DBLoad", "Average", "sessions"],
      throughputCredit: ["EBSByteBalance%", "Average", "percent"],
      transactionIds: ["MaximumUsedTransactionIDs", "Average", "transactions"],
      replicaLag: ["ReplicaLag", "Maximum", "seconds"],
    },
  );
  return { ...of, mostConnections: by("Maximum", of.connections) };
}

/** Seconds that a replica is behind. RDS says -1 where replication is not active: that is further than any threshold. */
export function replicationLag(identifier: Input<string>): MetricMath {
  const { replicaLag: lag } = instanceMetrics(identifier);
  return { metrics: { lag }, expression: "IF(lag < 0, 1000000, lag)", label: "behind", unit: lag.unit };
}
