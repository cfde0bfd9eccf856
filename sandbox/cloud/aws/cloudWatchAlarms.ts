/** CloudWatch alarms and composite alarms: what AWS refuses of them. */
import { listOf, type Properties } from "../../provider/values.ts";
import { CloudError, onBoth, type Rule, type ServiceTables } from "../catalogue.ts";
import type { LiveStore } from "../liveStore.ts";

const metricAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const compositeAlarm = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

const invalid = (message: string): CloudError => new CloudError("ValidationError", message);

/** Actions are of the alarm's own region, five at most a state, and topics that are there. */
const goodActions: Rule["enforce"] = (alarm, { store, place }) => {
  const region = String(alarm.region ?? place.region);
  for (const property of ["alarmActions", "okActions", "insufficientDataActions"]) {
    const actions = listOf(alarm[property]).map(String);
    if (actions.length > 5) throw invalid(`1 validation error detected: Value at '${property}' has more than 5 actions`);
    for (const action of actions.filter((candidate) => candidate.startsWith("arn:aws:sns:"))) {
      const [, , , of = ""] = action.split(":");
      if (of !== region) throw invalid(`Invalid region ${of} specified. Only ${region} is supported.`);
      if (!store.all("aws:sns/topic:Topic").some(({ id }) => id === action))
        throw new CloudError("ResourceNotFound", `Topic ${action} does not exist`);
    }
  }
};

const goodPeriods: Rule["enforce"] = (alarm) => {
  const evaluations = Number(alarm.evaluationPeriods ?? 1);
  if (Number(alarm.datapointsToAlarm ?? evaluations) > evaluations)
    throw invalid("DatapointsToAlarm must be less than or equal to EvaluationPeriods");
  for (const period of periodsOf(alarm)) {
    if (![10, 20, 30].includes(period) && (period % 60 !== 0 || period === 0))
      throw invalid(`Invalid Period: ${period}. Valid values are 10, 20, 30 and multiples of 60`);
    const most = period < 3600 ? 86_400 : 604_800;
    if (period * evaluations > most)
      throw invalid(
        `Metrics cannot be checked across more than ${most === 86_400 ? "a day" : "a week"} (EvaluationPeriods * Period must be <= ${most})`,
      );
  }
};

/** Exactly one query gives the value that is compared. */
const oneResult: Rule["enforce"] = (alarm) => {
  const queries = listOf(alarm.metricQueries) as readonly Properties[];
  if (queries.length === 0) return;
  if (queries.filter(({ returnData }) => returnData === true).length !== 1)
    throw invalid("Exactly one element of the metrics list should return data.");
  for (const { id } of queries) if (!/^[a-z]\w*$/.test(String(id))) throw invalid(`Invalid id ${String(id)}`);
};

const goodName: Rule["enforce"] = (alarm) => {
  if (String(alarm.name ?? alarm.alarmName).length > 255) throw invalid("AlarmName must be at most 255 characters");
};

const goodRule: Rule["enforce"] = (alarm, { store, place }) => {
  const rule = String(alarm.alarmRule);
  const children = childrenOf(rule);
  if (rule.length > 10_240) throw invalid("AlarmRule must not exceed 10240 characters");
  if (children.length > 100) throw invalid("AlarmRule must not reference more than 100 alarms");
  const region = String(alarm.region ?? place.region);
  const suppressor = listOf(alarm.actionsSuppressor) as readonly Properties[];
  const named = [...children, ...suppressor.map((value) => String(value.alarm))];
  const absent = named.filter((name) => !namesIn(store, region).has(name.split(":alarm:").at(-1) ?? ""));
  if (absent.length > 0) throw invalid(`AlarmRule references alarms that do not exist: ${absent.join(", ")}`);
};

/** Names that a rule mentions. */
function childrenOf(rule: string): string[] {
  return [...rule.matchAll(/(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*"?([^")]+)"?\s*\)/g)].map(([, name = ""]) => name);
}

function namesIn(store: LiveStore, region: string): Set<string> {
  const of = (type: string, key: string) =>
    store.all(type).flatMap(({ scope, properties }) => (scope.includes(region) ? [String(properties[key])] : []));
  return new Set([...of(metricAlarm, "name"), ...of(compositeAlarm, "alarmName")]);
}

function periodsOf(alarm: Properties): number[] {
  const queries = listOf(alarm.metricQueries) as readonly Properties[];
  const inner = queries.flatMap(({ metric, period }) => {
    const { period: of } = (metric ?? {}) as Properties;
    return [of, period].filter((value) => typeof value === "number");
  });
  return typeof alarm.period === "number" ? [alarm.period, ...inner] : inner;
}

export const cloudWatchAlarms: ServiceTables = {
  rules: {
    [metricAlarm]: onBoth(goodName, goodPeriods, oneResult, goodActions),
    [compositeAlarm]: onBoth(goodName, goodRule, goodActions),
  },
};
