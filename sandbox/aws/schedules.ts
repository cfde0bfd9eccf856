/** EventBridge Scheduler: read a schedule, and write it anew. */
import type { GetScheduleOutput, Scheduler, ScheduleState } from "@aws-sdk/client-scheduler";
import { scheduleType } from "../cloud/aws/scheduler.ts";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject } from "../cloud/liveStore.ts";
import { isObject, type Properties } from "../provider/values.ts";
import { type Asked, camel, dateOf, type OperationsOf, pascal } from "./operation.ts";

export const schedules = {
  GetSchedule: ({ Name = "", GroupName = "default" }, asked) => {
    const { properties } = scheduleOf(GroupName, Name, asked);
    const { arn, scheduleExpression, scheduleExpressionTimezone, state, description, endDate, flexibleTimeWindow, target } = properties;
    const end = dateOf(endDate === "" ? undefined : endDate);
    return {
      ...{
        Arn: String(arn),
        Name,
        GroupName,
        ScheduleExpression: String(scheduleExpression),
        State: String(state ?? "ENABLED") as ScheduleState,
      },
      ...(typeof scheduleExpressionTimezone === "string" ? { ScheduleExpressionTimezone: scheduleExpressionTimezone } : {}),
      ...(typeof description === "string" && description !== "" ? { Description: description } : {}),
      ...(end === undefined ? {} : { EndDate: end }),
      FlexibleTimeWindow: pascal(flexibleTimeWindow ?? null) as unknown as GetScheduleOutput["FlexibleTimeWindow"],
      Target: pascal(target ?? null) as unknown as GetScheduleOutput["Target"],
    };
  },

  /** What is not sent goes back to its default, as at AWS. */
  UpdateSchedule: (
    { Name = "", GroupName = "default", ScheduleExpression, FlexibleTimeWindow, Target, State = "ENABLED", Description = "", EndDate },
    asked,
  ) => {
    const schedule = scheduleOf(GroupName, Name, asked);
    if (ScheduleExpression === undefined || FlexibleTimeWindow === undefined || Target === undefined)
      throw new CloudError("ValidationException", "ScheduleExpression, FlexibleTimeWindow and Target must not be null");
    const { endDate: _, ...before } = schedule.properties;
    const merged = (known: Properties[string] | undefined, sent: object): Properties => ({
      ...(isObject(known) ? known : {}),
      ...(camel(sent as Properties) as Properties),
    });
    asked.store.put({
      ...schedule,
      properties: {
        ...{ ...before, scheduleExpression: ScheduleExpression, state: State, description: Description },
        flexibleTimeWindow: merged(before.flexibleTimeWindow, FlexibleTimeWindow),
        target: merged(before.target, Target),
        ...(EndDate === undefined ? {} : { endDate: EndDate.toISOString() }),
      },
    });
    return { ScheduleArn: String(before.arn) };
  },
} satisfies OperationsOf<Scheduler>;

function scheduleOf(group: string, name: string, { store, place: { account, region } }: Asked): LiveObject {
  const found = store.get(scheduleType, `${group}/${name}`, `${account}/${region}`);
  if (found === undefined) throw new CloudError("ResourceNotFoundException", `Schedule ${name} does not exist.`);
  return found;
}
