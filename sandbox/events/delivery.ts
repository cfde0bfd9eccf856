/** From an event to the functions that its rules name: matched, allowed, invoked, tried again, and kept when all was in vain. */
import type { LiveObject, LiveStore } from "../cloud/liveStore.ts";
import type { Invocation } from "../functions/functionProcess.ts";
import { isObject, type Value } from "../provider/values.ts";
import { alarms, setAlarmState } from "./alarmState.ts";
import { matches } from "./eventPattern.ts";

const ruleType = "aws:cloudwatch/eventRule:EventRule";
const targetType = "aws:cloudwatch/eventTarget:EventTarget";
const functionType = "aws:lambda/function:Function";
const permissionType = "aws:lambda/permission:Permission";
const invokeConfigType = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";

/** Messages in a queue; no resource of the engine has this type. */
export const queuedType = "aws:sqs/queue:Message";

/** An event with the place that it happened in. */
export interface PlacedEvent {
  readonly id: string;
  readonly account: string;
  readonly region: string;
}

/** What became of one event at one target. */
export interface Delivered {
  /** Name of the function. */
  readonly function: string;
  /** One for each try. */
  readonly tries: readonly Invocation[];
  /** Name of the queue that keeps the event, when every try failed. */
  readonly keptIn: string | undefined;
}

/**
 * Delivers an event. Tries follow each other at once, where Lambda waits one minute and then two.
 * @param invoke runs a function once
 */
export async function deliver(
  event: PlacedEvent,
  store: LiveStore,
  invoke: (target: LiveObject, event: PlacedEvent) => Promise<Invocation>,
): Promise<Delivered[]> {
  const scope = `${event.account}/${event.region}`;
  const here = (type: string) => store.all(type).filter((object) => object.scope === scope);
  const delivered: Delivered[] = [];
  for (const rule of here(ruleType)) {
    if (typeof rule.properties.eventPattern !== "string" || rule.properties.state === "DISABLED") continue;
    if (!matches(JSON.parse(rule.properties.eventPattern), JSON.parse(JSON.stringify(event)))) continue;
    for (const target of here(targetType).filter(({ properties }) => properties.rule === rule.properties.name)) {
      const found = here(functionType).find(({ properties }) => properties.arn === target.properties.arn);
      if (found === undefined) continue;
      const name = String(found.properties.name);
      if (!mayInvoke(here(permissionType), found, rule)) {
        const error = `events.amazonaws.com may not invoke ${name} for ${rule.properties.arn}`;
        delivered.push({
          function: name,
          tries: [{ error }],
          keptIn: keep(event, target.properties.deadLetterConfig, "arn", error, store),
        });
        continue;
      }
      const config = here(invokeConfigType).find(({ properties }) => properties.functionName === name);
      const tries: Invocation[] = [];
      for (let left = 1 + Number(config?.properties.maximumRetryAttempts ?? 2); left > 0 && !succeeded(tries); left--)
        tries.push(await invoke(found, event));
      const last = tries.at(-1);
      const keptIn =
        last !== undefined && "error" in last ? keep(event, found.properties.deadLetterConfig, "targetArn", last.error, store) : undefined;
      delivered.push({ function: name, tries, keptIn });
    }
  }
  return delivered;
}

function succeeded(tries: readonly Invocation[]): boolean {
  return tries.some((one) => "result" in one);
}

function mayInvoke(permissions: readonly LiveObject[], target: LiveObject, rule: LiveObject): boolean {
  return permissions.some(
    ({ properties }) =>
      [target.properties.name, target.properties.arn].includes(properties.function ?? null) &&
      properties.principal === "events.amazonaws.com" &&
      properties.action === "lambda:InvokeFunction" &&
      [undefined, null, rule.properties.arn].includes(properties.sourceArn as never),
  );
}

/** Puts an event into the queue that a dead-letter setting names, whose alarm then fires. @returns the queue's name */
function keep(event: PlacedEvent, setting: Value | undefined, key: string, error: string, store: LiveStore): string | undefined {
  const arn = isObject(setting) ? setting[key] : undefined;
  const queue = store.all("aws:sqs/queue:Queue").find(({ properties }) => properties.arn === arn);
  if (queue === undefined) return undefined;
  const name = String(queue.properties.name);
  const properties = { queue: name, body: JSON.stringify(event), error };
  store.put({ type: queuedType, id: crypto.randomUUID(), scope: queue.scope, properties, createdFor: event.id });
  for (const alarm of alarms(store)) {
    const { namespace, metricName, dimensions } = alarm.properties;
    const ofQueue = isObject(dimensions) && dimensions.QueueName === name;
    if (namespace === "AWS/SQS" && metricName === "ApproximateNumberOfMessagesVisible" && ofQueue)
      setAlarmState(store, alarm, "ALARM", `1 message is visible in ${name}`);
  }
  return name;
}
