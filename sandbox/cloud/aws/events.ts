/** EventBridge: rules, their targets, and what AWS refuses. */
import type { Properties } from "../../provider/values.ts";
import { CloudError, onBoth, onCreate, type Rule, type ServiceTables } from "../catalogue.ts";

const eventRule = "aws:cloudwatch/eventRule:EventRule";
const eventTarget = "aws:cloudwatch/eventTarget:EventTarget";

const targetLimit = 5;

/** `rate(1 minute)`, `rate(5 minutes)`, or six fields of cron of which one of the two days is a question mark. */
const schedule = /^(?:rate\((?:1 (?:minute|hour|day)|(?:[2-9]|[1-9]\d+) (?:minutes|hours|days))\)|cron\((?=[^)]*\?)(?:\S+ ){5}\S+\))$/;

const refuseBadSchedule: Rule["enforce"] = ({ scheduleExpression, eventBusName }) => {
  if (typeof scheduleExpression !== "string" || scheduleExpression === "") return;
  if (!schedule.test(scheduleExpression)) throw new CloudError("ValidationException", "Parameter ScheduleExpression is not valid.");
  if (eventBusName !== undefined && eventBusName !== "default")
    throw new CloudError("ValidationException", "ScheduleExpression is supported only on the default event bus.");
};

const refuseSixth: Rule["enforce"] = ({ rule }, { store }) => {
  const there = store.all(eventTarget).filter(({ properties }) => properties.rule === rule).length;
  if (there >= targetLimit)
    throw new CloudError("LimitExceededException", `The requested resource exceeds the maximum number allowed: ${targetLimit} targets`);
};

/** Both ways in which the provider says whether a rule is on, from the one that is given. */
function enablement({ state, isEnabled }: Properties): Properties {
  const said = typeof state === "string" && state !== "" ? state : isEnabled === false ? "DISABLED" : "ENABLED";
  return { state: said, isEnabled: said !== "DISABLED" };
}

export const events: ServiceTables = {
  identities: {
    [eventRule]: {
      id: ({ eventBusName, name }) => (eventBusName === undefined || eventBusName === "default" ? `${name}` : `${eventBusName}/${name}`),
      compute: enablement,
      revise: (_, next) => ({ ...next, ...enablement(next) }),
    },
  },
  rules: {
    [eventRule]: onBoth(refuseBadSchedule),
    [eventTarget]: onCreate(refuseSixth),
  },
};
