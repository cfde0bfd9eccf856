/** What stands before the load balancers: records, rules, headers, and the lock on the way in. */
import { all, type Input, type Output, secret } from "@pulumi/pulumi";
import { required } from "../components/byName.ts";
import { HealthDoor } from "../components/edge/healthDoor.ts";
import { Records } from "../components/edge/records.ts";
import type { RecordTarget } from "../components/edge/recordTarget.ts";
import { WebAcl } from "../components/edge/webAcl.ts";
import { Zone } from "../components/edge/zone.ts";
import { carriedServices, regionHost } from "../components/environment/contract/failover.ts";
import { hostsOf, hostsOn, recordedHosts } from "../components/environment/contract/hostRecords.ts";
import type { StackConfig } from "./config/stack.ts";
import type { Failover } from "./failover.ts";
import { asksLockedOrigin } from "./healthChecks.ts";
import type { Here } from "./here.ts";
import type { StackRegion } from "./region.ts";
import type { Regions } from "./regions.ts";

/** What alarms and dashboards name of the edge. */
export interface EdgeNames {
  /** Web ACL of the primary as its metrics name it. @default the edge has none */
  readonly webAclMetricName?: string;
}

/** What the edge stands before. */
interface EdgeArgs extends Here {
  /** Regions that are there already, the primary first. */
  readonly regions: Regions;
  /** Where hosts lead that fail over. @default to the primary */
  readonly failover?: Failover | undefined;
  /** Where hosts of static sites lead. */
  readonly sites: Readonly<Record<string, RecordTarget>>;
}

/** Declares the edge before regions that are there already. */
export function declareEdge({ config, place, regions, failover, sites }: EdgeArgs): EdgeNames {
  const { edge, dns } = config;
  const [primary] = regions;
  const { loadBalancer, gateway } = recordedHosts(config);
  const hosts = [...loadBalancer, ...gateway, ...Object.keys(sites)].sort();
  if (hosts.length > 0) {
    const elsewhere = { ...failingOver(config, failover), ...atGateway(config, gateway), ...sites };
    const proxied = edge.provider === "cloudflare";
    place.make(Records, place.names.global("edge-records"), { zone: dns, hosts, ...targetOf(primary), elsewhere, proxied });
  }
  if (edge.provider === "none") return {};
  if (edge.provider === "awsWaf") {
    const [webAcl] = regions.map(({ place: there, loadBalancer, keyArn }) =>
      there.make(WebAcl, there.names.regional("edge"), {
        resourceArn: loadBalancer.arn,
        rules: edge.rules,
        logRetentionDays: edge.logDays,
        keyArn,
        secretHeaders: [config.loadBalancer.candidateHeader],
      }),
    );
    return webAcl === undefined ? {} : { webAclMetricName: webAcl.metricName };
  }
  if (edge.zoneRules) {
    const { originLock: lock } = primary;
    const hosts = hostsOf(config);
    place.make(Zone, place.names.global("edge-zone"), {
      zoneId: dns.zoneId,
      ...edge,
      hosts,
      originHeader: lock === undefined ? undefined : originHeader(config, lock.header, sentTo(regions, lock.sends)),
    });
  }
  if (asksLockedOrigin(config))
    for (const { name, place: there, loadBalancer } of regions)
      there.make(HealthDoor, there.names.regional("health-check"), {
        listenerArn: loadBalancer.httpsListenerArn,
        host: regionHost(config, name),
      });
  return {};
}

function targetOf({ loadBalancer }: StackRegion) {
  return { target: loadBalancer.dnsName, targetZoneId: loadBalancer.zoneId };
}

/** Hosts of the services that run in every region; the others stay at the primary. */
function failingOver(config: StackConfig, failover: Failover | undefined): Record<string, RecordTarget> {
  if (failover === undefined) return {};
  const { name, zoneId } = failover.target;
  const hosts = new Set(
    carriedServices(config).flatMap((service) => required(config.services, service, "service that fails over").route.hosts),
  );
  return Object.fromEntries([...hosts].map((host) => [host, { target: name, targetZoneId: zoneId }]));
}

/** Hosts of the services on the cluster, which the load balancer knows nothing of. */
function atGateway({ kubernetes: { cluster } }: StackConfig, hosts: readonly string[]): Record<string, RecordTarget> {
  const address = cluster?.gateway.address;
  return address === undefined ? {} : Object.fromEntries(hosts.map((host) => [host, { address }]));
}

/** The load balancer's secret is for the load balancer: the gateway of a cluster does not get it. */
function originHeader(config: StackConfig, name: string, value: Input<string>) {
  return { name, value, hosts: hostsOn(config, "ecs") };
}

/** The secrets of every region in one header: the edge does not know which of them answers, and each looks for its own. */
function sentTo(regions: Regions, first: Output<string>): Output<string> {
  const [, ...others] = regions;
  if (others.length === 0) return first;
  return secret(all([first, ...others.map(({ originLock }) => originLock?.sends ?? "")]).apply((sent) => sent.join(".")));
}
