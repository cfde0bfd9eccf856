/** The stack's alarms: what each region and part has to watch, in the region that has its metrics. */

import type { AlarmDefinition } from "../components/alarms/alarmDefinition.ts";
import { Alarms, type RollbackAlarm } from "../components/alarms/alarms.ts";
import { type BurnAlarm, burnAlarms, type CountedRequests } from "../components/alarms/burnRate.ts";
import { applicationAlarms } from "../components/alarms/catalogue/application.ts";
import { budgetAlarms } from "../components/alarms/catalogue/budget.ts";
import { distributionAlarms } from "../components/alarms/catalogue/distribution.ts";
import { notificationAlarms } from "../components/alarms/catalogue/notifications.ts";
import { webAclAlarms } from "../components/alarms/catalogue/webAcl.ts";
import { entriesByName, required } from "../components/byName.ts";
import type { Given } from "../components/contract/accepted.ts";
import { runbooksOf, thresholdsNow } from "../components/environment/contract/alarms.ts";
import { loadBalancerMetrics, targetMetrics } from "../components/metrics/applicationLoadBalancer.ts";
import type { rollbackTriggers } from "../components/rollback/contract.ts";
import { hostsOf } from "./config/alarmNeeds.ts";
import type { StackConfig } from "./config/stack.ts";
import { dashboardAddresses } from "./dashboards.ts";
import type { EdgeNames } from "./edge.ts";
import type { Here } from "./here.ts";
import type { RegionNotifications } from "./notifications.ts";
import type { EcsServiceNames, StackRegion } from "./region.ts";
import { regionAlarms } from "./regionAlarms.ts";
import type { SiteOutputs } from "./sites.ts";

/** What the alarms are made from. */
interface AlarmsArgs extends Here {
  /** Regions of the stack, the primary first. */
  readonly regions: readonly StackRegion[];
  /** Where each region's alarms are sent. */
  readonly notifications: RegionNotifications;
  readonly edge: EdgeNames;
  readonly sites: Readonly<Record<string, SiteOutputs>>;
  /** What sends a service's traffic back, by service. @default nothing does */
  readonly rollback?: Readonly<Record<string, Given<typeof rollbackTriggers>>>;
  /** What other parts have to watch: health checks, vaults, functions. @default nothing more */
  readonly more?: readonly AlarmDefinition[];
}

/** What was made of the alarms. */
export interface StackAlarms {
  /** By AWS region. */
  readonly byRegion: Readonly<Record<string, Alarms>>;
  /** Alarms that send traffic back, by AWS region. */
  readonly rollbackAlarms: Readonly<Record<string, readonly RollbackAlarm[]>>;
}

/** Declares the alarms of every region that has topics. @returns those of each region; none when the stack tells nobody */
export function declareAlarms(args: AlarmsArgs): StackAlarms {
  const { config, place, regions, notifications } = args;
  const notified = Object.entries(notifications);
  if (notified.length === 0) return { byRegion: {}, rollbackAlarms: {} };
  const definitions = [...regions.flatMap(regionAlarms), ...stackAlarms(args), ...(args.more ?? [])];
  const byRegion = Object.fromEntries(
    notified.flatMap(([region, { topicArns, topicNames }]) => {
      const here = [...definitions.filter((alarm) => alarm.region === region), ...notificationAlarms({ region, topicNames })];
      const budgets = regions.filter(({ name }) => name === region).flatMap((home) => promisesOf(config, home));
      const there = place.in(region);
      const alarms = there.make(Alarms, there.names.regional("alarms"), {
        namePrefix: there.names.region,
        definitions: here,
        burnAlarms: budgets,
        topicArns,
        runbookBase: runbooksOf(config),
        dashboards: dashboardAddresses(config, regions, region),
      });
      return [[region, alarms] as const];
    }),
  );
  return { byRegion, rollbackAlarms: Object.fromEntries(Object.entries(byRegion).map(([region, made]) => [region, made.rollbackAlarms])) };
}

/** Alarms that belong to the stack as a whole: its edge, sites, budget, and what the application reports. */
function stackAlarms({ config, regions, edge, sites, rollback = {} }: AlarmsArgs): AlarmDefinition[] {
  const thresholds = thresholdsNow(config.alarms);
  const { application } = config.alarms;
  const { monthly } = config.budget;
  const [primary] = regions;
  const region = primary?.name ?? config.aws.region;
  // One alarm can mark one service; the firewall is before all of them, and only one has a release open at a time.
  const [first] = entriesByName(rollback).flatMap(([service, { blockedRequests }]) => (blockedRequests === true ? [service] : []));
  return [
    ...(edge.webAclMetricName === undefined
      ? []
      : webAclAlarms({ region, metricName: edge.webAclMetricName, rollback: first }, thresholds.waf.blockedPerMinute)),
    ...Object.entries(sites).flatMap(([site, { distributionId }]) =>
      distributionAlarms({ site, distributionId, hosts: config.sites[site]?.hosts ?? [] }, thresholds.sites),
    ),
    ...(monthly === undefined ? [] : budgetAlarms({ monthlyUsd: monthly.usd })),
    ...applicationAlarms(region, application, Object.keys(config.services)),
  ];
}

function promisesOf(config: StackConfig, region: StackRegion): BurnAlarm[] {
  const { minimumRequests } = config.alarms.requests;
  return Object.entries(config.slos).flatMap(([name, { service, objectivePercent, windowDays }]) => {
    if (service !== undefined) required(config.services, service, `service of the SLO ${name}`);
    // A standby region runs the services that fail over, and no others.
    if (service !== undefined && !Object.hasOwn(region.config.services, service)) return [];
    const targets = service === undefined ? undefined : required(region.ecsServices, service, `service of the SLO ${name}`).targets;
    const counted = countedRequests(region, targets);
    const needs = service === undefined ? Object.keys(region.ecsServices) : [service];
    const hosts = hostsOf(config, needs);
    return burnAlarms(region.name, { name, objectivePercent, windowDays, minimumRequests, needs, hosts }, counted);
  });
}

/** All that the load balancer is asked, its own errors among them; or what both colours of one service answer. */
function countedRequests({ loadBalancer }: StackRegion, targets: EcsServiceNames["targets"] | undefined): CountedRequests {
  if (targets === undefined) {
    const { requests, serverErrors: server, ownErrors: failed } = loadBalancerMetrics(loadBalancer.arnSuffix);
    return {
      metrics: { requests, server, failed },
      errors: "FILL(server,0)+FILL(failed,0)",
      requests: "FILL(requests,0)+FILL(failed,0)",
    };
  }
  const blue = targetMetrics(loadBalancer.arnSuffix, targets.blue.arnSuffix);
  const green = targetMetrics(loadBalancer.arnSuffix, targets.green.arnSuffix);
  return {
    metrics: {
      requestsBlue: blue.requests,
      requestsGreen: green.requests,
      serverBlue: blue.serverErrors,
      serverGreen: green.serverErrors,
    },
    errors: "FILL(serverBlue,0)+FILL(serverGreen,0)",
    requests: "FILL(requestsBlue,0)+FILL(requestsGreen,0)",
  };
}
