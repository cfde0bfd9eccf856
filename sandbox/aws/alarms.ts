/** CloudWatch: alarms and their state. There are no values of metrics here, so their statistics are empty. */
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { LiveObject } from "../cloud/liveStore.ts";
import { alarms as every, nameOf, stateOf, stateSince } from "../events/alarmState.ts";
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
        ...toldOf(alarm.properties),
        ...sinceOf(stateSince(store, alarm)),
      }))
      .filter(({ kind, AlarmName, StateValue: state }) => {
        const wanted = AlarmNames === undefined ? AlarmName.startsWith(AlarmNamePrefix) : AlarmNames.includes(AlarmName);
        return wanted && AlarmTypes.includes(kind) && (StateValue === undefined || StateValue === state);
      });
    const { items, next } = pageOf(all, NextToken, MaxRecords);
    const of = (wanted: "MetricAlarm" | "CompositeAlarm") => items.flatMap(({ kind, ...alarm }) => (kind === wanted ? [alarm] : []));
    return { MetricAlarms: of("MetricAlarm"), CompositeAlarms: of("CompositeAlarm"), ...(next === undefined ? {} : { NextToken: next }) };
  },

  /** The simulated cluster has the add-on of Container Insights, which tells of the cluster's own pods, too. */
  ListMetrics: ({ Namespace, MetricName, Dimensions = [] }) => {
    if (Namespace !== "ContainerInsights") return { Metrics: [] };
    const named = Dimensions.map(({ Name, Value }) => ({ Name, Value }));
    return {
      Metrics: [
        {
          Namespace,
          MetricName,
          Dimensions: [...named, { Name: "Namespace", Value: "kube-system" }, { Name: "PodName", Value: "coredns" }],
        },
      ],
    };
  },

  GetMetricStatistics: ({ MetricName = "" }) => ({
    Label: MetricName,
    Datapoints: [],
  }),
} satisfies OperationsOf<CloudWatch>;

/** What it tells people, whom it tells, and of one that is made of others its rule. */
function toldOf({ alarmDescription, alarmActions, alarmRule }: LiveObject["properties"]) {
  return {
    ...(typeof alarmDescription === "string" ? { AlarmDescription: alarmDescription } : {}),
    AlarmActions: Array.isArray(alarmActions) ? alarmActions.map(String) : [],
    ...(typeof alarmRule === "string" ? { AlarmRule: alarmRule } : {}),
  };
}

/** CloudWatch keeps when the state was last looked at, and when it last was another. One that nobody has set has neither here. */
function sinceOf(since: string) {
  const at = Date.parse(since);
  return Number.isNaN(at) ? {} : { StateUpdatedTimestamp: new Date(at), StateTransitionedTimestamp: new Date(at) };
}
