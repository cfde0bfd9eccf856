/** Who is notified of what: thresholds, actions and routes of alarms. */
import { descriptionLimit } from "../../../components/alarms/contract.ts";
import type { Change } from "../change.ts";
import { code, phrase } from "../phrase.ts";
import { isList, type Json, shortText } from "../propertyValue.ts";
import { differenceAt, type Story, type StoryContext, storyOf, type Teller, type Told } from "../story.ts";

const alarmTypes = new Set(["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"]);
const subscription = "aws:sns/topicSubscription:TopicSubscription";

/** Whom it tells. */
const actions = ["alarmActions", "okActions", "insufficientDataActions"];
/** What it looks at. */
const watched = [
  ...[
    "comparisonOperator",
    "metricName",
    "namespace",
    "dimensions",
    "statistic",
    "extendedStatistic",
    "metricQueries",
    "alarmRule",
    "actionsSuppressor",
  ],
  "evaluateLowSampleCountPercentiles",
];

/** Alarms that see less, say less, or go. */
export const alarmStories: Teller = {
  name: "alarms",
  judges: [
    {
      type: /^aws:cloudwatch\/(metric|composite)Alarm:/,
      path: new RegExp(
        `^(threshold|treatMissingData|evaluationPeriods|datapointsToAlarm|period|actionsEnabled|${actions.join("|")}|${watched.join("|")})\\b`,
      ),
    },
  ],
  tell: (change, context) => {
    if (change.type === subscription)
      return change.op === "delete" ? [storyOf(change, "guard", phrase`nobody is notified by ${code(change.name)} any more`)] : [];
    if (!alarmTypes.has(change.type)) return [];
    if (change.op === "delete") return [storyOf(change, "guard", phrase`alarm ${code(change.name)} goes`)];
    if (change.op !== "update" && change.op !== "replace") return [];
    return [...thresholdStories(change, context), ...watchStories(change), ...actionStories(change)];
  },
};

function thresholdStories(change: Change, { changes }: StoryContext): Told[] {
  const size = changes.find((other) => measures(change, other));

  const threshold = differenceAt(change, "threshold");
  const silence = differenceAt(change, "treatMissingData");
  const periods = ["evaluationPeriods", "datapointsToAlarm", "period"].flatMap((path) => differenceAt(change, path) ?? []);
  const name = code(change.name);
  const below = shortText(change.after.comparisonOperator).startsWith("Less");
  const looser =
    threshold !== undefined &&
    (below ? Number(threshold.after) < Number(threshold.before) : Number(threshold.after) > Number(threshold.before));
  const objective = objectiveStory(change, looser);
  return [
    objective,
    threshold &&
      objective === undefined &&
      storyOf(
        change,
        looser && size === undefined ? "guard" : "routine",
        phrase`alarm ${name} threshold ${shortText(threshold.before)} → ${shortText(threshold.after)}`,
        size !== undefined
          ? phrase`it follows from the other size of ${code(size.name)}`
          : looser
            ? phrase`it fires later`
            : phrase`it fires earlier`,
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

/** An SLO's alarms follow from its objective, which their descriptions name: "availability spends … (SLO 99.9 %)". */
const objectiveIn = /^(\S+) spends .*\(SLO ([\d.]+) %\)/m;

function objectiveStory(change: Change, looser: boolean): Story | undefined {
  const [was, is] = [change.before, change.after].map(({ alarmDescription }) =>
    objectiveIn.exec(shortText(alarmDescription, descriptionLimit)),
  );
  if (was == null || is == null || was[2] === is[2]) return undefined;
  return storyOf(
    change,
    looser ? "guard" : "routine",
    phrase`SLO ${is[1] ?? ""} ${was[2] ?? ""} % → ${is[2] ?? ""} %`,
    looser ? phrase`its alarms fire later` : phrase`its alarms fire earlier`,
  );
}

/** Whether an alarm is about something that gets another size in the same update: what is little memory there is another figure. */
function measures(alarm: Change, { before, differences }: Change): boolean {
  if (before.region !== alarm.before.region) return false;
  const sized = differences.some(({ path }) => /^(instanceClass|nodeType|allocatedStorage)$/.test(path));
  const ids = [before.identifier, before.clusterIdentifier, before.replicationGroupId].filter((id) => typeof id === "string");
  return (
    sized && ids.some((id) => JSON.stringify([alarm.before.dimensions ?? null, alarm.before.metricQueries ?? null]).includes(`"${id}`))
  );
}

function watchStories(change: Change): Told[] {
  const [first, ...more] = change.differences.filter(({ path, note }) => note !== "order" && watched.some((key) => path.startsWith(key)));
  if (first === undefined) return [];
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  return [
    storyOf(
      change,
      "guard",
      phrase`alarm ${code(change.name)} watches something else`,
      phrase`${code(first.path)}: ${shortText(first.before, 60)} → ${shortText(first.after, 60)}${others}`,
    ),
  ];
}

function actionStories(change: Change): Told[] {
  const enabled = differenceAt(change, "actionsEnabled");
  const name = code(change.name);
  return [
    enabled !== undefined && enabled.after === false && storyOf(change, "guard", phrase`alarm ${name} tells nobody`),
    ...actions.flatMap((key) => {
      const [before, after] = [texts(change.before[key]), texts(change.after[key])];
      const lost = before.filter((one) => !after.includes(one));
      const won = after.filter((one) => !before.includes(one));
      return [
        lost.length > 0 && storyOf(change, "guard", phrase`alarm ${name} no longer tells ${lost.join(", ")}`, phrase`${key}`),
        won.length > 0 && storyOf(change, "routine", phrase`alarm ${name} tells ${won.join(", ")} too`, phrase`${key}`),
      ];
    }),
  ];
}

function texts(value: Json | undefined): string[] {
  return isList(value) ? value.map((one) => shortText(one, 120)) : [];
}
