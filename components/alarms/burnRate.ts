/** Error budgets: how fast they are spent, and the alarms on it. */

import type { Accepted } from "../contract/accepted.ts";
import type { Metric } from "../metrics/metric.ts";
import type { AlarmDefinition } from "./alarmDefinition.ts";
import type { slo } from "./contract.ts";
import type { Severity } from "./severity.ts";

/** A service level objective. */
interface Objective extends Accepted<typeof slo> {
  /** Lower-case words with hyphens, unique in the region. */
  readonly name: string;
  /** Requests in a window below which its ratio says nothing. */
  readonly minimumRequests: number;
  /** Subjects of alarms without which the objective cannot be met: its pages wait for theirs. @default none */
  readonly needs?: readonly string[];
  /** Host names that it is about. @default none is named */
  readonly hosts?: readonly string[];
}

/** Requests and errors as metrics. */
export interface CountedRequests {
  readonly metrics: Readonly<Record<string, Metric>>;
  /** Expressions over the metrics. */
  readonly errors: string;
  readonly requests: string;
}

/** A pair of windows: the long one says that it matters, the short one that it is still so. */
interface BurnWindow {
  readonly severity: Severity;
  readonly longHours: number;
  readonly shortMinutes: number;
  /** Share of the budget that is spent in the long window when the alarm fires, percent. */
  readonly budgetPercent: number;
}

/** The pairs of the SRE Workbook, "Alerting on SLOs". */
export const burnWindows: readonly BurnWindow[] = [
  { severity: "P0", longHours: 1, shortMinutes: 5, budgetPercent: 2 },
  { severity: "P1", longHours: 6, shortMinutes: 30, budgetPercent: 5 },
  { severity: "P2", longHours: 24, shortMinutes: 120, budgetPercent: 10 },
  { severity: "P3", longHours: 72, shortMinutes: 360, budgetPercent: 10 },
];

/** How many times faster than evenly the budget is spent. */
export function burnRate({ longHours, budgetPercent }: BurnWindow, windowDays: number): number {
  return ((budgetPercent / 100) * windowDays * 24) / longHours;
}

/** Errors at that speed, percent of requests; rounded to what a double holds. */
export function burnThreshold(
  window: BurnWindow,
  { objectivePercent, windowDays }: Pick<Objective, "objectivePercent" | "windowDays">,
): number {
  return Number((burnRate(window, windowDays) * (100 - objectivePercent)).toPrecision(12));
}

/** The alarms of one pair: the two windows tell nobody, both together do. */
export interface BurnAlarm {
  readonly key: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly likely: string;
  readonly runbook: string;
  /** Subjects without which the objective cannot be met. */
  readonly needs: readonly string[];
  readonly long: AlarmDefinition;
  readonly short: AlarmDefinition;
}

/** Longest period of a metric, seconds. */
const day = 86_400;

/** Alarms of one SLO, the worst first. */
export function burnAlarms(region: string, objective: Objective, counted: CountedRequests): BurnAlarm[] {
  const { name, objectivePercent, windowDays, minimumRequests, needs = [], hosts = [] } = objective;
  const likely = "a release that fails a part of the requests, or what the service calls fails now and then.";
  return burnWindows.map((window) => {
    const { severity, longHours, shortMinutes, budgetPercent } = window;
    const key = `slo-${name}-${severity.toLowerCase()}`;
    const rate = Number(burnRate(window, windowDays).toPrecision(4));
    const summary = `${name} spends its error budget ${rate} times too fast: ${budgetPercent} % of ${windowDays} days within ${longHours} h (SLO ${objectivePercent} %).`;
    const over = (which: "long" | "short", seconds: number): AlarmDefinition => {
      // Three days are three days in a row, each above the threshold: stricter than their mean, as no period is longer than a day.
      const periodSeconds = Math.min(seconds, day);
      const { requests, errors } = counted;
      return {
        region,
        dashboard: "service",
        key: `${key}-${which}`,
        severity,
        kind: "symptom",
        summary: `${summary} The ${which} window of the pair.`,
        likely,
        needs,
        hosts,
        runbook: "error-budget",
        watch: {
          metrics: counted.metrics,
          expression: `IF((${requests})>=${minimumRequests},100*(${errors})/(${requests}),0)`,
          label: `${name}: errors, percent`,
          unit: "percent of requests",
        },
        comparison: "GreaterThanThreshold",
        threshold: burnThreshold(window, objective),
        periodSeconds,
        evaluationPeriods: seconds / periodSeconds,
        missingData: "notBreaching",
      };
    };
    return {
      key,
      severity,
      summary,
      likely,
      needs,
      runbook: "error-budget",
      long: over("long", longHours * 3600),
      short: over("short", shortMinutes * 60),
    };
  });
}
