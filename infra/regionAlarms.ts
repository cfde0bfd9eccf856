/** What is watched of one region: every part's alarms, with the thresholds of the stack's config. */
import type { AlarmDefinition } from "../components/alarms/alarmDefinition.ts";
import { cacheAlarms } from "../components/alarms/catalogue/cache.ts";
import { certificateAlarms } from "../components/alarms/catalogue/certificate.ts";
import { documentClusterAlarms } from "../components/alarms/catalogue/documentCluster.ts";
import { defaultConnections } from "../components/alarms/catalogue/instanceMemory.ts";
import { loadBalancerAlarms } from "../components/alarms/catalogue/loadBalancer.ts";
import { natAlarms } from "../components/alarms/catalogue/nat.ts";
import { postgresAlarms } from "../components/alarms/catalogue/postgres.ts";
import { serviceAlarms } from "../components/alarms/catalogue/service.ts";
import { podAlarms } from "../components/alarms/catalogue/servicePods.ts";
import { tableAlarms } from "../components/alarms/catalogue/table.ts";
import type { RollbackTriggers } from "../components/alarms/catalogue/watchedService.ts";
import { databaseSubject } from "../components/alarms/subjects.ts";
import { required } from "../components/byName.ts";
import { colours } from "../components/colours.ts";
import { thresholdsNow } from "../components/environment/contract/alarms.ts";
import { certifiedNames } from "../components/environment/contract/hosts.ts";
import { colourName } from "../components/kubernetes/labels.ts";
import { SlowStatements } from "../components/logs/slowStatements.ts";
import type { Metric } from "../components/metrics/metric.ts";
import { slowStatements } from "../components/metrics/slipway.ts";
import { hostsOf, needsOfService, observedCluster } from "./config/alarmNeeds.ts";
import type { StackRegion } from "./region.ts";

/** Alarms of everything that a region has. */
export function regionAlarms(region: StackRegion): AlarmDefinition[] {
  const { config } = region;
  const thresholds = thresholdsNow(config.alarms);
  const { name } = region;
  const onEcs = Object.keys(region.ecsServices);
  return [
    ...loadBalancerAlarms(
      { region: name, arnSuffix: region.loadBalancer.arnSuffix, services: onEcs, hosts: hostsOf(config, onEcs) },
      thresholds.requests,
    ),
    ...certificateAlarms(
      { region: name, name: "load-balancer", certificateArn: region.certificateArn, hosts: certifiedNames(config) },
      thresholds.certificates.daysLeft,
    ),
    ...servicesOf(region),
    ...podsOf(region),
    ...databasesOf(region),
    ...Object.entries(config.caches).flatMap(([cache, { replicas }]) => {
      const { replicationGroupId } = required(region.data.caches, cache, "cache with alarms");
      return cacheAlarms({ region: name, cache, replicationGroupId, nodes: replicas + 1 }, thresholds.caches);
    }),
    ...Object.entries(region.network.natGatewayIds).flatMap(([zone, id]) => natAlarms({ region: name, zone, id })),
  ];
}

function servicesOf(region: StackRegion): AlarmDefinition[] {
  const { config } = region;
  const rollback: Readonly<Record<string, RollbackTriggers>> = config.autoRollback;
  const thresholds = thresholdsNow(config.alarms);
  return Object.entries(region.ecsServices).flatMap(([service, { targets, serviceNames, candidate }]) => {
    const { scaling } = required(config.services, service, "service with alarms");
    return serviceAlarms(
      {
        region: region.name,
        service,
        hosts: hostsOf(config, [service]),
        needs: needsOfService(config, service),
        loadBalancer: region.loadBalancer.arnSuffix,
        targetGroups: { blue: targets.blue.arnSuffix, green: targets.green.arnSuffix },
        clusterName: region.clusterName,
        serviceNames,
        minimumTasks: scaling.minimum,
        candidate,
      },
      { ...thresholds.requests, ...thresholds.tasks },
      Object.hasOwn(rollback, service) ? rollback[service] : undefined,
    );
  });
}

/** Services on a cluster that writes to CloudWatch. */
function podsOf({ config, name: region, services }: StackRegion): AlarmDefinition[] {
  const observed = observedCluster(config);
  if (observed === undefined) return [];
  const { name: cluster, namespace } = observed;
  const { tasks } = thresholdsNow(config.alarms);
  return observed.services.flatMap((service) => {
    if (!Object.hasOwn(services, service)) return [];
    const { release } = required(config.services, service, "service with alarms");
    const imaged = colours.filter((colour) => release[colour].image !== undefined);
    const deployments = Object.fromEntries(imaged.map((colour) => [colour, colourName(service, colour)]));
    const told = { hosts: hostsOf(config, [service]), needs: needsOfService(config, service) };
    return podAlarms({ region, service, ...told, cluster, namespace, deployments }, tasks);
  });
}

function databasesOf(region: StackRegion): AlarmDefinition[] {
  const { config } = region;
  const thresholds = thresholdsNow(config.alarms).databases;
  return Object.entries(config.databases).flatMap(([database, settings]) => {
    const access = required(region.data.databases, database, "database with alarms");
    if (access.kind === "table") return tableAlarms({ region: region.name, table: database, tableName: access.tableName });
    if (settings.engine === "dynamodb") return [];
    const slowStatements = slowStatementsOf(region, database, access.slowLogGroup, settings.engine);
    const { identifier } = access;
    const { instanceClass } = settings;
    const shared = { region: region.name, identifier, slowStatements };
    if (settings.engine === "documentdb")
      return documentClusterAlarms({ ...shared, database, instanceClass, instances: settings.instances }, thresholds);
    const { storageGib, maximumConnections } = settings;
    const connections = maximumConnections ?? defaultConnections(instanceClass);
    const replicas = Object.entries(access.replicaIdentifiers).flatMap(([replica, of]) => {
      const replicaClass = settings.readReplicas[replica]?.instanceClass ?? instanceClass;
      const watched = {
        region: region.name,
        database: `${database}-${replica}`,
        identifier: of,
        instanceClass: replicaClass,
        storageGib,
        needs: [databaseSubject(database)],
      };
      return postgresAlarms({ ...watched, connections: maximumConnections ?? defaultConnections(replicaClass), replica: true }, thresholds);
    });
    return [...postgresAlarms({ ...shared, database, instanceClass, storageGib, connections }, thresholds), ...replicas];
  });
}

function slowStatementsOf(
  { config, place }: StackRegion,
  database: string,
  logGroupName: StackRegion["keyArn"],
  engine: "postgres" | "documentdb",
): Metric {
  const metricName = slowStatements(config, database).name;
  return place.make(SlowStatements, `${place.names.store("db", database)}-slow`, { logGroupName, engine, metricName }).metric;
}
