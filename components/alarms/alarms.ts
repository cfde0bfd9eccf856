/** The alarms of one region, from their definitions. */
import { CompositeAlarm, type CompositeAlarmArgs } from "@pulumi/aws/cloudwatch/compositeAlarm.js";
import { MetricAlarm, type MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component, type Tagged, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import type { TopicArns } from "../notifications/notifications.ts";
import { named } from "../tags.ts";
import type { AlarmDashboard, AlarmDefinition } from "./alarmDefinition.ts";
import { type AlarmGroup, type ComposedPages, composedPages } from "./alarmGroups.ts";
import { alarmProblems, fitsInRule, pageProblems, repeatedKeys } from "./alarmProblems.ts";
import { AlarmTexts } from "./alarmTexts.ts";
import type { BurnAlarm } from "./burnRate.ts";
import { alarms } from "./contract.ts";
import { inhibition } from "./inhibition.ts";
import { type Page, pages, pagesOf, ruleOf, toldBy } from "./pages.ts";

/** Arguments of `Alarms`: those of its contract, and these. */
export interface AlarmsArgs extends Given<typeof alarms>, Tagged, Transformable<{ alarm: MetricAlarmArgs; page: CompositeAlarmArgs }> {
  /** AWS region of every alarm and topic. */
  readonly region: string;
  /** Start of the alarms' names, unique in account and region: a clash replaces another alarm without a word. */
  readonly namePrefix: string;
  /** What is watched. */
  readonly definitions: readonly AlarmDefinition[];
  /** Error budgets that are watched. @default none */
  readonly burnAlarms?: readonly BurnAlarm[];
  /** Where each severity is sent, in this region. */
  readonly topicArns: TopicArns;
  /** Address of each kind of dashboard, for the links of messages. @default the alarm's own page in the console */
  readonly dashboards?: Readonly<Record<AlarmDashboard, string>> | undefined;
}

/** An alarm that sends traffic back. */
export interface RollbackAlarm {
  /** Service that it is for. */
  readonly service: string;
  readonly key: string;
  readonly arn: Output<string>;
  /** Physical name. */
  readonly name: string;
}

/** Everything wrong with plain arguments. */
function alarmsProblems({ region, namePrefix, definitions, burnAlarms = [] }: AlarmsArgs): ArgumentProblem[] {
  const every = [...definitions, ...burnAlarms.flatMap(({ long, short }) => [long, short])];
  const place = { region, nameOf: (key: string) => `${namePrefix}-${key}` };
  const composites = Object.values(composedOf(definitions, burnAlarms, place.nameOf)).flat();
  return [
    ...repeatedKeys([...every, ...composites].map(({ key }) => key)),
    ...every.flatMap((alarm) => alarmProblems(alarm, place)),
    ...composites.flatMap((page) => pageProblems(page, place.nameOf)),
  ];
}

/**
 * Symptoms of one subject become one page a severity, causes notify at P2 and page only together with a symptom, an error
 * budget pages when a long and a short window agree. Every alarm says what is wrong and where its runbook is. A page over
 * more alarms than one rule takes names groups of them.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Alarms extends Component {
  /** The real resources. */
  readonly nodes: { readonly alarms: Readonly<Record<string, MetricAlarm | CompositeAlarm>> };
  /** ARN of every alarm and page, by key. */
  readonly arns: Readonly<Record<string, Output<string>>>;
  /** What is watched, error budgets among it, by key. */
  readonly watched: readonly AlarmDefinition[];
  /** Alarms that send traffic back. */
  readonly rollbackAlarms: readonly RollbackAlarm[];

  constructor(name: string, args: AlarmsArgs, opts?: ComponentResourceOptions) {
    const { runbookBase } = accepted(name, alarms, args, alarmsProblems(args));
    super("slipway:alarms:Alarms", name, args, opts);
    // By key: rules and lists that are made of them must not depend on the order of config.
    const definitions = [...args.definitions].sort(byKey);
    const burnAlarms = [...(args.burnAlarms ?? [])].sort(byKey);
    this.watched = [...definitions, ...burnAlarms.flatMap(({ long, short }) => [long, short])];
    const nameOf = (key: string) => `${args.namePrefix}-${key}`;
    const made = new Map<string, Output<string>>();
    const resources = new Map<string, MetricAlarm | CompositeAlarm>();
    const add = (key: string, alarm: MetricAlarm | CompositeAlarm) => {
      made.set(key, alarm.arn);
      resources.set(key, alarm);
    };
    const composed = composedOf(definitions, burnAlarms, nameOf);
    const text = new AlarmTexts({ ...args, runbookBase, watched: this.watched, composed, nameOf });
    const metricAlarm = (alarm: AlarmDefinition, notified: AlarmDefinition["severity"] | undefined) =>
      add(alarm.key, this.#alarm(name, alarm, args, { name: nameOf(alarm.key), alarmDescription: text.ofAlarm(alarm) }, notified));
    for (const alarm of definitions) metricAlarm(alarm, toldBy(alarm));
    for (const { long, short } of burnAlarms) for (const window of [long, short]) metricAlarm(window, undefined);
    const composite = (rule: Page | AlarmGroup, own: Partial<CompositeAlarmArgs>, waitsFor: readonly string[] = []) => {
      const { region, tags, transform } = args;
      const alarmName = nameOf(rule.key);
      const children = [...namedBy(rule), ...waitsFor].flatMap((key) => resources.get(key) ?? []);
      const common = { region, alarmName, alarmRule: ruleOf(rule, nameOf), tags: named(alarmName, tags) };
      return this.child(CompositeAlarm, `${name}-${rule.key}`, { ...common, ...own }, { transform: transform?.page, dependsOn: children });
    };
    for (const group of composed.groups) resources.set(group.key, composite(group, { alarmDescription: text.ofGroup(group) }));
    for (const page of composed.pages) {
      const topic = args.topicArns[page.severity];
      const { suppressor } = page;
      const wanted: Partial<CompositeAlarmArgs> = {
        alarmDescription: text.ofPage(page),
        alarmActions: [topic],
        ...(pages(page.severity) ? { okActions: [topic] } : {}),
        ...(suppressor === undefined ? {} : { actionsSuppressor: { alarm: nameOf(suppressor), ...inhibition } }),
        tags: { ...named(nameOf(page.key), args.tags), Severity: page.severity },
      };
      add(page.key, composite(page, wanted, suppressor === undefined ? [] : [suppressor]));
    }
    this.nodes = { alarms: Object.fromEntries(resources) };
    this.arns = Object.fromEntries(made);
    this.rollbackAlarms = definitions.flatMap(({ key, rollback }) => {
      const arn = made.get(key);
      return rollback === undefined || arn === undefined ? [] : [{ service: rollback, key, arn, name: nameOf(key) }];
    });
    this.registerOutputs();
  }

  #alarm(
    name: string,
    alarm: AlarmDefinition,
    args: AlarmsArgs,
    told: { readonly name: string; readonly alarmDescription: Input<string> },
    notified: AlarmDefinition["severity"] | undefined,
  ): MetricAlarm {
    const topics =
      notified === undefined ? [] : alarm.everyTopic ? [...new Set(Object.values(args.topicArns))] : [args.topicArns[notified]];
    return this.child(
      MetricAlarm,
      `${name}-${alarm.key}`,
      {
        ...told,
        ...askedOf(alarm),
        comparisonOperator: alarm.comparison,
        threshold: alarm.threshold,
        evaluationPeriods: alarm.evaluationPeriods,
        datapointsToAlarm: alarm.datapointsToAlarm ?? alarm.evaluationPeriods,
        treatMissingData: alarm.missingData,
        ...(topics.length === 0 ? {} : { alarmActions: topics }),
        // An alarm begins without data, and acts when it changes: it is told that data ceased, and not that there is none yet.
        ...(topics.length === 0 || alarm.missingData !== "missing" ? {} : { insufficientDataActions: topics }),
        ...(topics.length === 0 || notified === undefined || !pages(notified) ? {} : { okActions: topics }),
        tags: { ...named(told.name, args.tags), Severity: alarm.severity },
      },
      { transform: args.transform?.alarm },
    );
  }
}

function composedOf(
  definitions: readonly AlarmDefinition[],
  burnAlarms: readonly BurnAlarm[],
  nameOf: (key: string) => string,
): ComposedPages {
  return composedPages(pagesOf(definitions, burnAlarms), (keys) => fitsInRule(keys, nameOf));
}

function namedBy({ anyOf, andAnyOf = [], unless }: AlarmGroup & Partial<Page>): string[] {
  return [...anyOf, ...andAnyOf, ...(unless === undefined ? [] : [unless])];
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : 1;
}

function askedOf({ watch, periodSeconds }: AlarmDefinition): Partial<MetricAlarmArgs> {
  if (!("expression" in watch)) {
    const percentile = /^p\d/.test(watch.statistic);
    return {
      namespace: watch.namespace,
      metricName: watch.name,
      dimensions: { ...watch.dimensions },
      period: periodSeconds,
      ...(percentile
        ? { extendedStatistic: watch.statistic, evaluateLowSampleCountPercentiles: "ignore" }
        : { statistic: watch.statistic }),
    };
  }
  return {
    metricQueries: [
      ...Object.entries(watch.metrics).map(([id, { namespace, name, statistic, dimensions }]) => ({
        id,
        metric: { namespace, metricName: name, stat: statistic, period: periodSeconds, dimensions: { ...dimensions } },
        returnData: false,
      })),
      { id: "result", expression: watch.expression, label: watch.label, returnData: true },
    ],
  };
}
