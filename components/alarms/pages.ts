/** Which alarms are notified together: one page for one broken thing, and no page for a mere cause. */
import type { AlarmDashboard, AlarmDefinition } from "./alarmDefinition.ts";
import type { BurnAlarm } from "./burnRate.ts";
import { deathsOf, neededBy } from "./inhibition.ts";
import type { Severity } from "./severity.ts";

/** An alarm made of others. Its rule names them by key. */
export interface Page {
  readonly key: string;
  readonly severity: Severity;
  /** Service, store or objective that it is about. */
  readonly about: string;
  readonly summary: string;
  /** What its alarms say that it usually is. */
  readonly likely: readonly string[];
  /** Pages in `docs/runbooks` of its alarms, without `.md`. */
  readonly runbooks: readonly string[];
  readonly dashboard: AlarmDashboard;
  readonly hosts: readonly string[];
  /** Subjects that it needs, and those that they need. */
  readonly follows: readonly string[];
  /** Alarms that say of one of them that it is dead: it tells nobody while one rings. */
  readonly heldBackBy: readonly string[];
  /** Any of these… */
  readonly anyOf: readonly string[];
  /** …and, where given, any of these… @default nothing more */
  readonly andAnyOf?: readonly string[];
  /** …and not this page, which says it louder. @default none */
  readonly unless?: string;
  /** Starts of the keys of the groups that its alarms get where they are too many for one rule. @default never grouped */
  readonly groupedAs?: { readonly anyOf: string; readonly andAnyOf: string };
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

/** What a page says of the alarms that it is made of. @param needing whose needs are its own @default the alarms */
function toldOf(of: readonly AlarmDefinition[], alarms: readonly AlarmDefinition[], needing: Parameters<typeof neededBy>[0] = of) {
  const follows = neededBy(needing, alarms);
  return {
    likely: distinct(of.map(({ likely }) => likely)),
    runbooks: distinct(of.map(({ runbook }) => runbook)),
    dashboard: of[0]?.dashboard ?? ("region" as const),
    hosts: distinct(of.flatMap(({ hosts = [] }) => hosts)),
    follows,
    heldBackBy: deathsOf(follows, alarms).filter((key) => !of.some((alarm) => alarm.key === key)),
  };
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

/**
 * Pages of a region: for each subject one a severity, when any of its symptoms is there; for causes that are critical, one
 * when any symptom of the region is there as well; for error budgets one a pair of windows. None tells anybody while an alarm
 * rings that says that something is dead which it needs.
 */
export function pagesOf(alarms: readonly AlarmDefinition[], burnAlarms: readonly BurnAlarm[] = []): Page[] {
  const subjects = distinct(alarms.flatMap(({ subject }) => subject ?? []));
  const symptoms = alarms.filter(({ kind }) => kind === "symptom").map(({ key }) => key);
  const bySubject = subjects.flatMap((subject) => {
    const whole = alarms.filter((alarm) => alarm.subject === subject);
    const of = (severity: Severity) => whole.filter((alarm) => alarm.severity === severity && alarm.kind === "symptom");
    const louder = of("P0").length > 0;
    return pagingSeverities.flatMap((severity): Page[] => {
      const rings = of(severity);
      const [first] = rings;
      if (rings.length === 0) return [];
      return [
        {
          ...toldOf(rings, alarms, whole),
          key: `${subject}-${severity.toLowerCase()}`,
          severity,
          about: subject,
          summary: rings.length === 1 && first !== undefined ? first.summary : `${subject} is ${severity === "P0" ? "down" : "broken"}.`,
          anyOf: rings.map(({ key }) => key),
          ...(severity === "P1" && louder ? { unless: `${subject}-p0` } : {}),
        },
      ];
    });
  });
  const critical = pagingSeverities.flatMap((severity): Page[] => {
    const causes = alarms.filter((alarm) => alarm.kind === "cause" && alarm.severity === severity);
    if (causes.length === 0 || symptoms.length === 0) return [];
    // What is dead has run out of everything: its own page says so.
    const needing = [{ needs: causes.flatMap(({ subject }) => subject ?? []) }];
    return [
      {
        ...toldOf(causes, alarms, needing),
        key: `saturated-${severity.toLowerCase()}`,
        severity,
        about: "saturated",
        summary: "Something has run out of what it needs, and users notice.",
        dashboard: "region",
        anyOf: causes.map(({ key }) => key),
        andAnyOf: symptoms,
        groupedAs: { anyOf: `causes-${severity.toLowerCase()}`, andAnyOf: "symptoms" },
      },
    ];
  });
  const budgets = burnAlarms.map(
    ({ key, severity, summary, long, short }): Page => ({
      ...toldOf([long, short], alarms),
      key,
      severity,
      about: key.replace(/-p\d$/, ""),
      summary,
      anyOf: [long.key],
      andAnyOf: [short.key],
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
