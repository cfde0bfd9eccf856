/** EventBridge Scheduler: ids, and what AWS refuses of schedules. */
import { isObject } from "../../provider/values.ts";
import { CloudError, onBoth, type ServiceTables } from "../catalogue.ts";

/** Type token of schedules. */
export const scheduleType = "aws:scheduler/schedule:Schedule";

export const scheduler: ServiceTables = {
  identities: {
    // The provider's id has the group in front.
    [scheduleType]: {
      id: ({ groupName, name }) => `${String(groupName ?? "default")}/${String(name)}`,
    },
  },
  rules: {
    [scheduleType]: onBoth(({ scheduleExpression, name, target }) => {
      if (!/^(?:rate\(\d+ (?:minutes?|hours?|days?)\)|cron\(.+\)|at\(.+\))$/.test(String(scheduleExpression)))
        throw new CloudError("ValidationException", `Invalid Schedule Expression ${String(scheduleExpression)}.`);
      if (String(name).length > 64) throw new CloudError("ValidationException", "Name must have length less than or equal to 64");
      const arn = isObject(target) ? String(target.arn) : "";
      if (/:aws-sdk:[a-z0-9]+:(?:get|describe|list|poll|receive|search|scan|query|select|read|lookup)/.test(arn))
        throw new CloudError("ValidationException", `The target ${arn} is a read-only API action, which schedules do not call.`);
    }),
  },
};
