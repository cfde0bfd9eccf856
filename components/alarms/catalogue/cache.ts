/** Alarms of a Valkey or Redis replication group: one a node, as each may be the primary tomorrow. */

import type { Input } from "@pulumi/pulumi";
import { cacheNodes, nodeMetrics } from "../../metrics/elastiCache.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import type { Thresholds } from "../contract.ts";
import { cacheSubject } from "../subjects.ts";
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
  const every = cacheNodes(replicationGroupId, nodes);
  const silent: AlarmDefinition = {
    region,
    subject: cacheSubject(cache),
    dashboard: "data",
    key: `cache-${cache}-silent`,
    severity: "P0",
    kind: "symptom",
    dead: true,
    likely: "a failover that does not end, or a node that was deleted.",
    summary: `No node of cache ${cache} reports anything: it is down or cannot be reached.`,
    runbook: "cache-resources",
    // A node that runs always says how busy it is. Nothing at all of all nodes is no value, which is bad too.
    watch: {
      metrics: Object.fromEntries(every.map(({ number: node, id }) => [`cpu${node}`, nodeMetrics(id).cpu])),
      expression: `MAX([${every.map(({ number: node }) => `IF(FILL(cpu${node},101)<101,1,0)`).join(",")}])`,
      label: `${cache}: a node reports`,
      unit: "1 for yes",
    },
    comparison: "LessThanThreshold",
    threshold: 1,
    periodSeconds: 60,
    evaluationPeriods: 3,
    missingData: "breaching",
  };
  const ofNodes = every.flatMap(({ number: node, id }) => {
    const metrics = nodeMetrics(id);
    const shared = {
      region,
      subject: cacheSubject(cache),
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
        likely: "one key that everybody asks for, or commands over whole collections (KEYS, large ranges).",
        summary: `Node ${node} of cache ${cache} runs out of CPU.`,
        watch: metrics.cpu,
      }),
      ...atLevels(thresholds.memoryPercent, {
        ...short,
        key: `${key}-memory`,
        likely: "keys without an expiry, or more users than the node was sized for.",
        summary: `Node ${node} of cache ${cache} is nearly full: it drops keys or refuses writes.`,
        watch: metrics.memory,
      }),
      ...atLevels(thresholds.evictions, {
        ...short,
        key: `${key}-evictions`,
        likely: "keys without an expiry, or more users than the node was sized for.",
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
            likely: "more writes than the link between the nodes carries, or a node that was replaced a moment ago.",
            summary: `Node ${node} of cache ${cache} is behind the primary: a failover would lose keys.`,
            runbook: "replica-lag",
            watch: metrics.replicaLag,
          })),
    ];
  });
  return [silent, ...ofNodes];
}
