/** Checks of what users and services depend on: from outside by Route 53, from inside by a function in each region. */

import type { AlarmDefinition } from "../components/alarms/alarmDefinition.ts";
import { cacheSubject, databaseSubject } from "../components/alarms/subjects.ts";
import { entriesByName, required } from "../components/byName.ts";
import type { ShownCheck } from "../components/dashboards/subjects.ts";
import { globalMetricsRegion } from "../components/metrics/metric.ts";
import { healthCheckMetrics } from "../components/metrics/route53.ts";
import { reachabilityMetrics } from "../components/metrics/slipway.ts";
import { Reachability } from "../components/probes/reachability.ts";
import type { ReachabilityTarget } from "../components/probes/reachabilityTargets.ts";
import { Uptime } from "../components/probes/uptime.ts";
import { needsIn, servicesBehind } from "./config/alarmNeeds.ts";
import type { StackConfig } from "./config/stack.ts";
import type { Here } from "./here.ts";
import type { StackRegion } from "./region.ts";

/** What the checks are made from. */
interface UptimeArgs extends Here {
  /** Regions of the stack, the primary first. */
  readonly regions: readonly StackRegion[];
}

/** What was made of the checks. */
export interface StackUptime {
  readonly alarms: readonly AlarmDefinition[];
  /** Checks of public endpoints, for dashboards. */
  readonly outside: readonly ShownCheck[];
  /** Checks from inside, by AWS region. */
  readonly inside: Readonly<Record<string, readonly ShownCheck[]>>;
}

/** Declares what config names. */
export function declareUptime(args: UptimeArgs): StackUptime {
  const { regions } = args;
  const outside = fromOutside(args);
  const inside = regions.map((region) => [region.name, fromInside(args.config, region)] as const);
  return {
    alarms: [...outside.alarms, ...inside.flatMap(([, { alarms }]) => alarms)],
    outside: outside.checks,
    inside: Object.fromEntries(inside.map(([region, { checks }]) => [region, checks])),
  };
}

interface Checks {
  readonly alarms: readonly AlarmDefinition[];
  readonly checks: readonly ShownCheck[];
}

function fromOutside({ config, place }: UptimeArgs): Checks {
  const { endpoints, checkers } = config.uptime;
  if (Object.keys(endpoints).length === 0) return { alarms: [], checks: [] };
  const { alarms, healthCheckIds } = place.make(Uptime, place.names.global("uptime"), { endpoints, checkers });
  const behind = ({ hosts = [] }: AlarmDefinition) => hosts.flatMap((host) => servicesBehind(config, host));
  const checks = entriesByName(endpoints).map(([label, { measureLatency }]): ShownCheck => {
    const { status, answerTime } = healthCheckMetrics(required(healthCheckIds, label, "health check of an endpoint"));
    return { label, metric: status, region: globalMetricsRegion, ...(measureLatency ? { duration: answerTime } : {}) };
  });
  const followed = alarms.map((alarm) => ({ ...alarm, needs: needsIn(alarm.region, config.aws.region, behind(alarm)) }));
  return { alarms: followed, checks };
}

function fromInside(config: StackConfig, region: StackRegion): Checks {
  const { everyMinutes } = config.uptime.reachability;
  const targets = targetsOf(config, region);
  if (Object.keys(targets).length === 0) return { alarms: [], checks: [] };
  const { network, place } = region;
  const { stack } = place.names;
  const { alarms } = place.make(Reachability, place.names.regional("reachability"), {
    stack,
    vpcId: network.vpcId,
    subnetIds: network.subnetIds.private,
    keyArn: region.keyArn,
    parametersKeyArn: region.secrets?.keyArn,
    targets,
    everyMinutes,
    logRetentionDays: config.logs.retentionDays,
    startAfter: [network],
  });
  const checks = entriesByName(targets).map(([label]) => {
    const { reachable, answerTime } = reachabilityMetrics(stack, label);
    return { label, metric: reachable, region: region.name, duration: answerTime };
  });
  // A store that takes no connections and one that is silent are one broken thing, and one page.
  const ofStore = new Map(storeSubjects(config).map(([target, subject]) => [`reachability-${target}`, subject]));
  return { alarms: alarms.map((alarm) => ({ ...alarm, ...named(ofStore.get(alarm.subject ?? "")) })), checks };
}

/** Subject of the store that each check from inside asks. */
function storeSubjects({ uptime }: StackConfig): [target: string, subject: string][] {
  return Object.entries(uptime.reachability.targets).flatMap(([name, target]): [string, string][] => {
    if (target.kind === "blockchain") return [];
    return [[name, target.kind === "cache" ? cacheSubject(target.cache) : databaseSubject(target.database)]];
  });
}

function named(subject: string | undefined): { readonly subject?: string } {
  return subject === undefined ? {} : { subject };
}

/**
 * What the region asks. A standby region holds fewer stores than the stack: what it does not have it does not ask.
 * @throws Error for a store or a secret that the stack does not have at all
 */
function targetsOf(config: StackConfig, { data, secrets, config: here }: StackRegion): Record<string, ReachabilityTarget> {
  return Object.fromEntries(
    Object.entries(config.uptime.reachability.targets).flatMap(([name, target]): [string, ReachabilityTarget][] => {
      const { severity } = target;
      const what = `what the check ${name} asks`;
      if (target.kind === "blockchain") {
        const parameterArn = required(secrets?.arns ?? {}, target.url, what);
        return [[name, { kind: "jsonRpc", parameter: target.url, parameterArn, method: target.method, severity }]];
      }
      if (target.kind === "cache") {
        required(config.caches, target.cache, what);
        if (!Object.hasOwn(here.caches, target.cache)) return [];
        const { host, port, securityGroupId } = required(data.caches, target.cache, what);
        return [[name, { kind: "cache", host, port, securityGroupId, severity }]];
      }
      const { engine } = required(config.databases, target.database, what);
      if (!Object.hasOwn(here.databases, target.database)) return [];
      const database = required(data.databases, target.database, what);
      if (database.kind !== "network" || engine === "dynamodb") throw new Error(`${what}: ${target.database} has no server to reach`);
      return [[name, { kind: engine, host: database.host, port: database.port, securityGroupId: database.securityGroupId, severity }]];
    }),
  );
}
