/** Alarms of a Valkey or Redis replication group: one a node, as each may be the primary tomorrow. */
import type { Input } from "@pulumi/pulumi";
import { cacheNodes, nodeMetrics } from "../../metrics/elastiCache.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import type { Thresholds } from "../contract.ts";
import { atLevels } from "./levels.ts";

/** A cache as its metrics name it. */
interface WatchedCache {
  /** AWS region. */
  readonly region: string;
  /** Name in the config. */
  readonly cache: string;
  readonly replicationGroupId: Input<string>;
  /** Nodes, the primary among them. */
  readonly nodes: number;
}

/** Every alarm of a cache. */
export function cacheAlarms(
  { region, cache, replicationGroupId, nodes }: WatchedCache,
  thresholds: Thresholds["caches"],
): AlarmDefinition[] {
  return cacheNodes(replicationGroupId, nodes).flatMap(({ number: node, id }) => {
    const metrics = nodeMetrics(id);
    const shared = {
      region,
      subject: `cache-${cache}`,
      dashboard: "data",
      comparison: "GreaterThanThreshold",
      periodSeconds: 60,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      missingData: "notBreaching",
    } as const;
    const short = { ...shared, kind: "cause", runbook: "cache-resources" } as const;
    const key = `cache-${cache}-${node}`;
    return [
      ...atLevels(thresholds.cpuPercent, {
        ...short,
        key: `${key}-cpu`,
        summary: `Node ${node} of cache ${cache} runs out of CPU.`,
        watch: metrics.cpu,
      }),
      ...atLevels(thresholds.memoryPercent, {
        ...short,
        key: `${key}-memory`,
        summary: `Node ${node} of cache ${cache} is nearly full: it drops keys or refuses writes.`,
        watch: metrics.memory,
      }),
      ...atLevels(thresholds.evictions, {
        ...short,
        key: `${key}-evictions`,
        summary: `Node ${node} of cache ${cache} drops keys for want of memory.`,
        watch: metrics.evictions,
        periodSeconds: 300,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
      }),
      ...(nodes < 2
        ? []
        : atLevels(thresholds.replicaLagSeconds, {
            ...shared,
            kind: "symptom",
            key: `${key}-lag`,
            summary: `Node ${node} of cache ${cache} is behind the primary: a failover would lose keys.`,
            runbook: "replica-lag",
            watch: metrics.replicaLag,
          })),
    ];
  });
}
