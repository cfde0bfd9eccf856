/** What stands before the load balancers: records, rules, headers, and the lock on the way in. */
import type { ComponentResourceOptions, Input, ProviderResource } from "@pulumi/pulumi";
import { HealthDoor } from "../components/edge/healthDoor.ts";
import { OriginLock } from "../components/edge/originLock.ts";
import { Records } from "../components/edge/records.ts";
import { securityHeaders } from "../components/edge/securityHeaders.ts";
import { WebAcl } from "../components/edge/webAcl.ts";
import { Zone } from "../components/edge/zone.ts";
import type { Tags } from "../components/tags.ts";
import { healthHost, hostsOf } from "./config/edgeChecks.ts";
import type { StackConfig } from "./config/stack.ts";
import type { Region } from "./region.ts";
import { regionCode } from "./regionCode.ts";

/** The lock of one region's load balancer, or undefined where the edge does not lock it. */
export function originLockOf(
  { edge, protect }: StackConfig,
  { region, tags, keyArn }: { readonly region: string; readonly tags: Tags; readonly keyArn: Input<string> },
  opts: ComponentResourceOptions,
): OriginLock | undefined {
  if (edge.provider !== "cloudflare" || !edge.origin.lock) return undefined;
  const { addresses, header, secrets, accepts } = edge.origin;
  return new OriginLock(
    `${regionCode(region)}-origin`,
    { region, edgeAddresses: addresses, header, secrets, accepts, keyArn, protect, tags },
    opts,
  );
}

/** What alarms and dashboards name of the edge. */
export interface EdgeNames {
  /** Web ACL as its metrics name it. @default the edge has none */
  readonly webAclMetricName?: string;
}

/** Declares the edge before a region that is there already. */
export function declareEdge(config: StackConfig, region: Region, tags: Tags, providers: readonly ProviderResource[]): EdgeNames {
  const { edge, dns } = config;
  if (edge.provider === "none") return {};
  const opts = { providers: [...providers] };
  const hosts = hostsOf(config);
  const target = { target: region.loadBalancer.dnsName, targetZoneId: region.loadBalancer.zoneId };
  if (edge.records) new Records("edge-records", { zone: dns, hosts, ...target, proxied: edge.provider === "cloudflare" }, opts);
  if (edge.provider === "awsWaf") {
    const { metricName } = new WebAcl(
      `${regionCode(region.name)}-edge`,
      {
        region: region.name,
        resourceArn: region.loadBalancer.arn,
        rules: edge.rules,
        logs: { retentionDays: edge.logDays, keyArn: region.keyArn },
        tags,
      },
      opts,
    );
    return { webAclMetricName: metricName };
  }
  if (edge.zoneRules) {
    const { originLock: lock } = region;
    new Zone(
      "edge-zone",
      {
        zoneId: dns.zoneId,
        plan: edge.plan,
        dnssec: edge.dnssec,
        hosts,
        rules: edge.rules,
        redirects: edge.redirects,
        cache: edge.cache.rules,
        neverCached: edge.cache.neverCached,
        responseHeaders: securityHeaders(edge.headers, hosts),
        strictTransportSecurity: edge.headers.strictTransportSecurity,
        originHeader: lock === undefined ? undefined : { name: lock.header, value: lock.sends },
      },
      opts,
    );
  }
  if (edge.origin.lock && edge.origin.healthChecks) {
    const name = `${regionCode(region.name)}-health-door`;
    const host = healthHost(region.name, dns.zone);
    const { securityGroupId, httpsListenerArn: listenerArn } = region.loadBalancer;
    new HealthDoor(name, { region: region.name, securityGroupId, listenerArn, host, tags }, opts);
    new Records(`${name}-record`, { zone: dns, hosts: [host], ...target, proxied: false }, opts);
  }
  return {};
}
