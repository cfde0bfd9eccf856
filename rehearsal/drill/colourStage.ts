/** One service in a copy of the simulated cloud: what an exercise reads of it, and does to it. */

import { acknowledgedLatch, type Latch, latchName } from "../../infra/config/latch.ts";
import { type Colour, type Weights, weightsOf } from "../../infra/config/release.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { Aws } from "../../ops/aws/aws.ts";
import { readLatch, writeLatch } from "../../ops/rollback/latches.ts";
import { stateOf } from "../../ops/rollback/rollback.ts";
import { UserError } from "../../ops/userError.ts";
import { healthyTargets } from "../../sandbox/aws/loadBalancing.ts";
import { simulatedAws } from "../../sandbox/aws/simulated.ts";
import { scaleTasks, serviceType } from "../../sandbox/cloud/aws/tasks.ts";
import type { LiveObject, LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { valuesAt } from "../../sandbox/cloud/references.ts";
import { stateOf as alarmStateOf, alarms, nameOf } from "../../sandbox/events/alarmState.ts";
import { EventPath } from "../../sandbox/events/eventPath.ts";
import { isObject } from "../../sandbox/provider/values.ts";
import type { ExercisedAlarm, ExercisedService } from "./colourExercise.ts";
import { onCopiedCloud } from "./copiedCloud.ts";

const ruleType = "aws:lb/listenerRule:ListenerRule";

/** What one alarm set off, really. */
interface Fired {
  /** What the function says that it did; `undelivered` when every try failed. */
  readonly outcome: string;
  /** From the alarm's change until the function had answered, or given up, milliseconds by the wall clock. */
  readonly milliseconds: number;
  /** Of it the function, until the rule read back as wanted. @default it did not say */
  readonly functionMilliseconds?: number;
  /** Alarms of P0 that are in ALARM after it. */
  readonly ringing: readonly string[];
}

/** A service that a drill may break. */
export interface ColourStage extends ExercisedService {
  readonly live: Colour;
  /** Names of the alarms that set its rollback off. */
  readonly triggers: ReadonlySet<string>;
  /** Gives the candidate a share, percent, as an update with that weight does. */
  readonly openCanary: (percent: number) => void;
  /** Sets how many tasks of a colour run. */
  readonly runTasks: (colour: Colour, tasks: number) => void;
  /** Lets an alarm go off, with everything that follows. */
  readonly fire: (alarm: string, reason: string) => Promise<Fired>;
  readonly latch: () => Promise<Latch | undefined>;
  readonly acknowledge: (latch: Latch) => Promise<void>;
}

/** What the function knows beforehand. */
interface FunctionSettings {
  readonly ruleArn: string;
  readonly targetGroups: Readonly<Record<Colour, string>>;
}

/** Runs a drill on a copy of the simulated cloud that is gone afterwards. @throws UserError when the service is not there */
export async function onColourStage<T>(
  { stack, service, config }: { readonly stack: string; readonly service: string; readonly config: StackConfig },
  run: (stage: ColourStage) => Promise<T>,
): Promise<T> {
  return onCopiedCloud(stack, async (store, folder) => {
    const path = await EventPath.open({ folder, store, account: config.aws.accountId });
    try {
      return await run(stageOf(store, path, { stack, service, config }));
    } finally {
      path.close();
    }
  });
}

function stageOf(
  store: LiveStore,
  path: EventPath,
  { stack, service, config }: { readonly stack: string; readonly service: string; readonly config: StackConfig },
): ColourStage {
  const { accountId, region } = config.aws;
  const scope = `${accountId}/${region}`;
  const { live } = config.services[service]?.release ?? { live: "blue" as const };
  const place = { region, name: latchName(config, service) };
  const aws = new Aws({ account: accountId, region, cloud: "a copy of the simulated cloud", answer: simulatedAws(store, accountId) });
  const here = (type: string) => store.all(type).filter((object) => object.scope === scope);
  const found = here("aws:lambda/function:Function").flatMap((one) => {
    const settings = settingsOf(one);
    return settings.latch === place.name ? [{ one, settings }] : [];
  })[0];
  if (found === undefined || !isFunctionSettings(found.settings))
    throw new UserError(`The rollback of ${service} is not in the simulated cloud. Make it first: slipway up --stack ${stack}`);
  const { ruleArn, targetGroups } = found.settings;
  const name = String(found.one.properties.name);
  const ruleNow = (): LiveObject => {
    const rule = store.get(ruleType, ruleArn, scope);
    if (rule === undefined) throw new UserError(`The rule ${ruleArn} is not in the simulated cloud. Run: slipway up --stack ${stack}`);
    return rule;
  };
  const groupsIn = ({ properties }: LiveObject) => {
    const [action] = Array.isArray(properties.actions) ? properties.actions : [];
    const forward = isObject(action) && isObject(action.forward) ? action.forward : {};
    return { action: isObject(action) ? action : {}, forward };
  };
  const weights = (): Weights => {
    const { targetGroups: groups } = groupsIn(ruleNow()).forward;
    const of = (colour: Colour) => {
      const group = (Array.isArray(groups) ? groups.filter(isObject) : []).find(({ arn }) => arn === targetGroups[colour]);
      return Number(group?.weight ?? 0);
    };
    return { blue: of("blue"), green: of("green") };
  };
  return {
    live,
    weights,
    tasks: (colour) => healthyTargets(targetGroups[colour], store),
    targetGroups: { blue: dimensionOf(targetGroups.blue), green: dimensionOf(targetGroups.green) },
    alarms: alarms(store)
      .filter((alarm) => alarm.scope === scope)
      .map(exercised),
    checks: checksOf(store, config.services[service]?.route.hosts ?? []),
    triggers: triggersOf(here("aws:cloudwatch/eventRule:EventRule"), here("aws:cloudwatch/eventTarget:EventTarget"), found.one),
    openCanary: (percent) => {
      const shares = weightsOf(live, percent);
      const rule = ruleNow();
      const { action, forward } = groupsIn(rule);
      const both = (["blue", "green"] as const).map((colour) => ({ arn: targetGroups[colour], weight: shares[colour] }));
      store.put({ ...rule, properties: { ...rule.properties, actions: [{ ...action, forward: { ...forward, targetGroups: both } }] } });
      // An update with a weight tells the function, too, which colour is the live one.
      const environment = { variables: { SLIPWAY_ROLLBACK: JSON.stringify({ ...found.settings, live, candidateOpen: true }) } };
      store.put({ ...found.one, properties: { ...found.one.properties, environment } });
    },
    runTasks: (colour, tasks) => {
      for (const one of store.all(serviceType))
        if (valuesAt(one.properties, "loadBalancers[].targetGroupArn").includes(targetGroups[colour])) scaleTasks(store, one, tasks);
    },
    fire: async (alarm, reason) => {
      await path.set(alarm, "OK", "The exercise begins.");
      const began = performance.now();
      const delivered = (await path.set(alarm, "ALARM", reason)).find((one) => one.function === name);
      const milliseconds = Math.round(performance.now() - began);
      const last = delivered?.tries.at(-1);
      const ringing = alarms(store)
        .filter((one) => severityOf(one) === "P0" && alarmStateOf(store, one) === "ALARM")
        .map(nameOf);
      if (last === undefined || !("result" in last) || !isReport(last.result)) return { outcome: "undelivered", milliseconds, ringing };
      return { outcome: last.result.outcome, milliseconds, functionMilliseconds: last.result.milliseconds, ringing };
    },
    latch: async () => {
      const state = stateOf(await readLatch(aws, place));
      if (state === "unreadable") throw new UserError(`The latch of ${service} cannot be read. Look: slipway status --stack ${stack}`);
      return typeof state === "object" ? state : undefined;
    },
    acknowledge: async (latch) => writeLatch(aws, place, acknowledgedLatch(latch, "drill", aws.now())),
  };
}

/** An alarm that tells nobody is a part of another one, and pages nobody by itself. */
function exercised(alarm: LiveObject): ExercisedAlarm {
  const { properties } = alarm;
  const notified = Array.isArray(properties.alarmActions) && properties.alarmActions.length > 0;
  return { name: nameOf(alarm), severity: notified ? severityOf(alarm) : "", properties };
}

function severityOf({ properties: { tags } }: LiveObject): string {
  return isObject(tags) && typeof tags.Severity === "string" ? tags.Severity : "";
}

/** Names of the alarms in the rule whose target is the function. */
function triggersOf(rules: readonly LiveObject[], targets: readonly LiveObject[], one: LiveObject): Set<string> {
  const mine = targets.filter(({ properties }) => properties.arn === one.properties.arn).map(({ properties }) => properties.rule);
  const patterns = rules
    .filter(({ properties }) => mine.includes(properties.name ?? null))
    .map(({ properties }) => properties.eventPattern);
  const arns = patterns.flatMap((pattern) => {
    const { resources }: { resources?: unknown } = JSON.parse(String(pattern));
    return Array.isArray(resources) ? resources.map(String) : [];
  });
  return new Set(arns.map((arn) => arn.split(":alarm:")[1] ?? arn));
}

/** Checks of Route 53 that ask one of the hosts, and the seconds until each has failed often enough. */
function checksOf(store: LiveStore, hosts: readonly string[]): Map<string, number> {
  return new Map(
    store
      .all("aws:route53/healthCheck:HealthCheck")
      .flatMap(({ id, properties: { fqdn, failureThreshold, requestInterval } }) =>
        hosts.includes(String(fqdn)) ? [[id, Number(failureThreshold ?? 3) * Number(requestInterval ?? 30)] as const] : [],
      ),
  );
}

/** `targetgroup/<name>/<id>` of an ARN. */
function dimensionOf(arn: string): string {
  return arn.split(":").at(-1) ?? arn;
}

function settingsOf({ properties: { environment } }: LiveObject): Readonly<Record<string, unknown>> {
  const variables = isObject(environment) && isObject(environment.variables) ? environment.variables : {};
  return typeof variables.SLIPWAY_ROLLBACK === "string" ? JSON.parse(variables.SLIPWAY_ROLLBACK) : {};
}

function isFunctionSettings(settings: Readonly<Record<string, unknown>>): settings is Readonly<Record<string, unknown>> & FunctionSettings {
  const { ruleArn, targetGroups } = settings;
  return typeof ruleArn === "string" && typeof targetGroups === "object" && targetGroups !== null;
}

function isReport(value: unknown): value is { readonly outcome: string; readonly milliseconds: number } {
  return typeof value === "object" && value !== null && "outcome" in value && "milliseconds" in value;
}
