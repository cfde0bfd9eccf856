/** Which alarms are notified together: one page for one broken thing, and no page for a mere cause. */
import type { AlarmDefinition } from "./alarmDefinition.ts";
import type { BurnAlarm } from "./burnRate.ts";
import type { Severity } from "./severity.ts";

/** An alarm made of others. Its rule names them by key. */
export interface Page {
  readonly key: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly runbook: string;
  /** Any of these… */
  readonly anyOf: readonly string[];
  /** …and, where given, any of these… @default nothing more */
  readonly andAnyOf?: readonly string[];
  /** …and not this page, which says it louder. @default none */
  readonly unless?: string;
  /** Starts of the keys of the groups that its alarms get where they are too many for one rule. @default never grouped */
  readonly groupedAs?: { readonly anyOf: string; readonly andAnyOf: string };
  /** Muted while a release is in progress. */
  readonly mutedByRelease: boolean;
}

/** Severities that wake somebody. */
const pagingSeverities = ["P0", "P1"] as const;

/** Whether somebody is woken. */
export function pages(severity: Severity): boolean {
  return severity === "P0" || severity === "P1";
}

/** Who is notified by the alarm itself: its severity, or P2 for a cause, or nobody where a page does it. */
export function toldBy({ kind, severity, subject }: AlarmDefinition): Severity | undefined {
  if (!pages(severity)) return severity;
  if (kind === "cause") return "P2";
  return subject === undefined ? severity : undefined;
}

/**
 * Pages of a region: for each subject one a severity, when any of its symptoms is there; for causes that are critical, one
 * when any symptom of the region is there as well; for error budgets one a pair of windows.
 */
export function pagesOf(alarms: readonly AlarmDefinition[], burnAlarms: readonly BurnAlarm[] = []): Page[] {
  const subjects = [...new Set(alarms.flatMap(({ subject }) => subject ?? []))];
  const symptoms = alarms.filter(({ kind }) => kind === "symptom").map(({ key }) => key);
  const bySubject = subjects.flatMap((subject) => {
    const of = (severity: Severity) =>
      alarms.filter((alarm) => alarm.subject === subject && alarm.severity === severity && alarm.kind === "symptom").map(({ key }) => key);
    const louder = of("P0").length > 0;
    return pagingSeverities.flatMap((severity): Page[] => {
      const anyOf = of(severity);
      if (anyOf.length === 0) return [];
      return [
        {
          key: `${subject}-${severity.toLowerCase()}`,
          severity,
          summary: `${subject}: ${severity === "P0" ? "down" : "broken"}, by ${anyOf.length === 1 ? "one alarm" : `any of ${anyOf.length} alarms`}.`,
          runbook: "page",
          anyOf,
          ...(severity === "P1" && louder ? { unless: `${subject}-p0` } : {}),
          mutedByRelease: severity === "P1",
        },
      ];
    });
  });
  const critical = pagingSeverities.flatMap((severity): Page[] => {
    const anyOf = alarms.filter((alarm) => alarm.kind === "cause" && alarm.severity === severity).map(({ key }) => key);
    if (anyOf.length === 0 || symptoms.length === 0) return [];
    return [
      {
        key: `saturated-${severity.toLowerCase()}`,
        severity,
        summary: "Something has run out of what it needs, and users notice.",
        runbook: "page",
        anyOf,
        andAnyOf: symptoms,
        groupedAs: { anyOf: `causes-${severity.toLowerCase()}`, andAnyOf: "symptoms" },
        mutedByRelease: severity === "P1",
      },
    ];
  });
  const budgets = burnAlarms.map(
    ({ key, severity, summary, runbook, long, short }): Page => ({
      key,
      severity,
      summary,
      runbook,
      anyOf: [long.key],
      andAnyOf: [short.key],
      mutedByRelease: false,
    }),
  );
  return [...bySubject, ...critical, ...budgets];
}

/** The rule of a page or a group as CloudWatch reads it. @param nameOf physical name of an alarm */
export function ruleOf(
  { anyOf, andAnyOf = [], unless }: Pick<Page, "anyOf" | "andAnyOf" | "unless">,
  nameOf: (key: string) => string,
): string {
  const any = (keys: readonly string[]) => {
    const states = keys.map((key) => `ALARM("${nameOf(key)}")`).join(" OR ");
    return keys.length > 1 ? `(${states})` : states;
  };
  return [
    any(anyOf),
    ...(andAnyOf.length === 0 ? [] : [any(andAnyOf)]),
    ...(unless === undefined ? [] : [`NOT ALARM("${nameOf(unless)}")`]),
  ].join(" AND ");
}
