/** Config areas `alarms` and `slos`: thresholds and SLOs. */
import { burnRate, burnThreshold, burnWindows } from "../../components/alarms/burnRate.ts";
import { keyName, matching, ownMetric, range, text } from "../../components/contract/fields.ts";
import type { Immutable } from "../../components/contract/immutable.ts";
import { z } from "../../components/contract/zod.ts";
import { applicationLevels, phaseSections, thresholdSections } from "./thresholds.ts";

const application = z
  .strictObject({
    namespace: matching(
      /^(?!AWS\/)[\w./#:-]{1,255}$/,
      "namespace",
      "CloudWatch namespace that the application writes to, such as CoinEstate/Application; AWS/ is AWS's own",
    ).meta({ examples: ["CoinEstate/Application"] }),
    ...ownMetric({ metric: "WalletConnectionTime", statistic: "p95" }, "dimensions, exactly as the application writes them"),
    bad: z.enum(["above", "below"]).default("above").describe("a value above the level is bad, or one below it"),
    levels: applicationLevels,
    periodSeconds: z
      .union([60, 300, 900, 3600].map((seconds) => z.literal(seconds)))
      .default(60)
      .describe("seconds of one period"),
    periods: range(1, 24, "periods in a row that are bad").default(5),
    missingData: z
      .enum(["breaching", "notBreaching", "ignore", "missing"])
      .describe("what silence of the application means; notBreaching where nothing may happen for minutes")
      .meta({ examples: ["notBreaching"] }),
    summary: text(10, 200, "what is wrong when it fires, in one sentence").meta({ examples: ["Wallets connect slowly."] }),
    runbook: z
      .string()
      .regex(/^[a-z0-9-]{1,60}$/, { error: "runbook" })
      .default("application-metric")
      .describe("page in docs/runbooks, without .md"),
    kind: z.enum(["symptom", "cause"]).default("symptom").describe("a symptom pages at P0 and P1; a cause never pages by itself"),
    rollback: keyName(12, "service name")
      .optional()
      .describe("service whose traffic goes back when a level of P0 or P1 is passed")
      .meta({ examples: ["api"] }),
  })
  .describe("one metric that the application reports")
  .meta({
    examples: [
      {
        namespace: "CoinEstate/Application",
        metric: "WalletConnectionTime",
        levels: { P1: 5000 },
        missingData: "notBreaching",
        summary: "Wallets connect slowly.",
      },
    ],
  });

export const alarms = z
  .strictObject({
    runbookBase: z
      .string()
      .regex(/^\S*[^/\s]$/, { error: "address" })
      .default("docs/runbooks")
      .describe("address below which the runbooks are, for the messages; without a slash at its end")
      .meta({ examples: ["https://github.com/coinestate/infrastructure/blob/main/docs/runbooks"] }),
    ...thresholdSections,
    application: z.record(keyName(40, "metric name"), application).default({}).describe("what only the application can measure, by name"),
    phases: z
      .record(keyName(20, "phase name"), z.strictObject(phaseSections).describe("lines of one phase; what is left out stays as it is"))
      .default({})
      .describe("other thresholds for a time, such as the first days after a launch, by name")
      .meta({ examples: [{ launch: { requests: { errorRatePercent: { P1: 3, P2: 1 } } } }] }),
    phase: keyName(20, "phase name")
      .optional()
      .describe("phase that holds now; the usual thresholds when left out")
      .meta({ examples: ["launch"] }),
  })
  .prefault({})
  .describe("thresholds; alarms exist where notifications names a channel");

export const slos = z
  .record(
    keyName(20, "SLO"),
    z
      .strictObject({
        service: keyName(12, "service name")
          .optional()
          .describe("service that it is about; all that the load balancer is asked when left out")
          .meta({ examples: ["api"] }),
        objectivePercent: z
          .number()
          .min(50)
          .max(99.999)
          .describe("requests that are answered without an error of 500 to 599, percent")
          .meta({ examples: [99.9] }),
        windowDays: range(7, 30, "days that the SLO is for").default(30),
      })
      .describe("one SLO"),
  )
  .default({})
  .describe("SLOs by name; alarms say how fast their error budgets are spent")
  .meta({ examples: [{ availability: { objectivePercent: 99.9 } }] });

type Alarms = Immutable<z.output<typeof alarms>>;
type Slo = Immutable<z.output<typeof slos>>[string];

/** Thresholds that hold now: the usual ones, with those of the phase in their place. */
export function thresholdsNow({
  phase,
  phases,
  ...usual
}: Alarms): Pick<Alarms, "requests" | "tasks" | "databases" | "caches" | "sites" | "waf" | "certificates"> {
  const now = phase === undefined ? undefined : phases[phase];
  return {
    ...usual,
    requests: { ...usual.requests, ...defined(now?.requests) },
    tasks: { ...usual.tasks, ...defined(now?.tasks) },
    databases: { ...usual.databases, ...defined(now?.databases) },
  };
}

function defined<T extends object>(values: T | undefined): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** One pair of windows of an SLO, as people read it. */
interface SloWindow {
  readonly severity: string;
  readonly longHours: number;
  readonly shortMinutes: number;
  /** How many times faster than evenly the budget is spent. */
  readonly rate: number;
  /** Errors above which it notifies, percent. */
  readonly errorPercent: number;
}

/** Windows of an SLO, the worst first. */
export function sloWindows(slo: Pick<Slo, "objectivePercent" | "windowDays">): SloWindow[] {
  return burnWindows.map((window) => ({
    ...window,
    rate: Number(burnRate(window, slo.windowDays).toPrecision(4)),
    errorPercent: burnThreshold(window, slo),
  }));
}
