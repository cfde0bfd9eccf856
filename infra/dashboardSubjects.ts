/** What a region has, in the terms of its dashboards. */

import { entriesByName, required } from "../components/byName.ts";
import type { ShownCustomMetric, ShownEndpoint, ShownService, ShownStore } from "../components/dashboards/subjects.ts";
import { thresholdsNow } from "../components/environment/contract/alarms.ts";
import { reportedMetric } from "../components/metrics/application.ts";
import { cacheNodes } from "../components/metrics/elastiCache.ts";
import type { StackConfig } from "./config/stack.ts";
import { countedLog } from "./logMetrics.ts";
import type { StackRegion } from "./region.ts";

/** Services behind the region's load balancer. Nothing in here depends on which colour is live: a step of a release changes no dashboard. */
export function shownServices(config: StackConfig, region: StackRegion): ShownService[] {
  return entriesByName(region.ecsServices).map(([name, { targets, serviceNames, logGroupName }]): ShownService => {
    const { minimum, maximum, cpuPercent, memoryPercent } = required(config.services, name, "service on a dashboard").scaling;
    const { patterns } = countedLog(config, name);
    return {
      name,
      cluster: region.clusterName,
      colours: {
        blue: { targetGroup: targets.blue.arnSuffix, ecsService: serviceNames.blue },
        green: { targetGroup: targets.green.arnSuffix, ecsService: serviceNames.green },
      },
      logGroup: logGroupName,
      tasks: { minimum, maximum },
      scaling: { cpuPercent, memoryPercent },
      patterns: entriesByName(patterns).map(([label, metric]) => ({ label, metric })),
      endpoints: endpointsOf(config, name),
    };
  });
}

function endpointsOf(config: StackConfig, service: string): ShownEndpoint[] {
  const { patterns, paths } = countedLog(config, service);
  return entriesByName(paths).map(([name, metrics]): ShownEndpoint => {
    const panel = required(config.dashboards.endpoints, name, "path on a dashboard");
    const signal = panel.signal === undefined ? undefined : patterns[panel.signal];
    return {
      label: `${panel.methods.join(", ")} ${panel.path}`,
      ...metrics,
      ...(signal === undefined || panel.signal === undefined ? {} : { signal: { label: panel.signal, metric: signal } }),
    };
  });
}

/** Data stores of the region by their physical names. */
export function shownStores(config: StackConfig, { data }: StackRegion): ShownStore[] {
  const databases = entriesByName(data.databases).flatMap(([name, access]): ShownStore[] => {
    if (access.kind === "table") return [{ kind: "dynamodb", name, table: access.tableName }];
    const settings = required(config.databases, name, "database on a dashboard");
    if (settings.engine === "documentdb")
      return [{ kind: "documentdb", name, cluster: access.identifier, readers: settings.instances > 1 }];
    const replicas = entriesByName(access.replicaIdentifiers);
    return [
      { kind: "postgres", name, instance: access.identifier, replicas: replicas.map(([, identifier]) => identifier) },
      ...replicas.map(([replica, instance]): ShownStore => ({ kind: "postgres", name: `${name}-${replica}`, instance, replicas: [] })),
    ];
  });
  const caches = entriesByName(data.caches).map(([name, { replicationGroupId }]): ShownStore => {
    const { replicas } = required(config.caches, name, "cache on a dashboard");
    return { kind: "cache", name, nodes: cacheNodes(replicationGroupId, replicas + 1).map(({ id }) => id) };
  });
  return [
    ...databases,
    ...caches,
    ...entriesByName(data.fileSystems).map(
      ([name, { fileSystemId }]): ShownStore => ({ kind: "fileSystem", name, fileSystem: fileSystemId }),
    ),
    ...entriesByName(data.buckets).map(([name, { bucket }]): ShownStore => ({ kind: "bucket", name, bucket })),
  ];
}

/** What only the applications know: what raises an alarm first, then the rest. */
export function customMetrics({ alarms, dashboards }: StackConfig): ShownCustomMetric[] {
  return [
    ...entriesByName(alarms.application).map(([label, metric]) => ({
      label,
      metric: reportedMetric(metric),
      periodSeconds: metric.periodSeconds,
    })),
    ...entriesByName(dashboards.metrics).map(([label, metric]) => ({ label, metric: reportedMetric(metric) })),
  ];
}

/** Answer times that are drawn: half, 95 and 99 of 100 requests are faster, and every statistic that an alarm watches. */
export function answerTimes({ alarms }: StackConfig): string[] {
  const watched = entriesByName(thresholdsNow(alarms).requests.latencyMilliseconds).map(([statistic]) => statistic);
  return [...new Set(["p50", "p95", "p99", ...watched])];
}
