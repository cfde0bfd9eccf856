/** The state of alarms in the simulated cloud, which has no metrics: somebody sets it. */
import { CloudError } from "../cloud/catalogue.ts";
import { timeIn } from "../cloud/clock.ts";
import type { LiveObject, LiveStore } from "../cloud/liveStore.ts";

/** States of an alarm. */
export const alarmStates = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const;
export type AlarmState = (typeof alarmStates)[number];

const metricAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const compositeAlarm = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

/** Kept beside the alarm; no resource of the engine has this type. */
const stateType = "aws:cloudwatch/metricAlarm:State";

/** An alarm by its name. @throws CloudError when there is none */
export function alarmNamed(store: LiveStore, name: string): LiveObject {
  const found = alarms(store).find((alarm) => nameOf(alarm) === name);
  if (found !== undefined) return found;
  const known = alarms(store).map(nameOf).sort();
  throw new CloudError("ResourceNotFound", `there is no alarm ${name}; there are: ${known.join(", ") || "none"}`);
}

/** All alarms. */
export function alarms(store: LiveStore): LiveObject[] {
  return [...store.all(metricAlarm), ...store.all(compositeAlarm)];
}

/** Name of an alarm, whichever kind it is. */
export function nameOf({ properties }: LiveObject): string {
  return String(properties.alarmName ?? properties.name);
}

/** State of an alarm; one that nobody has set has no data. */
export function stateOf(store: LiveStore, alarm: LiveObject): AlarmState {
  const value = store.get(stateType, nameOf(alarm), alarm.scope)?.properties.value;
  return alarmStates.find((state) => state === value) ?? "INSUFFICIENT_DATA";
}

/** When an alarm came into its state, ISO 8601; one that nobody has set never did. */
export function stateSince(store: LiveStore, alarm: LiveObject): string {
  return String(store.get(stateType, nameOf(alarm), alarm.scope)?.properties.since ?? "it was made");
}

/** What EventBridge is told of a change. */
interface AlarmEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": "CloudWatch Alarm State Change";
  readonly source: "aws.cloudwatch";
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly alarmName: string;
    readonly previousState: { readonly value: AlarmState };
    readonly state: { readonly value: AlarmState; readonly reason: string; readonly timestamp: string };
  };
}

/** Sets the state. @returns the event that CloudWatch sends; undefined when it is the state already */
export function setAlarmState(
  store: LiveStore,
  alarm: LiveObject,
  value: AlarmState,
  reason: string,
  now = timeIn(store),
): AlarmEvent | undefined {
  const before = stateOf(store, alarm);
  const [account = "", region = ""] = alarm.scope.split("/");
  const time = now.toISOString();
  const properties = { value, reason, since: before === value ? stateSince(store, alarm) : time };
  store.put({ type: stateType, id: nameOf(alarm), scope: alarm.scope, properties, createdFor: "set by hand" });
  if (before === value) return undefined;
  return {
    version: "0",
    id: crypto.randomUUID(),
    "detail-type": "CloudWatch Alarm State Change",
    source: "aws.cloudwatch",
    account,
    time,
    region,
    resources: [String(alarm.properties.arn)],
    detail: { alarmName: nameOf(alarm), previousState: { value: before }, state: { value, reason, timestamp: time } },
  };
}
