/** The dashboard of the data stores: can they be reached, are they quick, have they room. */
import type { Input } from "@pulumi/pulumi";
import { clusterCpu, clusterMetric } from "../metrics/docdb.ts";
import { metricsOf } from "../metrics/metric.ts";
import { checkGraphs } from "./checks.ts";
import { levelThresholds } from "./graphs.ts";
import { inRows } from "./layout.ts";
import type { ShownCheck, ShownPattern, ShownStore, Thresholds } from "./subjects.ts";
import { graph, type MetricWidget, palette, type Section, type Series } from "./widget.ts";

/** What the dashboard is about. */
interface DataDashboard {
  readonly stores: readonly ShownStore[];
  /** Whether each can be reached from inside the network. */
  readonly checks: readonly ShownCheck[];
  /** What is counted in the logs of databases, such as slow queries, by store. */
  readonly patterns: Readonly<Record<string, readonly ShownPattern[]>>;
  readonly thresholds: Thresholds;
  /** Markdown links to where one reads on. */
  readonly links: string;
}

/** Reachability first, then one section a store. */
export function dataSections({ stores, checks, patterns, thresholds, links }: DataDashboard): Section[] {
  return [
    { heading: "Data", note: links, rows: [] },
    ...(checks.length === 0 ? [] : [{ heading: "Reached from inside the network", rows: [{ height: 5, widgets: checkGraphs(checks) }] }]),
    ...stores.map((store): Section => {
      const counted = patterns[store.name] ?? [];
      const widgets = [...graphsOf(store, thresholds), ...(counted.length === 0 ? [] : [countedGraph(counted)])];
      return { heading: `${store.name}: ${kindNames[store.kind]}`, rows: inRows(widgets, 4, 5) };
    }),
  ];
}

const kindNames = {
  postgres: "PostgreSQL",
  documentdb: "DocumentDB",
  dynamodb: "DynamoDB",
  cache: "cache",
  fileSystem: "file system",
  bucket: "bucket",
} as const;

function graphsOf(store: ShownStore, thresholds: Thresholds): MetricWidget[] {
  switch (store.kind) {
    case "postgres":
      return postgres(store, thresholds);
    case "documentdb":
      return documentDb(store, thresholds);
    case "dynamodb":
      return dynamoDb(store.table);
    case "cache":
      return cache(store.nodes, thresholds);
    case "fileSystem":
      return fileSystem(store.fileSystem);
    case "bucket":
      return bucket(store.bucket);
  }
}

const { blue, green, purple, bad, warning, neutral } = palette;

function postgres({ instance, replicas }: Extract<ShownStore, { kind: "postgres" }>, thresholds: Thresholds): MetricWidget[] {
  const ofInstance = (id: Input<string>) => metricsOf("AWS/RDS", { DBInstanceIdentifier: id });
  const of = ofInstance(instance);
  const lag = Object.fromEntries(
    replicas.map((id, index) => [
      `lag${index}`,
      { label: `replica ${index + 1}`, metric: ofInstance(id)("ReplicaLag", "Maximum"), colour: purple },
    ]),
  );
  return [
    graph("Connections", "connections", { most: { label: "most", metric: of("DatabaseConnections", "Maximum"), colour: blue } }),
    graph("Disk reads and writes, p90", "seconds", {
      read: { label: "read", metric: of("ReadLatency", "p90"), colour: blue },
      write: { label: "write", metric: of("WriteLatency", "p90"), colour: warning },
    }),
    graph("Sessions at work", "sessions", { load: { label: "load", metric: of("DBLoad", "Average"), colour: purple } }),
    graph(
      "CPU",
      "percent",
      { average: { label: "average", metric: of("CPUUtilization", "Average"), colour: blue } },
      { most: 100, thresholds: levelThresholds(thresholds.databaseCpuPercent) },
    ),
    graph("Free memory", "bytes", { least: { label: "least", metric: of("FreeableMemory", "Minimum"), colour: green } }),
    graph("Free disk", "bytes", { least: { label: "least", metric: of("FreeStorageSpace", "Minimum"), colour: green } }),
    ...(replicas.length === 0
      ? []
      : [graph("Replicas behind", "seconds", lag, { thresholds: levelThresholds(thresholds.replicaLagSeconds) })]),
  ];
}

function documentDb({ cluster, readers }: Extract<ShownStore, { kind: "documentdb" }>, thresholds: Thresholds): MetricWidget[] {
  const of = (name: string, statistic: string) => clusterMetric(cluster, name, statistic);
  return [
    graph("Connections", "connections", { most: { label: "most", metric: of("DatabaseConnections", "Maximum"), colour: blue } }),
    graph("Operations", "a minute", {
      query: { label: "queries", metric: of("OpcountersQuery", "Sum"), colour: blue },
      insert: { label: "inserts", metric: of("OpcountersInsert", "Sum"), colour: green },
      update: { label: "updates", metric: of("OpcountersUpdate", "Sum"), colour: warning },
    }),
    graph("Disk reads and writes, p90", "milliseconds", {
      read: { label: "read", metric: of("ReadLatency", "p90"), colour: blue },
      write: { label: "write", metric: of("WriteLatency", "p90"), colour: warning },
    }),
    graph(
      "CPU",
      "percent",
      { most: { label: "busiest instance", metric: clusterCpu(cluster), colour: blue } },
      { most: 100, thresholds: levelThresholds(thresholds.databaseCpuPercent) },
    ),
    graph("Free memory", "bytes", { least: { label: "least", metric: of("FreeableMemory", "Minimum"), colour: green } }),
    graph(
      "Stored",
      "bytes",
      { used: { label: "volume", metric: of("VolumeBytesUsed", "Maximum"), colour: neutral } },
      { periodSeconds: 300 },
    ),
    ...(readers
      ? [
          graph(
            "Readers behind",
            "milliseconds",
            { lag: { label: "furthest", metric: of("DBClusterReplicaLagMaximum", "Maximum"), colour: purple } },
            { thresholds: levelThresholds(thresholds.replicaLagSeconds, "above", (seconds) => seconds * 1000) },
          ),
        ]
      : []),
  ];
}

function dynamoDb(table: Input<string>): MetricWidget[] {
  const of = metricsOf("AWS/DynamoDB", { TableName: table });
  return [
    graph("Units used", "a minute", {
      read: { label: "read", metric: of("ConsumedReadCapacityUnits"), colour: blue },
      write: { label: "write", metric: of("ConsumedWriteCapacityUnits"), colour: warning },
    }),
    graph("Refused for too many at once", "a minute", {
      read: { label: "reads", metric: of("ReadThrottleEvents"), colour: bad },
      write: { label: "writes", metric: of("WriteThrottleEvents"), colour: warning },
    }),
    graph("Conditions that did not hold", "a minute", {
      failed: { label: "failed writes", metric: of("ConditionalCheckFailedRequests"), colour: neutral },
    }),
  ];
}

function cache(nodes: readonly Input<string>[], thresholds: Thresholds): MetricWidget[] {
  const each = (name: string, statistic: string, tints: readonly string[]) =>
    Object.fromEntries(
      nodes.map((node, index) => [
        `node${index + 1}`,
        {
          label: `node ${index + 1}`,
          metric: metricsOf("AWS/ElastiCache", { CacheClusterId: node })(name, statistic),
          colour: tints[index % tints.length] ?? neutral,
        },
      ]),
    );
  const tints = [blue, green, purple];
  return [
    graph("Memory", "percent", each("DatabaseMemoryUsagePercentage", "Maximum", tints), {
      most: 100,
      thresholds: levelThresholds(thresholds.cacheMemoryPercent),
    }),
    graph("CPU of the engine", "percent", each("EngineCPUUtilization", "Maximum", tints), { most: 100 }),
    graph("Connections", "connections", each("CurrConnections", "Maximum", tints)),
    graph("Dropped for want of room", "a minute", each("Evictions", "Sum", [bad, warning, purple])),
  ];
}

function fileSystem(id: Input<string>): MetricWidget[] {
  const of = metricsOf("AWS/EFS", { FileSystemId: id });
  const stored = metricsOf("AWS/EFS", { StorageClass: "Total", FileSystemId: id });
  return [
    graph("Clients", "connections", { clients: { label: "clients", metric: of("ClientConnections", "Sum"), colour: blue } }),
    graph("Read and written", "bytes a minute", {
      read: { label: "read", metric: of("DataReadIOBytes", "Sum"), colour: blue },
      write: { label: "written", metric: of("DataWriteIOBytes", "Sum"), colour: warning },
    }),
    graph(
      "Share of the I/O limit",
      "percent",
      { share: { label: "used", metric: of("PercentIOLimit", "Maximum"), colour: purple } },
      { most: 100 },
    ),
    graph(
      "Stored",
      "bytes",
      { total: { label: "total", metric: stored("StorageBytes", "Average"), colour: neutral } },
      { periodSeconds: 900 },
    ),
  ];
}

function bucket(name: Input<string>): MetricWidget[] {
  const of = (metric: string, StorageType: string) => metricsOf("AWS/S3", { StorageType, BucketName: name })(metric, "Average");
  const daily = { periodSeconds: 86_400 };
  return [
    graph(
      "Stored, once a day",
      "bytes",
      { size: { label: "standard class", metric: of("BucketSizeBytes", "StandardStorage"), colour: neutral } },
      daily,
    ),
    graph(
      "Objects, once a day",
      "objects",
      { count: { label: "objects", metric: of("NumberOfObjects", "AllStorageTypes"), colour: neutral } },
      daily,
    ),
  ];
}

function countedGraph(patterns: readonly ShownPattern[]): MetricWidget {
  const series = Object.fromEntries(patterns.map(({ label, metric }, index): [string, Series] => [`line${index}`, { metric, label }]));
  return graph("Counted in the log", "lines a minute", series);
}
