/** Metrics of an instance on RDS. */
import type { Input } from "@pulumi/pulumi";
import { by, metricsOf } from "./metric.ts";

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
