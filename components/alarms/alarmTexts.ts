/** The texts of a set's alarms, pages and groups: each of what it is made of, and of what it holds back. */
import { type Input, output } from "@pulumi/pulumi";
import { alarmAddress } from "../dashboards/address.ts";
import type { AlarmDashboard, AlarmDefinition } from "./alarmDefinition.ts";
import type { AlarmGroup, ComposedPages } from "./alarmGroups.ts";
import { neededBy } from "./inhibition.ts";
import { lineOf, messageText } from "./message.ts";
import type { Page } from "./pages.ts";

/** What the texts are made from. */
interface AlarmTextsArgs {
  readonly region: string;
  /** Address below which the runbooks are. */
  readonly runbookBase: string;
  /** Address of each kind of dashboard. @default the alarm's own page in the console */
  readonly dashboards?: Readonly<Record<AlarmDashboard, string>> | undefined;
  /** Every alarm of a metric. */
  readonly watched: readonly AlarmDefinition[];
  readonly composed: ComposedPages;
  /** Physical name of an alarm. */
  readonly nameOf: (key: string) => string;
}

/** Texts by what they are of. */
export class AlarmTexts {
  readonly #args: AlarmTextsArgs;
  readonly #groups: ReadonlyMap<string, AlarmGroup>;

  constructor(args: AlarmTextsArgs) {
    this.#args = args;
    this.#groups = new Map(args.composed.groups.map((group) => [group.key, group]));
  }

  /** Of an alarm of a metric. */
  ofAlarm(alarm: AlarmDefinition): Input<string> {
    const { key, severity, subject, summary, likely, hosts, runbook, threshold, dashboard } = alarm;
    const { watched } = this.#args;
    const text = (value: number) =>
      messageText({
        ...{ ...this.#shared(key, dashboard), severity, about: subject ?? key, summary, likely: [likely], hosts, runbooks: [runbook] },
        line: lineOf(alarm, value),
        follows: neededBy([alarm], watched).filter((needed) => needed !== subject),
      });
    return typeof threshold === "number" ? text(threshold) : output(threshold).apply(text);
  }

  /** Of a page. */
  ofPage(page: Page): string {
    const { key, severity, about, summary, likely, hosts, runbooks, follows, dashboard, anyOf } = page;
    return messageText({
      ...{ ...this.#shared(key, dashboard), severity, about, summary, likely, hosts, runbooks, ringsWith: anyOf },
      follows: follows.filter((needed) => needed !== about),
      holdsBack: this.#heldBackBy(page),
    });
  }

  /** Of alarms that are one in a rule. */
  ofGroup(group: AlarmGroup): string {
    const alarms = this.#alarmsOf(group);
    return messageText({
      ...this.#shared(group.key, "region"),
      about: group.key,
      summary: `Any of ${alarms.length} alarms. A page names it, or waits for it.`,
      ringsWith: group.anyOf,
      likely: [...new Set(alarms.map(({ likely }) => likely))],
      runbooks: [...new Set(alarms.map(({ runbook }) => runbook))],
    });
  }

  #shared(key: string, dashboard: AlarmDashboard) {
    const { region, runbookBase, dashboards, nameOf } = this.#args;
    return { region, runbookBase, dashboard: dashboards?.[dashboard] ?? alarmAddress(region, nameOf(key)) };
  }

  #alarmsOf({ anyOf }: AlarmGroup): AlarmDefinition[] {
    return anyOf.flatMap((key) => {
      const group = this.#groups.get(key);
      return group === undefined ? this.#args.watched.filter((alarm) => alarm.key === key) : this.#alarmsOf(group);
    });
  }

  /** Subjects whose pages wait for one of a page's alarms. */
  #heldBackBy({ anyOf, about }: Page): string[] {
    const waiting = this.#args.composed.pages.filter(({ heldBackBy }) => heldBackBy.some((key) => anyOf.includes(key)));
    return [...new Set(waiting.map((page) => page.about))].filter((subject) => subject !== about).sort();
  }
}
