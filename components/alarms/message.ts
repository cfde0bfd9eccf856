/** What an alarm's message says besides the value that CloudWatch adds: read in a mail as it is, in a chat with its links. Pure. */
import type { Metric, MetricMath } from "../metrics/metric.ts";
import type { AlarmDefinition } from "./alarmDefinition.ts";
import { descriptionLimit } from "./contract.ts";
import type { Severity } from "./severity.ts";

/** What a message is made of. */
export interface Message {
  /** @default it tells nobody by itself */
  readonly severity?: Severity;
  /** Service, store or check that it is about. */
  readonly about: string;
  /** AWS region of what it is about. */
  readonly region: string;
  /** Host names that users reach it by. @default it has none */
  readonly hosts?: readonly string[] | undefined;
  /** What is wrong, in one sentence. */
  readonly summary: string;
  /** Where the line is drawn, as `lineOf` words it. @default it is made of other alarms */
  readonly line?: string;
  /** Alarms of which any sets it off. @default it watches a metric */
  readonly ringsWith?: readonly string[];
  /** What it usually is, the most likely first. */
  readonly likely: readonly string[];
  /** What is down first where it is down for that. @default nothing */
  readonly follows?: readonly string[];
  /** What tells nobody while it rings. @default nothing */
  readonly holdsBack?: readonly string[];
  /** Pages in `docs/runbooks`, without `.md`, the first to open first. */
  readonly runbooks: readonly string[];
  /** Address below which the pages are. */
  readonly runbookBase: string;
  /** Address of the dashboard. */
  readonly dashboard: string;
}

/** How many of a list are written out, from the most to the fewest, until the text fits. */
const shownAtMost = [8, 4, 2, 1] as const;

/** The text; lists are cut until CloudWatch takes it. */
export function messageText(message: Message): string {
  const texts = shownAtMost.map((most) => written(message, most));
  return texts.find(({ length }) => length <= descriptionLimit) ?? texts.at(-1) ?? "";
}

function written({ severity, about, region, hosts = [], ...told }: Message, most: number): string {
  const list = (label: string, names: readonly string[] = [], end = "") =>
    names.length === 0 ? [] : [`${label}: ${shortened(names, most)}${end}`];
  const host = hosts.length === 0 ? [] : [shortened(hosts, 1)];
  return [
    [severity === undefined ? "No page by itself" : severity, about, region, ...host].join(" · "),
    told.summary,
    ...(told.line === undefined ? [] : [`Line: ${told.line}`]),
    ...list("Rings with", told.ringsWith),
    `Likely: ${told.likely.slice(0, Math.min(most, 2)).join(" Or: ")}`,
    ...list("Follows", told.follows, " (where it is down, begin there)"),
    ...list("Holds back while it rings", told.holdsBack),
    ...told.runbooks.slice(0, Math.min(most, 4)).map((page) => `Runbook: ${told.runbookBase}/${page}.md`),
    `Dashboard: ${told.dashboard}`,
  ].join("\n");
}

function shortened(names: readonly string[], most: number): string {
  const rest = names.length - most;
  return rest <= 0 ? names.join(", ") : `${names.slice(0, most).join(", ")} and ${rest} more`;
}

const words: Readonly<Record<AlarmDefinition["comparison"], string>> = {
  GreaterThanThreshold: "above",
  GreaterThanOrEqualToThreshold: "at or above",
  LessThanThreshold: "below",
  LessThanOrEqualToThreshold: "at or below",
};

/** Where an alarm's line is drawn: what is watched, the threshold with its unit, and for how long. @param threshold in the metric's own unit */
export function lineOf(alarm: AlarmDefinition, threshold: number): string {
  const { watch, comparison, periodSeconds, evaluationPeriods, datapointsToAlarm = evaluationPeriods, missingData } = alarm;
  const periods = `in ${datapointsToAlarm} of ${evaluationPeriods} periods of ${periodSeconds} s`;
  const silence = missingData === "breaching" ? "; silence counts as bad" : "";
  return `${watchedName(watch)} ${words[comparison]} ${amount(threshold, watch.unit)}, ${periods}${silence}`;
}

function watchedName(watch: Metric | MetricMath): string {
  return "expression" in watch ? watch.label : `${watch.name} (${watch.statistic})`;
}

function amount(value: number, unit: string): string {
  return unit === "bytes" && value >= 2 ** 30 ? `${Number((value / 2 ** 30).toPrecision(3))} GiB` : `${value} (${unit})`;
}
