/** What alarms compare with, what only an application can measure, and what is promised. */

import type { Accepted } from "../contract/accepted.ts";
import { matching, ownMetric, ownNamespace, range, serviceName, settings, text } from "../contract/fields.ts";
import { z } from "../contract/zod.ts";

/** Page that says what to do when an alarm fires. */
export function runbook(usual: string) {
  return matching(/^[a-z0-9-]{1,60}$/, "runbook", "page in docs/runbooks, without .md").default(usual);
}

/** The sentence of an alarm's message. */
export function summary(what: string) {
  return text(10, 200, `${what}, in one sentence`);
}

/** Where the runbooks are. */
export const runbookBase = matching(
  /^https:\/\/\S*[^/\s]$/,
  "https address",
  "address below which the runbooks are, for the links of messages: https, without a slash at its end",
).meta({ examples: ["https://github.com/coinestate/infrastructure/blob/main/docs/runbooks"] });

/** Where the person who is called looks first. */
export const likely = text(10, 200, "what it usually is, in one sentence").meta({ examples: ["the wallet provider is down."] });

/** What every set of alarms is made with. */
export const alarms = z.strictObject({ runbookBase });

/** A value for each severity that notifies. */
const levels = (most: number, unit: string, description: string, example: Record<string, number>, least = z.number().min(0)) => {
  const value = least
    .max(most)
    .optional()
    .meta({ description: unit, examples: [1] });
  return z
    .strictObject({ P0: value, P1: value, P2: value, P3: value })
    .meta({ description: `${description}; a value (${unit}) for each severity that notifies`, examples: [example] });
};

/** Values of an application's own metric by severity. */
export const applicationLevels = levels(1e12, "the metric's own unit", "values", { P1: 5000, P3: 3000 });

/** Levels of one unit. @param usual what holds where neither the stack nor its system's guide says anything */
const of =
  (most: number, unit: string, least?: z.ZodNumber) =>
  (description: string, usual: Record<string, number>, example: Record<string, number> = usual) =>
    levels(most, unit, description, example, least).default(usual);
const percent = of(100, "percent");
const count = of(1_000_000_000, "count");
const seconds = of(86_400, "seconds");

const requests = settings("what users see of each service", {
  minimumRequests: range(0, 1_000_000, "requests in a window below which its ratio and percentile say nothing").default(20),
  include4xx: z.boolean().describe("answers of 400 to 499 count as errors too").default(false),
  errorRatePercent: percent("answers that are errors", { P1: 5, P2: 1 }),
  errorRateMinutes: range(1, 60, "minutes in a row above it").default(5),
  clientErrorRatePercent: percent("answers of 400 to 499, shown apart", {}, { P3: 20 }),
  serverErrorsPerMinute: count("answers of 500 to 599 in a minute, more than", {}, { P1: 0 }),
  serverErrorMinutes: of(60, "minutes", z.number().int().min(1))("minutes in a row that each have an answer of 500 to 599", {}, { P1: 5 }),
  latencyMilliseconds: z
    .partialRecord(
      z.enum(["average", "p50", "p90", "p95", "p99"]),
      levels(4_000_000, "milliseconds", "response time above it", { P2: 1000 }),
    )
    .describe("response time by statistic: average, p50, p90, p95, p99")
    .meta({ examples: [{ p95: { P2: 1000 } }] })
    .default({ p99: { P2: 3000 } }),
});

const tasks = settings("what a service's tasks or pods use", {
  cpuPercent: percent("CPU of a service's tasks, or of its pods on EKS", { P2: 80 }),
  memoryPercent: percent("memory of a service's tasks, or of its pods on EKS", { P2: 85 }),
  diskPercent: percent("disk of a service's tasks, ECS only", { P2: 90 }),
  restarts: count("restarts of a service's containers in 15 minutes, EKS only, more than", { P2: 3 }),
});

const databases = settings("databases", {
  cpuPercent: percent("CPU of an instance", { P2: 90 }),
  diskPercent: percent("storage in use, PostgreSQL only: DocumentDB's grows by itself", { P1: 90 }),
  freeMemoryPercent: percent("memory that is free, less than", { P2: 10 }),
  connectionsPercent: percent("connections in use, of those that it lets in", { P2: 90 }),
  replicaLagSeconds: seconds("how far a replica may be behind", { P1: 60 }),
  slowStatements: count("statements in five minutes slower than the database's slowQueryMilliseconds, more than", { P2: 10 }),
});

const caches = settings("caches", {
  cpuPercent: percent("CPU of the engine", { P2: 90 }),
  memoryPercent: percent("memory in use", { P1: 90, P2: 80 }),
  replicaLagSeconds: seconds("how far a replica may be behind", { P2: 1 }),
  evictions: count("keys dropped for want of memory in five minutes, more than", { P2: 100 }),
});

const sites = settings("static sites", { errorRatePercent: percent("answers of CloudFront that are errors", { P2: 5 }) });

const waf = settings("AWS WAF", { blockedPerMinute: count("requests that AWS WAF blocks in a minute, more than", { P2: 1000 }) });

const certificates = settings("certificates", {
  daysLeft: of(365, "days")("days to the end of a certificate, fewer than", { P1: 7, P2: 30 }),
});

/** Thresholds by what they watch. */
export const thresholds = z.strictObject({ requests, tasks, databases, caches, sites, waf, certificates });

/** Thresholds that hold. */
export type Thresholds = Accepted<typeof thresholds>;

/** A section for a phase: what is left out stays as it is, so that a default is an example only. */
function ofPhase<Shape extends Readonly<Record<string, z.ZodDefault<z.ZodType>>>>(section: z.ZodPrefault<z.ZodObject<Shape>>) {
  const shape = Object.entries(section.unwrap().shape).map(([name, threshold]) => {
    const value = threshold.unwrap();
    return [name, value.meta({ examples: [threshold.def.defaultValue], ...value.meta() })];
  });
  return z
    .strictObject(Object.fromEntries(shape) as { [Name in keyof Shape]: ReturnType<Shape[Name]["unwrap"]> })
    .partial()
    .optional()
    .describe(section.description ?? "");
}

/** Other thresholds for a time. */
export const phaseThresholds = z.strictObject({ requests: ofPhase(requests), tasks: ofPhase(tasks), databases: ofPhase(databases) });

/** One metric that the application reports. */
export const applicationMetric = z.strictObject({
  namespace: ownNamespace("CloudWatch namespace that the application writes to, such as CoinEstate/Application; AWS/ is AWS's own").meta({
    examples: ["CoinEstate/Application"],
  }),
  ...ownMetric({ metric: "WalletConnectionTime", statistic: "p95" }, "dimensions, exactly as the application writes them"),
  bad: z.enum(["above", "below"]).default("above").describe("a value above the level is bad, or one below it"),
  levels: applicationLevels,
  periodSeconds: z
    .union([60, 300, 900, 3600].map((length) => z.literal(length)))
    .default(60)
    .describe("seconds of one period"),
  periods: range(1, 24, "periods in a row that are bad").default(5),
  missingData: z
    .enum(["breaching", "notBreaching", "ignore", "missing"])
    .describe("what silence of the application means; notBreaching where nothing may happen for minutes")
    .meta({ examples: ["notBreaching"] }),
  summary: summary("what is wrong when it fires").meta({ examples: ["Wallets connect slowly."] }),
  likely: likely.default("a release of the application, or what it calls answers slowly or not at all."),
  runbook: runbook("application-metric"),
  kind: z.enum(["symptom", "cause"]).default("symptom").describe("a symptom pages at P0 and P1; a cause never pages by itself"),
  rollback: serviceName
    .optional()
    .describe("service whose traffic goes back when a level of P0 or P1 is passed")
    .meta({ examples: ["api"] }),
});

/** One service level objective. */
export const slo = z.strictObject({
  objectivePercent: z
    .number()
    .min(50)
    .max(99.999)
    .describe("requests that are answered without an error of 500 to 599, percent")
    .meta({ examples: [99.9] }),
  windowDays: range(7, 30, "days that the SLO is for").default(30),
});

/** Periods that an alarm looks back over: CloudWatch takes as many as a week has minutes. */
export const lookedBackPeriods = range(1, 10_080, "periods");

/** Bad periods among them that make the alarm. */
export const datapoints = (evaluationPeriods: number) => range(1, Math.max(1, evaluationPeriods), "periods");

/** Characters of a description that CloudWatch takes (PutMetricAlarm and PutCompositeAlarm, AlarmDescription). */
export const descriptionLimit = 1024;

/** What a text says is wrong, and the first page that it leads to: of a message, or of an alarm that was described otherwise. */
export function readMessage(text: string): { readonly summary: string; readonly runbook?: string } {
  const [first = "", second = ""] = text.split("\n");
  const [, runbook] = /\/([a-z0-9-]+)\.md\b/.exec(text) ?? [];
  return { summary: first.includes(" · ") ? second : first, ...(runbook === undefined ? {} : { runbook }) };
}
