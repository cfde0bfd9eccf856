/** Records, checks and their health in the simulated cloud, read off what is there and never off what config asks for. */
import { healthCheckType } from "../cloud/aws/healthChecks.ts";
import { scheduleType } from "../cloud/aws/scheduler.ts";
import { timeIn } from "../cloud/clock.ts";
import type { LiveObject, LiveStore } from "../cloud/liveStore.ts";
import { valuesAt } from "../cloud/references.ts";
import { isObject, listOf, objectsIn, type Properties, type Value } from "../provider/values.ts";
import { healthyTargets } from "./loadBalancing.ts";
import { answerOf, type Check, type Observed, regionIn, type ZoneModel, type ZoneRecord } from "./resolver.ts";

const loadBalancer = "aws:lb/loadBalancer:LoadBalancer";

/** What happens to the cloud besides what is in it. */
export interface Circumstances {
  /** AWS regions in which nothing answers. @default none */
  readonly lost?: ReadonlySet<string>;
  /** @default now */
  readonly at?: Date;
}

/** Every record and check of the simulated Route 53. */
export function zoneModel(store: LiveStore): ZoneModel {
  const records = store.all("aws:route53/record:Record").flatMap(({ properties }): ZoneRecord[] => {
    const [alias] = objectsIn(properties.aliases);
    if (alias === undefined) return [];
    const role = valuesAt(properties, "failoverRoutingPolicies[].type")[0];
    const check = properties.healthCheckId;
    return [
      {
        name: String(properties.name),
        setIdentifier: typeof properties.setIdentifier === "string" ? properties.setIdentifier : undefined,
        failover: role === "PRIMARY" || role === "SECONDARY" ? role : undefined,
        healthCheckId: typeof check === "string" && check !== "" ? check : undefined,
        alias: { name: String(alias.name), evaluateTargetHealth: alias.evaluateTargetHealth === true },
      },
    ];
  });
  const checks = store.all(healthCheckType).map(({ id, properties }): Check => {
    const { type, childHealthThreshold } = properties;
    const children = valuesAt(properties, "childHealthchecks[]");
    return {
      id,
      calculated: type === "CALCULATED" ? { children, threshold: Number(childHealthThreshold ?? 0) } : undefined,
      inverted: properties.invertHealthcheck === true,
      disabled: properties.disabled === true,
    };
  });
  return { records, checks };
}

/** What the leaf checks would find: an endpoint is followed to its tasks, an alarm to the switch behind its metric. */
export function observed(store: LiveStore, circumstances: Circumstances = {}): Observed {
  return (checkId) => {
    const check = store.all(healthCheckType).find(({ id }) => id === checkId)?.properties;
    if (check === undefined) return false;
    if (check.type === "CLOUDWATCH_METRIC") return !alarmRings(store, check, circumstances.at ?? timeIn(store));
    return endpointAnswers(store, check, circumstances.lost ?? new Set());
  };
}

/** Name that a host leads to: at Cloudflare or in Route 53 itself. */
export function leadsTo(store: LiveStore, host: string): string | undefined {
  const cname = store
    .all("cloudflare:index/dnsRecord:DnsRecord")
    .find(({ properties }) => properties.name === host && properties.type === "CNAME");
  if (cname !== undefined) return String(cname.properties.content);
  return zoneModel(store).records.find(({ name }) => name === host)?.alias.name;
}

/** The alarm of a switch rings while the schedule that writes 1 is on and has not ended. */
function alarmRings(store: LiveStore, check: Properties, at: Date): boolean {
  const alarm = store
    .all("aws:cloudwatch/metricAlarm:MetricAlarm")
    .find(
      ({ scope, properties }) => properties.name === check.cloudwatchAlarmName && scope.endsWith(`/${String(check.cloudwatchAlarmRegion)}`),
    );
  const dimensions = alarm?.properties.dimensions;
  const name = isObject(dimensions) ? dimensions.Switch : undefined;
  const schedule = store.all(scheduleType).find(({ scope, properties }) => properties.name === name && scope === alarm?.scope);
  return schedule !== undefined && isOn(schedule, at);
}

/** Whether a switch's schedule writes its 1 at a time. */
function isOn({ properties }: LiveObject, at: Date): boolean {
  const { state, endDate } = properties;
  return state === "ENABLED" && (typeof endDate !== "string" || endDate === "" || new Date(endDate) > at);
}

/** Follows a question from its name through the listener's first matching rule to a target group with tasks. */
function endpointAnswers(store: LiveStore, { fqdn, resourcePath }: Properties, lost: ReadonlySet<string>): boolean {
  const target = leadsTo(store, String(fqdn));
  const region = regionIn(target);
  if (target === undefined || region === undefined || lost.has(region)) return false;
  const balancer = store.all(loadBalancer).find(({ properties }) => properties.dnsName === target);
  const listener = store
    .all("aws:lb/listener:Listener")
    .find(({ properties }) => properties.loadBalancerArn === balancer?.id && properties.port === 443);
  const [path = "", query = ""] = String(resourcePath).split("?");
  const rule = store
    .all("aws:lb/listenerRule:ListenerRule")
    .filter(({ properties }) => properties.listenerArn === listener?.id)
    .sort((a, b) => Number(a.properties.priority) - Number(b.properties.priority))
    .find(({ properties }) => listOf(properties.conditions).every((condition) => meets(condition, String(fqdn), path, query)));
  const groups = rule === undefined ? [] : valuesAt(rule.properties, "actions[].forward.targetGroups[].arn");
  return groups.some((group) => healthyTargets(group, store) > 0);
}

function meets(condition: Value, host: string, path: string, query: string): boolean {
  if (!isObject(condition)) return false;
  const wanted = new URLSearchParams(query);
  if (isObject(condition.hostHeader)) return valuesAt(condition, "hostHeader.values[]").some((pattern) => glob(pattern).test(host));
  if (isObject(condition.pathPattern)) return valuesAt(condition, "pathPattern.values[]").some((pattern) => glob(pattern).test(path));
  const strings = objectsIn(condition.queryStrings);
  // A checker sends no header of its own.
  return strings.length > 0 && strings.some(({ key, value }) => wanted.get(String(key)) === value);
}

function glob(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );
}

/** Region of the load balancer that a name is answered with now. */
export function answeringRegion(store: LiveStore, domain: string): string | undefined {
  return regionIn(answerOf(zoneModel(store), domain, observed(store)));
}
