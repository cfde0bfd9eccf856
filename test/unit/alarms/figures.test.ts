/** The figures of the systems' guides, written down here once more and compared with the alarms that the stacks really get. */
import { describe, expect, test } from "vitest";
import { configOf } from "../../harness/config.ts";
import { WatchedStack } from "../../harness/watchedStack.ts";

/** Line of an alarm by its key, in the metric's unit: seconds for response times of the load balancer, percent for shares. */
type Figures = Readonly<Record<string, number>>;

const figures: Readonly<Record<string, Figures>> = {
  // Response 5000 ms, error rate 0.005, memory 0.8, disk 0.9.
  "clearhold/production": {
    "api-error-rate-p1": 0.5,
    "api-latency-average-p1": 5,
    "api-latency-average-p3": 2,
    "api-memory-p2": 80,
    "api-disk-p2": 90,
    "app-database-connectivity-p0": 1,
    "app-blockchain-connectivity-p1": 1,
    "app-active-users-p3": 1,
    "slo-availability-p0-long": 1.44,
  },
  // Promises: homepage 2000/3000, API 500/1000, wallet 3000/5000, transaction 30000/60000 ms; errors above 5 %.
  "coinestate/production": {
    "api-error-rate-p1": 5,
    "api-latency-p95-p1": 1,
    "api-latency-p95-p3": 0.5,
    "app-homepage-p1": 3000,
    "app-homepage-p3": 2000,
    "app-wallet-connection-p1": 5000,
    "app-wallet-connection-p3": 3000,
    "app-transaction-confirmation-p1": 60_000,
    "app-transaction-confirmation-p3": 30_000,
    "app-edge-blocked-p1": 1000,
  },
  // Immediate is P1, soon is P2.
  "olympiad/production": {
    "api-error-rate-p1": 5,
    "api-error-rate-p2": 1,
    "api-server-errors-p1": 0,
    "api-latency-average-p2": 2,
    "api-cpu-p1": 90,
    "api-memory-p1": 90,
    "api-disk-p1": 90,
    "db-olympiad-cpu-p1": 90,
    "app-database-failures-p1": 3,
    "app-upload-failures-p2": 5,
    "app-socket-disconnections-p2": 10,
    "app-socket-reconnections-p3": 5,
    "app-portfolio-creation-p2": 95,
    "app-connection-pool-p2": 80,
    "app-search-p2": 2000,
    "app-search-p3": 1000,
    "app-search-limit-p2": 200,
    "app-search-limit-p3": 100,
    "app-frontend-p3": 3000,
  },
  // Critical is P1, warning is P2, targets are P3.
  "smartduka/production": {
    "api-error-rate-p1": 1,
    "api-client-error-rate-p3": 20,
    "api-latency-p95-p2": 1,
    "api-latency-p95-p3": 0.5,
    "api-cpu-p2": 80,
    "api-memory-p1": 85,
    "api-disk-p1": 90,
    "db-shop-slow-statements-p2": 10,
  },
  "deedpro/production": {
    "api-latency-average-p3": 1,
    "api-latency-p95-p2": 1,
    "api-memory-p2": 90,
    "db-main-connections-p2": 80,
    "db-main-slow-statements-p2": 100,
    "app-page-load-p3": 2000,
    "app-step-transition-p3": 200,
    "app-ai-response-p2": 3000,
    "app-document-generation-p2": 5000,
    "app-openai-p2": 2000,
    "slo-availability-p3-long": 0.1,
  },
};

describe.each(Object.entries(figures))("%s", (name, expected) => {
  test("has the lines of its guide", async () => {
    const stack = await WatchedStack.of(name);
    const found = Object.fromEntries(Object.keys(expected).map((key) => [key, Number(stack.alarm(key).resource.inputs.threshold)]));
    expect(found).toEqual(expected);
  });
});

test("five errors in a row are five minutes in a row", async () => {
  const { resource } = (await WatchedStack.of("clearhold/production")).alarm("api-errors-in-a-row-p1");
  expect(resource.inputs).toMatchObject({ evaluationPeriods: 5, datapointsToAlarm: 5, threshold: 0 });
});

test("more than three connection failures count in five minutes, at once", async () => {
  const { resource } = (await WatchedStack.of("olympiad/production")).alarm("app-database-failures-p1");
  expect(resource.inputs).toMatchObject({
    period: 300,
    evaluationPeriods: 1,
    statistic: "Sum",
    comparisonOperator: "GreaterThanThreshold",
  });
});

test("errors are answers of 400 to 599 where the guide counts so, of 500 to 599 elsewhere", async () => {
  const metricsOf = async (name: string) => {
    const { resource } = (await WatchedStack.of(name)).alarm("api-error-rate-p1");
    const queries = resource.inputs.metricQueries as { metric?: { metricName: string } }[];
    return [...new Set(queries.flatMap(({ metric }) => metric?.metricName ?? []))].sort();
  };
  expect(await metricsOf("olympiad/production")).toContain("HTTPCode_Target_4XX_Count");
  for (const name of ["clearhold/production", "coinestate/production", "smartduka/production", "deedpro/production"])
    expect(await metricsOf(name), name).not.toContain("HTTPCode_Target_4XX_Count");
});

test("health checks that fail in a row: three, or the fourth where the guide says more than three", () => {
  const failures = (name: string) => configOf(name).services.api?.healthCheck.unhealthyThreshold;
  expect(failures("clearhold/production")).toBe(3);
  expect(failures("coinestate/production")).toBe(4);
});

test("slow statements are slower than the guide's milliseconds", () => {
  const of = (stack: string, database: string) => {
    const settings = configOf(stack).databases[database];
    return settings === undefined || settings.engine === "dynamodb" ? undefined : settings.slowQueryMilliseconds;
  };
  expect([of("olympiad/production", "olympiad"), of("smartduka/production", "shop"), of("deedpro/production", "main")]).toEqual([
    500, 500, 100,
  ]);
});

describe("the first 72 hours of Olympiad", () => {
  const lines = async (phase: string) => {
    const stack = await WatchedStack.of("olympiad/production", { "alarms.phase": phase });
    return Object.fromEntries(stack.metricAlarms.map(({ key, resource }) => [key, Number(resource.inputs.threshold)]));
  };

  test.each([
    [
      "hour-0-6",
      {
        "api-error-rate-p1": 3,
        "api-error-rate-p2": 1,
        "api-latency-average-p3": 0.5,
        "api-latency-p95-p3": 1,
        "api-cpu-p3": 70,
        "api-cpu-p1": 90,
      },
    ],
    ["hour-6-24", { "api-error-rate-p1": 3, "api-error-rate-p2": 1, "api-latency-average-p3": 0.5, "api-latency-p95-p3": 1 }],
    ["hour-24-72", { "api-error-rate-p1": 3, "api-error-rate-p2": 1, "api-latency-average-p2": 2 }],
  ])("%s", async (phase, expected) => expect(await lines(phase)).toMatchObject(expected));

  test("afterwards 5 % counts again", async () => {
    const stack = await WatchedStack.of("olympiad/production");
    expect(stack.alarm("api-error-rate-p1").resource.inputs.threshold).toBe(5);
    expect(stack.metricAlarms.some(({ key }) => key === "api-cpu-p3")).toBe(false);
  });
});
