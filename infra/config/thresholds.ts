/** Thresholds that alarms compare with, by what they watch. Each has a value for every severity. */
import { range } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";

const severity = (most: number, unit: string) =>
  z
    .number()
    .min(0)
    .max(most)
    .optional()
    .meta({ description: unit, examples: [1] });

const levels = (most: number, unit: string, description: string, example: Record<string, number>) => {
  const value = severity(most, unit);
  return z
    .strictObject({ P0: value, P1: value, P2: value, P3: value })
    .meta({ description: `${description}; a value (${unit}) for each severity that notifies`, examples: [example] });
};

const percent = (description: string, example: Record<string, number>) => levels(100, "percent", description, example);
const count = (description: string, example: Record<string, number>) => levels(1_000_000_000, "count", description, example);
const seconds = (description: string, example: Record<string, number>) => levels(86_400, "seconds", description, example);

/** Response times by statistic. */
const latency = z
  .partialRecord(z.enum(["average", "p50", "p90", "p95", "p99"]), levels(4_000_000, "milliseconds", "response time above it", { P2: 1000 }))
  .describe("response time by statistic: average, p50, p90, p95, p99")
  .meta({ examples: [{ p95: { P2: 1000 } }] });

const requests = {
  minimumRequests: range(0, 1_000_000, "requests in a window below which its ratio and percentile say nothing").meta({ examples: [20] }),
  include4xx: z
    .boolean()
    .describe("answers of 400 to 499 count as errors too")
    .meta({ examples: [false] }),
  errorRatePercent: percent("answers that are errors", { P1: 5, P2: 1 }),
  errorRateMinutes: range(1, 60, "minutes in a row above it").meta({ examples: [5] }),
  clientErrorRatePercent: percent("answers of 400 to 499, shown apart", { P3: 20 }),
  serverErrorsPerMinute: count("answers of 500 to 599 in a minute, more than", { P1: 0 }),
  serverErrorMinutes: levels(60, "minutes", "minutes in a row that each have an answer of 500 to 599", { P1: 5 }),
  latencyMilliseconds: latency,
};

const tasks = {
  cpuPercent: percent("CPU of a service's tasks", { P2: 80 }),
  memoryPercent: percent("memory of a service's tasks", { P2: 85 }),
  diskPercent: percent("disk of a service's tasks", { P2: 90 }),
};

const databases = {
  cpuPercent: percent("CPU of an instance", { P2: 90 }),
  diskPercent: percent("storage in use, PostgreSQL only: DocumentDB's grows by itself", { P1: 90 }),
  freeMemoryPercent: percent("memory that is free, less than", { P2: 10 }),
  connectionsPercent: percent("connections in use, of those that it lets in", { P2: 90 }),
  replicaLagSeconds: seconds("how far a replica may be behind", { P1: 60 }),
  slowStatements: count("statements in five minutes slower than the database's slowQueryMilliseconds, more than", { P2: 10 }),
};

const caches = {
  cpuPercent: percent("CPU of the engine", { P2: 90 }),
  memoryPercent: percent("memory in use", { P1: 90, P2: 80 }),
  replicaLagSeconds: seconds("how far a replica may be behind", { P2: 1 }),
  evictions: count("keys dropped for want of memory in five minutes, more than", { P2: 100 }),
};

const sites = { errorRatePercent: percent("answers of CloudFront that are errors", { P2: 5 }) };
const waf = { blockedPerMinute: count("requests that AWS WAF blocks in a minute, more than", { P2: 1000 }) };
const certificates = { daysLeft: levels(365, "days", "days to the end of a certificate, fewer than", { P1: 7, P2: 30 }) };

/** Values where neither the stack nor its system's guide says anything: AWS's own recommendations, or the usual ones. */
const silent = {
  requests: {
    minimumRequests: 20,
    include4xx: false,
    errorRatePercent: { P1: 5, P2: 1 },
    errorRateMinutes: 5,
    clientErrorRatePercent: {},
    serverErrorsPerMinute: {},
    serverErrorMinutes: {},
    latencyMilliseconds: { p99: { P2: 3000 } },
  },
  tasks: { cpuPercent: { P2: 80 }, memoryPercent: { P2: 85 }, diskPercent: { P2: 90 } },
  databases: {
    cpuPercent: { P2: 90 },
    diskPercent: { P1: 90 },
    freeMemoryPercent: { P2: 10 },
    connectionsPercent: { P2: 90 },
    replicaLagSeconds: { P1: 60 },
    slowStatements: { P2: 10 },
  },
  caches: { cpuPercent: { P2: 90 }, memoryPercent: { P1: 90, P2: 80 }, replicaLagSeconds: { P2: 1 }, evictions: { P2: 100 } },
  sites: { errorRatePercent: { P2: 5 } },
  waf: { blockedPerMinute: { P2: 1000 } },
  certificates: { daysLeft: { P1: 7, P2: 30 } },
} as const;

type Shape = Readonly<Record<string, z.ZodType>>;

/** A section whose values stand in for the ones that are left out. */
function section<T extends Shape>(shape: T, defaults: { readonly [K in keyof T]: z.output<T[K]> }, description: string) {
  const filled = Object.fromEntries(Object.entries(shape).map(([key, type]) => [key, type.default(defaults[key] as never)]));
  return z
    .strictObject(filled as { [K in keyof T]: z.ZodDefault<T[K]> })
    .prefault({} as never)
    .describe(description);
}

const about = {
  requests: "what users see of each service",
  tasks: "what a service's tasks use",
  databases: "databases",
  caches: "caches",
  sites: "static sites",
  waf: "AWS WAF",
  certificates: "certificates",
} as const;

/** Sections with their defaults. */
export const thresholdSections = {
  requests: section(requests, silent.requests, about.requests),
  tasks: section(tasks, silent.tasks, about.tasks),
  databases: section(databases, silent.databases, about.databases),
  caches: section(caches, silent.caches, about.caches),
  sites: section(sites, silent.sites, about.sites),
  waf: section(waf, silent.waf, about.waf),
  certificates: section(certificates, silent.certificates, about.certificates),
};

/** The same sections for a phase: what is left out stays as it is. */
export const phaseSections = {
  requests: z.strictObject(requests).partial().optional().describe(about.requests),
  tasks: z.strictObject(tasks).partial().optional().describe(about.tasks),
  databases: z.strictObject(databases).partial().optional().describe(about.databases),
};

/** Values of an application's own metric by severity. */
export const applicationLevels = levels(1e12, "the metric's own unit", "values", { P1: 5000, P3: 3000 });
