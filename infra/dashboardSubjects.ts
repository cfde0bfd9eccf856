/** What a region has, in the terms of its dashboards. */

import { entriesByName, required } from "../components/byName.ts";
import type { ShownCustomMetric, ShownEndpoint, ShownService, ShownStore, Thresholds } from "../components/dashboards/subjects.ts";
import { cacheNodes } from "../components/metrics/elastiCache.ts";
import { thresholdsNow } from "./config/alarms.ts";
import type { StackConfig } from "./config/stack.ts";
import { countedLog } from "./logMetrics.ts";
import type { StackRegion } from "./region.ts";

type Levels = NonNullable<Thresholds["cpuPercent"]>;

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
    return [
      {
        kind: "postgres",
        name,
        instance: access.identifier,
        replicas: entriesByName(access.replicaIdentifiers).map(([, identifier]) => identifier),
      },
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
    ...entriesByName(alarms.application).map(([label, { namespace, metric, statistic, dimensions, levels, bad }]) => ({
      label,
      metric: { namespace, name: metric, statistic, dimensions },
      unit: statistic.toLowerCase(),
      levels,
      bad,
    })),
    ...entriesByName(dashboards.metrics).map(([label, { namespace, metric, statistic, dimensions, unit }]) => ({
      label,
      metric: { namespace, name: metric, statistic, dimensions },
      unit,
    })),
  ];
}

/** Thresholds of the alarms, as they are now. */
export function shownThresholds({ alarms }: StackConfig): Thresholds {
  const { requests, tasks, databases, caches, sites, waf, certificates } = thresholdsNow(alarms);
  return {
    errorPercent: requests.errorRatePercent,
    latencySeconds: Object.fromEntries(
      Object.entries(requests.latencyMilliseconds).map(([statistic, levels]) => [statistic, inSeconds(levels)]),
    ),
    cpuPercent: tasks.cpuPercent,
    memoryPercent: tasks.memoryPercent,
    diskPercent: tasks.diskPercent,
    databaseCpuPercent: databases.cpuPercent,
    replicaLagSeconds: databases.replicaLagSeconds,
    cacheMemoryPercent: caches.memoryPercent,
    siteErrorPercent: sites.errorRatePercent,
    blockedRequestsPerMinute: waf.blockedPerMinute,
    certificateDays: certificates.daysLeft,
  };
}

function inSeconds(levels: Levels): Levels {
  return Object.fromEntries(Object.entries(levels).map(([severity, value]) => [severity, value === undefined ? undefined : value / 1000]));
}
