/** Config areas `alarms` and `slos`: thresholds and SLOs. */
import { burnRate, burnThreshold, burnWindows } from "../../alarms/burnRate.ts";
import {
  alarms as alarmSet,
  applicationMetric,
  phaseThresholds,
  slo as promise,
  type Thresholds,
  thresholds,
} from "../../alarms/contract.ts";
import { keyName, mapByName, serviceName, settings } from "../../contract/fields.ts";
import type { Immutable } from "../../contract/immutable.ts";
import { z } from "../../contract/zod.ts";

export const alarms = settings("thresholds; alarms exist where notifications names a channel", {
  runbookBase: alarmSet.shape.runbookBase
    .optional()
    .describe(
      "address below which the runbooks are, for the links of messages: https, without a slash at its end; docs/runbooks of access.github's repository when left out",
    ),
  ...thresholds.shape,
  application: z
    .record(
      keyName(40, "metric name"),
      applicationMetric.describe("one metric that the application reports").meta({
        examples: [
          {
            namespace: "CoinEstate/Application",
            metric: "WalletConnectionTime",
            levels: { P1: 5000 },
            missingData: "notBreaching",
            summary: "Wallets connect slowly.",
          },
        ],
      }),
    )
    .default({})
    .describe("what only the application can measure, by name"),
  phases: mapByName(
    "other thresholds for a time, such as the first days after a launch, by name",
    keyName(20, "phase name"),
    phaseThresholds.describe("lines of one phase; what is left out stays as it is"),
    { launch: { requests: { errorRatePercent: { P1: 3, P2: 1 } } } },
  ),
  phase: keyName(20, "phase name")
    .optional()
    .describe("phase that holds now; the usual thresholds when left out")
    .meta({ examples: ["launch"] }),
});

const service = serviceName
  .optional()
  .describe("service that it is about; all that the load balancer is asked when left out")
  .meta({ examples: ["api"] });

export const slos = mapByName(
  "SLOs by name; alarms say how fast their error budgets are spent",
  keyName(20, "SLO"),
  promise.extend({ service }).describe("one SLO"),
  { availability: { objectivePercent: 99.9 } },
);

type Alarms = Immutable<z.output<typeof alarms>>;
type Access = { readonly github?: { readonly repository: string; readonly branch: string } | undefined };
type Slo = Immutable<z.output<typeof slos>>[string];

/** Address below which the runbooks are: config's own, or that of the repository whose pipeline has the stack. */
export function runbookAddress({
  alarms,
  access,
}: {
  readonly alarms: Pick<Alarms, "runbookBase">;
  readonly access: Access;
}): string | undefined {
  const { github } = access;
  return (
    alarms.runbookBase ?? (github === undefined ? undefined : `https://github.com/${github.repository}/blob/${github.branch}/docs/runbooks`)
  );
}

/** The same where the stack has alarms. @throws Error where config has none, which its rules refuse */
export function runbooksOf(config: { readonly alarms: Pick<Alarms, "runbookBase">; readonly access: Access }): string {
  const address = runbookAddress(config);
  if (address === undefined) throw new Error("alarms.runbookBase is missing: the alarms have nothing to lead to");
  return address;
}

/** Thresholds that hold now: the usual ones, with those of the phase in their place. */
export function thresholdsNow({ phase, phases, ...usual }: Alarms): Thresholds {
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
