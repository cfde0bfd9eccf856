/** CloudWatch: alarms and their state. There are no metrics here, so their statistics are empty. */
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { alarms as every, nameOf, stateOf } from "../events/alarmState.ts";
import { type OperationsOf, pageOf } from "./operation.ts";

export const alarms = {
  /** Metric alarms only, unless other types are named. */
  DescribeAlarms: (
    { AlarmNamePrefix = "", AlarmNames, AlarmTypes = ["MetricAlarm"], StateValue, MaxRecords = 50, NextToken },
    { store, place: { account, region } },
  ) => {
    const all = every(store)
      .filter(({ scope }) => scope === `${account}/${region}`)
      .map((alarm) => ({
        kind: alarm.type.endsWith(":MetricAlarm") ? ("MetricAlarm" as const) : ("CompositeAlarm" as const),
        ...{ AlarmName: nameOf(alarm), AlarmArn: String(alarm.properties.arn), StateValue: stateOf(store, alarm) },
      }))
      .filter(({ kind, AlarmName, StateValue: state }) => {
        const wanted = AlarmNames === undefined ? AlarmName.startsWith(AlarmNamePrefix) : AlarmNames.includes(AlarmName);
        return wanted && AlarmTypes.includes(kind) && (StateValue === undefined || StateValue === state);
      });
    const { items, next } = pageOf(all, NextToken, MaxRecords);
    const of = (wanted: "MetricAlarm" | "CompositeAlarm") => items.flatMap(({ kind, ...alarm }) => (kind === wanted ? [alarm] : []));
    return { MetricAlarms: of("MetricAlarm"), CompositeAlarms: of("CompositeAlarm"), ...(next === undefined ? {} : { NextToken: next }) };
  },

  GetMetricStatistics: ({ MetricName = "" }) => ({
    Label: MetricName,
    Datapoints: [],
  }),
} satisfies OperationsOf<CloudWatch>;
