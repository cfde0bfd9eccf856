/** What the guides want to see is on the dashboards that the stacks really get: titles, metrics, lines, and the logs that they count. */
import { beforeAll, describe, expect, test } from "vitest";
import { WatchedStack, watchedStacks } from "../../harness/watchedStack.ts";

/** Something drawn on a dashboard, with its metrics in one text. */
interface Drawn {
  readonly dashboard: string;
  readonly title: string;
  readonly metrics: string;
  readonly lines: readonly number[];
}

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title?: string;
    readonly metrics?: unknown;
    readonly region?: string;
    readonly annotations?: { readonly horizontal: readonly { readonly value: number; readonly label?: string; readonly fill?: string }[] };
  };
}

function drawnOn({ resources }: WatchedStack): Drawn[] {
  return resources
    .filter(({ type }) => type === "aws:cloudwatch/dashboard:Dashboard")
    .flatMap(({ inputs }) =>
      (JSON.parse(String(inputs.dashboardBody)) as { widgets: Widget[] }).widgets.map(({ properties }) => ({
        dashboard: String(inputs.dashboardName).split("-").at(-1) ?? "",
        title: properties.title ?? "",
        metrics: JSON.stringify(properties.metrics ?? ""),
        lines: (properties.annotations?.horizontal ?? []).map(({ value }) => value),
      })),
    );
}

/** Filters of a stack's logs: pattern by name, without the stack's part. */
function countedBy({ resources }: WatchedStack, service: string): Record<string, string> {
  return Object.fromEntries(
    resources
      .filter(({ type, urn }) => type === "aws:cloudwatch/logMetricFilter:LogMetricFilter" && urn.includes(`${service}-log`))
      .map(({ inputs }) => [String(inputs.name).replace(new RegExp(`^[a-z]+-[a-z]+-${service}-`), ""), String(inputs.pattern)]),
  );
}

/** What a guide wants to see: dashboard, title, a part of its metrics. */
const wanted: Readonly<Record<string, readonly (readonly [dashboard: string, title: string, ...metrics: string[]])[]>> = {
  "clearhold/production": [
    ["service", "Answer time", '"p50"', '"p95"', '"p99"'],
    ["service", "Errors", "HTTPCode_Target_5XX_Count"],
    ["service", "Memory", "MemoryUtilization"],
    ["service", "database-connectivity", "DatabaseReachable"],
    ["service", "blockchain-connectivity", "BlockchainReachable"],
    ["service", "active-users", "ActiveUsers"],
  ],
  "smartduka/production": [
    ["service", "Answer time", '"p50"', '"p95"', '"p99"'],
    ["service", "Errors", '"4xx"', '"5xx"'],
    ["service", "CPU", "CPUUtilization"],
    ["service", "Memory", "MemoryUtilization"],
    ["service", "Disk of the fullest task", "EphemeralStorageUtilized", "EphemeralStorageReserved"],
    ["service", "Network", "NetworkRxBytes", "NetworkTxBytes"],
    ["data", "Counted in the log", "SlowStatements"],
    ["data", "Disk reads and writes, p90", "ReadLatency", "WriteLatency"],
  ],
  "deedpro/production": [
    ["service", "CPU", "CPUUtilization"],
    ["service", "Memory", "MemoryUtilization"],
    ["service", "Disk of the fullest task", "EphemeralStorageUtilized"],
  ],
  "olympiad/production": [
    ["data", "Connections", "DatabaseConnections"],
    ["data", "Stored", "VolumeBytesUsed"],
    ["data", "Readers behind", "DBClusterReplicaLagMaximum"],
  ],
};

describe.each(Object.entries(wanted))("%s", (name, panels) => {
  test("shows what its guide wants to see", async () => {
    const drawn = drawnOn(await WatchedStack.of(name));
    const missing = panels.filter(
      ([dashboard, title, ...metrics]) =>
        !drawn.some(
          (one) => one.dashboard === dashboard && one.title.startsWith(title) && metrics.every((part) => one.metrics.includes(part)),
        ),
    );
    expect(missing).toEqual([]);
  });
});

describe("Olympiad", () => {
  let stack: WatchedStack;
  beforeAll(async () => {
    stack = await WatchedStack.of("olympiad/production");
  });

  test("every risky path has its success, its time, and the signal that is its own", () => {
    const drawn = drawnOn(stack).filter(({ dashboard }) => dashboard === "service");
    const signals = {
      "POST /api/auth/register": "duplicate-emails",
      "POST /api/auth/login": "",
      "GET /api/portfolios": "out-of-memory",
      "POST /api/portfolio": "",
      "POST /api/upload/*": "disk-full",
      "GET, PUT /api/portfolio/*": "",
      "GET /api/olympiads": "",
      "GET, POST /socket.io/*": "",
    };
    for (const [path, signal] of Object.entries(signals)) {
      const titles = drawn.flatMap(({ title }) => (title.startsWith(`${path}: `) ? [title.slice(path.length + 2)] : []));
      expect(titles, path).toEqual(["success", "answer time", signal === "" ? "requests" : `requests, ${signal}`]);
    }
  });

  test("every pattern that its guide names is counted in the log", () => {
    const patterns = Object.values(countedBy(stack, "api"));
    const texts = [
      "Database connection error",
      "JWT_SECRET is required",
      "ECONNREFUSED",
      "ENOENT",
      "502 Bad Gateway",
      "504 Gateway Timeout",
    ];
    expect(texts.filter((text) => !patterns.some((pattern) => pattern.includes(`"${text}"`)))).toEqual([]);
    expect(patterns).toContain("{ $.status = 500 }");
    expect(patterns.some((pattern) => pattern.includes("MongoWaitQueueTimeoutError"))).toBe(true);
  });

  test("a lost connection, an empty pool and a missing secret are told", () => {
    const lines = ["database-errors", "pool-exhausted", "missing-secret"].map((pattern) => {
      const { inputs } = stack.alarm(`log-api-${pattern}-p1`).resource;
      return [inputs.period, inputs.threshold];
    });
    expect(lines).toEqual([
      [300, 3],
      [300, 0],
      [300, 0],
    ]);
  });

  test("queries are ready for each service and store, under the stack's name", () => {
    const names = stack.resources
      .filter(({ type }) => type === "aws:cloudwatch/queryDefinition:QueryDefinition")
      .map(({ inputs }) => String(inputs.name));
    expect(names).toContain("olympiad-prod/api/newest lines");
    expect(names).toContain("olympiad-prod/api/newest errors");
    expect(names).toContain("olympiad-prod/olympiad/slowest operations");
  });
});

/** `AWS/DocDB CPUUtilization Maximum` of every metric that a metric alarm looks at. */
function watchedBy({ metricAlarms }: WatchedStack): string[] {
  return metricAlarms.flatMap(({ resource: { inputs } }) => {
    const queries = (inputs.metricQueries ?? []) as { metric?: { namespace: string; metricName: string; stat: string } }[];
    const own =
      inputs.metricName === undefined ? [] : [[inputs.namespace, inputs.metricName, inputs.statistic ?? inputs.extendedStatistic]];
    const combined = queries.flatMap(({ metric }) => (metric === undefined ? [] : [[metric.namespace, metric.metricName, metric.stat]]));
    return [...own, ...combined].map((parts) => parts.join(" "));
  });
}

/** The same of every metric on a graph that has the line of an alarm. */
function drawnWithLine({ resources }: WatchedStack): { title: string; metrics: string[] }[] {
  return resources
    .filter(({ type }) => type === "aws:cloudwatch/dashboard:Dashboard")
    .flatMap(({ inputs }) => (JSON.parse(String(inputs.dashboardBody)) as { widgets: Widget[] }).widgets)
    .filter(({ properties }) => properties.annotations?.horizontal.some(({ label = "" }) => /(?:^| )P[0-3] (?:above|below) /.test(label)))
    .map(({ properties }) => ({
      title: properties.title ?? "",
      metrics: ((properties.metrics ?? []) as unknown[][]).flatMap((line) =>
        typeof line[0] === "string" ? [`${line[0]} ${line[1]} ${(line.at(-1) as { stat: string }).stat}`] : [],
      ),
    }));
}

test.each(watchedStacks)("%s: a graph with an alarm's line draws what the alarm watches, by the same statistic", async (name) => {
  const stack = await WatchedStack.of(name);
  const watched = new Set(watchedBy(stack));
  const bare = (metric: string) => metric.slice(0, metric.lastIndexOf(" "));
  const names = new Set([...watched].map(bare));
  const graphs = drawnWithLine(stack);
  expect(graphs.length).toBeGreaterThan(0);
  const apart = graphs.flatMap(({ title, metrics }) => {
    const known = new Set(metrics.map(bare).filter((metric) => names.has(metric)));
    if (known.size === 0) return [`${title}: no alarm watches ${metrics.join(", ")}`];
    return [...known].flatMap((metric) =>
      metrics.some((drawn) => bare(drawn) === metric && watched.has(drawn))
        ? []
        : [`${title}: no alarm watches ${metric} by that statistic`],
    );
  });
  expect([...new Set(apart)]).toEqual([]);
});

/** A metric as one text: namespace, name, statistic, region, dimensions. */
function metricText(namespace: unknown, name: unknown, statistic: unknown, region: unknown, dimensions: object): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return [namespace, name, statistic, region, ...sorted.flat()].map(String).join(" ");
}

/** Graphs of all dashboards: what each draws, and where its alarms' lines are. */
function graphsOf({ resources }: WatchedStack): { drawn: Set<string>; lines: Set<string> }[] {
  return resources
    .filter(({ type }) => type === "aws:cloudwatch/dashboard:Dashboard")
    .flatMap(({ inputs }) => (JSON.parse(String(inputs.dashboardBody)) as { widgets: Widget[] }).widgets)
    .map(({ properties: { metrics = [], annotations, region: home } }) => ({
      drawn: new Set(
        (metrics as unknown[][]).flatMap((line) => {
          const { stat, region = home } = line.at(-1) as { stat?: string; region?: string };
          if (typeof line[0] !== "string") return [];
          const pairs = line.slice(2, -1);
          const dimensions = Object.fromEntries(pairs.flatMap((key, at) => (at % 2 === 0 ? [[String(key), pairs[at + 1]]] : [])));
          return [metricText(line[0], line[1], stat, region, dimensions)];
        }),
      ),
      lines: new Set((annotations?.horizontal ?? []).map(({ value, fill }) => `${fill} ${value}`)),
    }));
}

/** Alarms without a line, and why. */
const withoutLine = new Map([["release-in-progress", "it mutes pages while a release lasts, and tells nobody"]]);

test.each(watchedStacks)("%s: every alarm has its line, on a graph of all that it watches", async (name) => {
  const stack = await WatchedStack.of(name);
  const graphs = graphsOf(stack);
  const missing = stack.metricAlarms.flatMap(({ key, resource: { inputs } }) => {
    const { namespace, metricName, region, comparisonOperator, threshold } = inputs;
    const queries = (inputs.metricQueries ?? []) as {
      metric?: { namespace: string; metricName: string; stat: string; dimensions?: object };
    }[];
    const watched =
      metricName === undefined
        ? queries.flatMap(({ metric }) =>
            metric === undefined ? [] : [metricText(metric.namespace, metric.metricName, metric.stat, region, metric.dimensions ?? {})],
          )
        : [metricText(namespace, metricName, inputs.statistic ?? inputs.extendedStatistic, region, Object(inputs.dimensions))];
    const line = `${String(comparisonOperator).startsWith("Greater") ? "above" : "below"} ${threshold}`;
    const found = graphs.some(({ drawn, lines }) => lines.has(line) && watched.every((metric) => drawn.has(metric)));
    return found || withoutLine.has(key) ? [] : [`${key}: ${line} of ${watched.join(", ")}`];
  });
  expect(stack.metricAlarms.length).toBeGreaterThan(10);
  expect(missing).toEqual([]);
});
