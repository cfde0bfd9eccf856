/** Who is notified of what: thresholds, actions and routes of alarms. */
import type { Change } from "../change.ts";
import { code, phrase } from "../phrase.ts";
import { isList, type Json, shortText } from "../propertyValue.ts";
import { differenceAt, storyOf, type Teller, type Told } from "../story.ts";

const alarmTypes = new Set(["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"]);
const subscription = "aws:sns/topicSubscription:TopicSubscription";

/** Alarms that see less, say less, or go. */
export const alarmStories: Teller = (change) => {
  if (change.type === subscription)
    return change.op === "delete" ? [storyOf(change, "guard", phrase`nobody is notified by ${code(change.name)} any more`)] : [];
  if (!alarmTypes.has(change.type)) return [];
  if (change.op === "delete") return [storyOf(change, "guard", phrase`alarm ${code(change.name)} goes`)];
  if (change.op !== "update") return [];
  return [...thresholdStories(change), ...actionStories(change)];
};

function thresholdStories(change: Change): Told[] {
  const threshold = differenceAt(change, "threshold");
  const silence = differenceAt(change, "treatMissingData");
  const periods = ["evaluationPeriods", "datapointsToAlarm", "period"].flatMap((path) => differenceAt(change, path) ?? []);
  const name = code(change.name);
  const below = shortText(change.after.comparisonOperator).startsWith("Less");
  const looser =
    threshold !== undefined &&
    (below ? Number(threshold.after) < Number(threshold.before) : Number(threshold.after) > Number(threshold.before));
  return [
    threshold &&
      storyOf(
        change,
        looser ? "guard" : "routine",
        phrase`alarm ${name} threshold ${shortText(threshold.before)} → ${shortText(threshold.after)}`,
        looser ? phrase`it fires later` : phrase`it fires earlier`,
      ),
    ...periods.map(({ path, before, after }) =>
      storyOf(
        change,
        Number(after) > Number(before) ? "guard" : "routine",
        phrase`alarm ${name} ${path} ${shortText(before)} → ${shortText(after)}`,
      ),
    ),
    silence &&
      storyOf(
        change,
        "guard",
        phrase`alarm ${name} takes silence for ${shortText(silence.after)}`,
        phrase`it was ${shortText(silence.before)}`,
      ),
  ];
}

function actionStories(change: Change): Told[] {
  const enabled = differenceAt(change, "actionsEnabled");
  const lost = ["alarmActions", "okActions"].filter((key) => count(change.after[key]) < count(change.before[key]));
  return [
    enabled !== undefined && enabled.after === false && storyOf(change, "guard", phrase`alarm ${code(change.name)} tells nobody`),
    ...lost.map((key) => storyOf(change, "guard", phrase`alarm ${code(change.name)} tells fewer people (${key})`)),
  ];
}

function count(value: Json | undefined): number {
  return isList(value) ? value.length : 0;
}
