/** How traffic gets from one region to the next: probes, operators' switches, and the names that fail over. */
import type { Output, ProviderResource } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../components/alarms/alarmDefinition.ts";
import { Records } from "../components/edge/records.ts";
import { DelegatedZone } from "../components/failover/delegatedZone.ts";
import { FailoverRecords, type FailoverTarget } from "../components/failover/failoverRecords.ts";
import { OperatorSwitch } from "../components/failover/operatorSwitch.ts";
import { RegionProbe } from "../components/failover/regionProbe.ts";
import { SwitchRole } from "../components/failover/switchRole.ts";
import type { Tags } from "../components/tags.ts";
import {
  approvalRegion,
  checkedService,
  failoverDomain,
  failsOver,
  type RegionRole,
  regionRoles,
  type SwitchKind,
  switchName,
} from "./config/failover.ts";
import type { StackConfig } from "./config/stack.ts";
import { failoverAlarms } from "./failoverAlarms.ts";
import type { Region } from "./region.ts";
import { regionCode } from "./regionCode.ts";
import type { Regions } from "./regions.ts";

/** What failover is made from. */
interface FailoverArgs {
  readonly config: StackConfig;
  readonly tags: Tags;
  readonly providers: readonly ProviderResource[];
  /** In the order in which they answer. */
  readonly regions: Regions;
}

/** Where hosts lead that fail over, and what watches it. */
export interface Failover {
  /** Name and hosted zone that take the place of a load balancer's. */
  readonly target: { readonly name: string; readonly zoneId: Output<string> | string };
  readonly alarms: readonly AlarmDefinition[];
}

/** Declares how the regions take over from each other. @returns undefined for a stack of one region */
export function declareFailover({ config, tags, providers, regions }: FailoverArgs): Failover | undefined {
  if (!failsOver(config)) return undefined;
  const opts = { providers: [...providers] };
  const domain = failoverDomain(config);
  const { dns, protect } = config;
  const zoneId =
    dns.provider === "route53"
      ? dns.zoneId
      : new DelegatedZone("failover-zone", { domain, parentZoneId: dns.zoneId, protect, tags }, opts).zoneId;
  const roleArn = new SwitchRole("failover-switches", { accountId: config.aws.accountId, tags }, opts).arn;
  const roles = regionRoles(config);
  const probes = roles.map((role) => probe(role, regionOf(regions, role), { config, tags, providers, regions }));
  const targets = roles.map((role, index): FailoverTarget => {
    const { loadBalancer } = regionOf(regions, role);
    const answers = Object.values(probes[index]?.colourCheckIds ?? {});
    const flip = (kind: SwitchKind, checks: number) =>
      new OperatorSwitch(
        `failover-${kind}-${regionCode(role.region)}`,
        {
          region: approvalRegion(config),
          switchName: switchName(config, kind, role.region),
          description: `${config.system} ${config.environment}: ${said[kind]} ${role.region}`,
          roleArn,
          checks,
          tags,
        },
        opts,
      ).offCheckIds;
    const place = { code: regionCode(role.region), dnsName: loadBalancer.dnsName, zoneId: loadBalancer.zoneId };
    // The last region is answered when all before it are out: nothing can take it out, so nothing is asked.
    if (index === roles.length - 1) return { ...place, anyOf: [], unlessWithdrawn: [] };
    const anyOf = role.policy === "manual_approval" ? [...answers, ...flip("approve", 1)] : answers;
    return { ...place, anyOf, unlessWithdrawn: flip("withdraw", anyOf.length) };
  });
  new FailoverRecords("failover", { zoneId, domain, targets, tags }, opts);
  const checks = roles.map((role, index) => ({ ...role, checkId: probes[index]?.checkId }));
  return { target: { name: domain, zoneId }, alarms: failoverAlarms(config, checks, regions.slice(1)) };
}

const said: Readonly<Record<SwitchKind, string>> = { approve: "may be left when it is down:", withdraw: "is not to be answered:" };

function regionOf(regions: Regions, { region }: RegionRole): Region {
  return regions.find(({ name }) => name === region) ?? regions[0];
}

/** The region's own name, and the questions that are asked there. */
function probe(role: RegionRole, region: Region, { config, tags, providers }: FailoverArgs): RegionProbe {
  const opts = { providers: [...providers] };
  const { edge, dns, failover } = config;
  const { loadBalancer } = region;
  const { service, path } = checkedService(config);
  const targets = region.ecsServices[service]?.targets;
  if (targets === undefined) throw new Error(`${service} has no targets in ${region.name}`); // config refuses it
  const code = regionCode(region.name);
  // The edge may have let the checkers in already, under the region's own name.
  const healthCheckIngress = edge.provider === "cloudflare" && edge.origin.lock && edge.origin.healthChecks;
  if (!healthCheckIngress)
    new Records(
      `${code}-origin-record`,
      { zone: dns, hosts: [role.host], target: loadBalancer.dnsName, targetZoneId: loadBalancer.zoneId },
      opts,
    );
  const open = config.loadBalancer.allowFrom.includes("0.0.0.0/0");
  return new RegionProbe(
    `${code}-probe`,
    {
      region: region.name,
      host: role.host,
      path,
      listenerArn: loadBalancer.httpsListenerArn,
      targetGroupArns: { blue: targets.blue.arn, green: targets.green.arn },
      securityGroupId: healthCheckIngress || open ? undefined : loadBalancer.securityGroupId,
      intervalSeconds: failover.check.intervalSeconds,
      failureThreshold: failover.check.failureThreshold,
      tags,
    },
    opts,
  );
}
