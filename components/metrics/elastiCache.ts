/** Nodes of a cache, as their metrics name them, and their metrics. */
import { type Input, interpolate } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

/** A node by its number, `001`, and its id. */
interface CacheNode {
  readonly number: string;
  readonly id: Input<string>;
}

/** Every node of a replication group. @param count the primary and its replicas */
export function cacheNodes(replicationGroupId: Input<string>, count: number): CacheNode[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(3, "0");
    return { number, id: interpolate`${replicationGroupId}-${number}` };
  });
}

/** Metrics of one node. */
export function nodeMetrics(id: Input<string>) {
  return metricsOf(
    "AWS/ElastiCache",
    { CacheClusterId: id },
    {
      cpu: ["EngineCPUUtilization", "Maximum", "percent"],
      memory: ["DatabaseMemoryUsagePercentage", "Maximum", "percent"],
      evictions: ["Evictions", "Sum", "keys"],
      connections: ["CurrConnections", "Maximum", "connections"],
      replicaLag: ["ReplicationLag", "Maximum", "seconds"],
    },
  );
}
