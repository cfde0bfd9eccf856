/** Dashboards of each region: one a kind, showing what the stack really has. */

import type { AlarmDashboard, AlarmDefinition } from "../components/alarms/alarmDefinition.ts";
import type { Alarms } from "../components/alarms/alarms.ts";
import { entriesByName } from "../components/byName.ts";
import { dashboardAddress } from "../components/dashboards/address.ts";
import { withAlarmLines } from "../components/dashboards/alarmLines.ts";
import { Dashboard } from "../components/dashboards/dashboard.ts";
import { dataSections } from "../components/dashboards/data.ts";
import { edgeSections } from "../components/dashboards/edge.ts";
import { inPages } from "../components/dashboards/layout.ts";
import { regionSections } from "../components/dashboards/region.ts";
import { releaseSections } from "../components/dashboards/release.ts";
import { serviceSections } from "../components/dashboards/service.ts";
import type { ShownPattern } from "../components/dashboards/subjects.ts";
import type { Section } from "../components/dashboards/widget.ts";
import { runbooksOf } from "../components/environment/contract/alarms.ts";
import { notifies } from "../components/environment/contract/notifications.ts";
import type { Names } from "../components/environment/names.ts";
import { slowStatements } from "../components/metrics/slipway.ts";
import type { StackConfig } from "./config/stack.ts";
import { answerTimes, customMetrics, shownServices, shownStores } from "./dashboardSubjects.ts";
import type { EdgeNames } from "./edge.ts";
import type { StackRegion } from "./region.ts";
import type { SiteOutputs } from "./sites.ts";
import type { StackUptime } from "./uptime.ts";

/** What the dashboards are made from. */
interface DashboardsArgs {
  readonly config: StackConfig;
  /** Regions of the stack, the primary first. */
  readonly regions: readonly StackRegion[];
  readonly edge: EdgeNames;
  readonly sites: Readonly<Record<string, SiteOutputs>>;
  readonly uptime: StackUptime;
  /** By AWS region. */
  readonly alarms: Readonly<Record<string, Pick<Alarms, "arns" | "watched">>>;
  /** What other alarms of the stack watch. */
  readonly more: readonly AlarmDefinition[];
}

/**
 * Addresses of the dashboards that an alarm's message leads to. Alarms of a region without any, such as that of global metrics, lead to the primary's.
 * @returns undefined where config has dashboards off
 */
export function dashboardAddresses(
  { dashboards }: Pick<StackConfig, "dashboards">,
  regions: readonly Pick<StackRegion, "name" | "place">[],
  region: string,
): Readonly<Record<AlarmDashboard, string>> | undefined {
  const home = regions.find(({ name }) => name === region) ?? regions[0];
  if (!dashboards.enabled || home === undefined) return undefined;
  const address = (kind: AlarmDashboard) => dashboardAddress(home.name, home.place.names.regional(kind));
  return { region: address("region"), service: address("service"), data: address("data"), edge: address("edge") };
}

/** Kinds of dashboards, in the order in which one opens them. */
const dashboardKinds = ["region", "service", "release", "data", "edge"] as const;
type DashboardKind = (typeof dashboardKinds)[number];

/** Declares the dashboards of every region. @returns their names by AWS region; none where config has them off */
export function declareDashboards(args: DashboardsArgs): Readonly<Record<string, readonly string[]>> {
  const { config, regions } = args;
  if (!config.dashboards.enabled) return {};
  return Object.fromEntries(
    regions.map((region) => {
      const sections = withAlarms(args, region, sectionsOf(args, region));
      // A second dashboard of a kind has what CloudWatch does not take in the first.
      const pages = dashboardKinds.flatMap((kind) =>
        inPages(sections[kind])
          .filter((page) => page.some(({ rows }) => rows.length > 0))
          .map((page, index) => ({ page, title: index === 0 ? kind : `${kind}-${index + 1}` })),
      );
      const titles = pages.map(({ title }) => title);
      const made = pages.map(({ page: [first, ...rest], title }) => {
        // The first heading leads to the other dashboards.
        const top = first === undefined ? [] : [{ ...first, note: linksOf(config, region.place.names, titles, title) }];
        const { place } = region;
        const dashboardName = place.names.regional(title);
        return place.make(Dashboard, place.names.regional(`dashboard-${title}`), { dashboardName, sections: [...top, ...rest] })
          .dashboardName;
      });
      return [region.name, made] as const;
    }),
  );
}

/** Lines of the alarms. Those of a region that has no dashboards, such as that of global metrics, are drawn where the primary is. */
function withAlarms(
  { regions, alarms: byRegion, more }: DashboardsArgs,
  { name: region }: StackRegion,
  sections: Record<DashboardKind, Section[]>,
): Record<DashboardKind, Section[]> {
  const alarms = [...Object.values(byRegion).flatMap(({ watched }) => watched), ...more];
  const [primary] = regions;
  const home = (alarm: AlarmDefinition) => (regions.some(({ name }) => name === alarm.region) ? alarm.region : primary?.name);
  const here = alarms.filter((alarm) => home(alarm) === region);
  const lined = (kind: DashboardKind) => {
    const own = here.filter(({ dashboard }) => dashboard === kind);
    return withAlarmLines(sections[kind], { region, alarms, own });
  };
  return { region: lined("region"), service: lined("service"), release: lined("release"), data: lined("data"), edge: lined("edge") };
}

function sectionsOf({ config, edge, sites, uptime, alarms }: DashboardsArgs, region: StackRegion): Record<DashboardKind, Section[]> {
  const loadBalancer = region.loadBalancer.arnSuffix;
  const services = shownServices(config, region);
  const stores = shownStores(config, region);
  const inside = uptime.inside[region.name] ?? [];
  const shared = { loadBalancer, answerTimes: answerTimes(config) };
  const elsewhere = entriesByName(config.services).flatMap(([name, { compute }]) => (compute === "kubernetes" ? [name] : []));
  const rules = edge.webAclMetricName === undefined ? [] : Object.keys(config.edge.provider === "awsWaf" ? config.edge.rules : {}).sort();
  return {
    region: regionSections({
      ...shared,
      region: region.name,
      services,
      stores,
      checks: [...uptime.outside, ...inside],
      natGateways: region.network.natGatewayIds,
      alarmArns: Object.values(alarms[region.name]?.arns ?? {}),
    }),
    service: serviceSections({ ...shared, services, elsewhere, custom: customMetrics(config) }),
    release: releaseSections({ ...shared, services }),
    data: dataSections({ stores, checks: inside, patterns: slowLogs(config) }),
    edge: edgeSections({
      loadBalancer,
      region: region.name,
      sites: Object.fromEntries(Object.entries(sites).map(([name, { distributionId }]) => [name, distributionId])),
      webAcl: edge.webAclMetricName === undefined ? undefined : { metricName: edge.webAclMetricName, rules },
      cloudflareZone: config.edge.provider === "cloudflare" ? config.dns.zone : undefined,
      checks: uptime.outside,
      certificateArn: region.certificateArn,
    }),
  };
}

/** Slow statements are counted where somebody is notified of them. */
function slowLogs(config: StackConfig): Record<string, ShownPattern[]> {
  if (!notifies(config.notifications)) return {};
  return Object.fromEntries(
    Object.entries(config.databases).flatMap(([name, { engine }]) =>
      engine === "dynamodb" ? [] : [[name, [{ label: "slow statements", metric: slowStatements(config, name) }]]],
    ),
  );
}

/** Markdown: the other dashboards of the region, the runbooks, and what config names. */
function linksOf(config: StackConfig, names: Names, titles: readonly string[], own: string): string {
  const runbooks = `[runbooks](${runbooksOf(config)})`;
  const others = titles.flatMap((title) => (title === own ? [] : [`[${title}](#dashboards/dashboard/${names.regional(title)})`]));
  const more = entriesByName(config.dashboards.links).map(([label, address]) => `[${label}](${address})`);
  return [`${config.system} ${config.environment}`, ...others, runbooks, ...more].join(" · ");
}
