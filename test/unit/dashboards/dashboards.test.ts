/** What the guides want to see is on the dashboards that the stacks really get: titles, metrics, lines, and the logs that they count. */
import { beforeAll, describe, expect, test } from "vitest";
import { WatchedStack } from "../../harness/watchedStack.ts";

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
    readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
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
