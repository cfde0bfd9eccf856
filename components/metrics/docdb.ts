/** Metrics of a DocumentDB cluster. */
import type { Input } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

/** Metrics of one cluster. @param identifier its physical name */
export function clusterMetrics(identifier: Input<string>) {
  return metricsOf(
    "AWS/DocDB",
    { DBClusterIdentifier: identifier },
    {
      // The busiest instance: an average over the cluster hides the one that writes.
      cpu: ["CPUUtilization", "Maximum", "percent"],
      connections: ["DatabaseConnections", "Maximum", "connections"],
      freeMemory: ["FreeableMemory", "Minimum", "bytes"],
      stored: ["VolumeBytesUsed", "Maximum", "bytes"],
      queries: ["OpcountersQuery", "Sum", "operations"],
      inserts: ["OpcountersInsert", "Sum", "operations"],
      updates: ["OpcountersUpdate", "Sum", "operations"],
      readLatency: ["ReadLatency", "p90", "milliseconds"],
      writeLatency: ["WriteLatency", "p90", "milliseconds"],
      replicaLag: ["DBClusterReplicaLagMaximum", "Maximum", "milliseconds"],
    },
  );
}
