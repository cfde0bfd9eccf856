/** The dashboard of the data stores: can they be reached, are they quick, have they room. */
import type { Input } from "@pulumi/pulumi";
import { clusterMetrics } from "../metrics/docdb.ts";
import { tableMetrics } from "../metrics/dynamoDb.ts";
import { fileSystemMetrics } from "../metrics/efs.ts";
import { nodeMetrics } from "../metrics/elastiCache.ts";
import type { Metric } from "../metrics/metric.ts";
import { instanceMetrics } from "../metrics/rds.ts";
import { bucketMetrics } from "../metrics/s3.ts";
import { checkGraphs } from "./checks.ts";
import { inRows } from "./layout.ts";
import type { ShownCheck, ShownPattern, ShownStore } from "./subjects.ts";
import { graph, type MetricWidget, palette, type Section, type Series } from "./widget.ts";

/** What the dashboard is about. */
interface DataDashboard {
  readonly stores: readonly ShownStore[];
  /** Whether each can be reached from inside the network. */
  readonly checks: readonly ShownCheck[];
  /** What is counted in the logs of databases, such as slow queries, by store. */
  readonly patterns: Readonly<Record<string, readonly ShownPattern[]>>;
}

/** Reachability first, then one section a store. */
export function dataSections({ stores, checks, patterns }: DataDashboard): Section[] {
  return [
    { heading: "Data", rows: [] },
    ...(checks.length === 0 ? [] : [{ heading: "Reached from inside the network", rows: [{ height: 5, widgets: checkGraphs(checks) }] }]),
    ...stores.map((store): Section => {
      const counted = patterns[store.name] ?? [];
      const widgets = [...graphsOf(store), ...(counted.length === 0 ? [] : [countedGraph(counted)])];
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

function graphsOf(store: ShownStore): MetricWidget[] {
  switch (store.kind) {
    case "postgres":
      return postgres(store);
    case "documentdb":
      return documentDb(store);
    case "dynamodb":
      return dynamoDb(store.table);
    case "cache":
      return cache(store.nodes);
    case "fileSystem":
      return fileSystem(store.fileSystem);
    case "bucket":
      return bucket(store.bucket);
  }
}

const { blue, green, purple, bad, warning, neutral } = palette;

function postgres({ instance, replicas }: Extract<ShownStore, { kind: "postgres" }>): MetricWidget[] {
  const of = instanceMetrics(instance);
  const lag = replicas.map((id, index): [string, Series] => [
    `lag${index}`,
    { label: `replica ${index + 1}`, metric: instanceMetrics(id).replicaLag, colour: purple },
  ]);
  return [
    graph("Connections", {
      most: { label: "most", metric: of.mostConnections, colour: blue },
      average: { label: "average", metric: of.connections, colour: green },
    }),
    diskLatency(of),
    graph("Sessions at work", { load: { label: "load", metric: of.load, colour: purple } }),
    graph("CPU", { average: { label: "average", metric: of.cpu, colour: blue } }, { most: 100 }),
    graph("Free memory", { average: { label: "average", metric: of.freeMemory, colour: green } }),
    graph("Free disk", { least: { label: "least", metric: of.freeDisk, colour: green } }),
    ...(lag.length === 0 ? [] : [graph("Replicas behind", Object.fromEntries(lag))]),
  ];
}

function diskLatency({ readLatency, writeLatency }: Readonly<Record<"readLatency" | "writeLatency", Metric>>): MetricWidget {
  return graph("Disk reads and writes, p90", {
    read: { label: "read", metric: readLatency, colour: blue },
    write: { label: "write", metric: writeLatency, colour: warning },
  });
}

function documentDb({ cluster, readers }: Extract<ShownStore, { kind: "documentdb" }>): MetricWidget[] {
  const of = clusterMetrics(cluster);
  return [
    graph("Connections", { most: { label: "most", metric: of.connections, colour: blue } }),
    graph("Operations", {
      query: { label: "queries", metric: of.queries, colour: blue },
      insert: { label: "inserts", metric: of.inserts, colour: green },
      update: { label: "updates", metric: of.updates, colour: warning },
    }),
    diskLatency(of),
    graph("CPU", { most: { label: "busiest instance", metric: of.cpu, colour: blue } }, { most: 100 }),
    graph("Free memory", { least: { label: "least", metric: of.freeMemory, colour: green } }),
    graph("Stored", { used: { label: "volume", metric: of.stored, colour: neutral } }, { periodSeconds: 300 }),
    ...(readers ? [graph("Readers behind", { lag: { label: "furthest", metric: of.replicaLag, colour: purple } })] : []),
  ];
}

function dynamoDb(table: Input<string>): MetricWidget[] {
  const of = tableMetrics(table);
  return [
    graph("Units used", {
      read: { label: "read", metric: of.readUnits, colour: blue },
      write: { label: "write", metric: of.writeUnits, colour: warning },
    }),
    graph("Refused for too many at once", {
      read: { label: "reads", metric: of.throttledReads, colour: bad },
      write: { label: "writes", metric: of.throttledWrites, colour: warning },
    }),
    graph("Conditions that did not hold", { failed: { label: "failed writes", metric: of.failedConditions, colour: neutral } }),
  ];
}

function cache(nodes: readonly Input<string>[]): MetricWidget[] {
  const tints = [blue, green, purple];
  const each = (key: keyof ReturnType<typeof nodeMetrics>, of: readonly string[] = tints) =>
    Object.fromEntries(
      nodes.map((node, index) => [
        `node${index + 1}`,
        { label: `node ${index + 1}`, metric: nodeMetrics(node)[key], colour: of[index % of.length] ?? neutral },
      ]),
    );
  return [
    graph("Memory", each("memory"), { most: 100 }),
    graph("CPU of the engine", each("cpu"), { most: 100 }),
    graph("Connections", each("connections")),
    graph("Dropped for want of room", each("evictions", [bad, warning, purple]), { periodSeconds: 300 }),
  ];
}

function fileSystem(id: Input<string>): MetricWidget[] {
  const of = fileSystemMetrics(id);
  return [
    graph("Clients", { clients: { label: "clients", metric: of.clients, colour: blue } }),
    graph("Read and written", {
      read: { label: "read", metric: of.read, colour: blue },
      write: { label: "written", metric: of.written, colour: warning },
    }),
    graph("Share of the I/O limit", { share: { label: "used", metric: of.ioLimit, colour: purple } }, { most: 100 }),
    graph("Stored", { total: { label: "total", metric: of.stored, colour: neutral } }, { periodSeconds: 900 }),
  ];
}

function bucket(name: Input<string>): MetricWidget[] {
  const of = bucketMetrics(name);
  const daily = { periodSeconds: 86_400 };
  return [
    graph("Stored, once a day", { size: { label: "standard class", metric: of.stored, colour: neutral } }, daily),
    graph("Objects, once a day", { count: { label: "objects", metric: of.objects, colour: neutral } }, daily),
  ];
}

function countedGraph(patterns: readonly ShownPattern[]): MetricWidget {
  const series = patterns.map(({ label, metric }, index): [string, Series] => [`line${index}`, { metric, label }]);
  return graph("Counted in the log", Object.fromEntries(series), { periodSeconds: 300 });
}
