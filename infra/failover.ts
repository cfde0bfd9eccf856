/** How traffic gets from one region to the next: probes, operators' switches, and the names that fail over. */
import { getStack, type Output } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../components/alarms/alarmDefinition.ts";
import { required } from "../components/byName.ts";
import {
  approvalRegion,
  checkedService,
  failoverDomain,
  failsOver,
  type RegionRole,
  regionRoles,
  type SwitchKind,
  switchName,
} from "../components/environment/contract/failover.ts";
import { DelegatedZone } from "../components/failover/delegatedZone.ts";
import { FailoverRecords, type FailoverTarget } from "../components/failover/failoverRecords.ts";
import { OperatorSwitch } from "../components/failover/operatorSwitch.ts";
import { RegionProbe } from "../components/failover/regionProbe.ts";
import { SwitchRole } from "../components/failover/switchRole.ts";
import type { StackConfig } from "./config/stack.ts";
import { failoverAlarms } from "./failoverAlarms.ts";
import type { Here } from "./here.ts";
import type { StackRegion } from "./region.ts";
import type { Regions } from "./regions.ts";

/** What failover is made from. */
interface FailoverArgs extends Here {
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
export function declareFailover({ config, place, regions }: FailoverArgs): Failover | undefined {
  if (!failsOver(config)) return undefined;
  const domain = failoverDomain(config);
  const { dns } = config;
  const zoneId =
    dns.provider === "route53"
      ? dns.zoneId
      : place.make(DelegatedZone, place.names.global("failover-zone"), { domain, parentZoneId: dns.zoneId }).zoneId;
  const roleArn = place.make(SwitchRole, place.names.global("failover-switches"), {}).arn;
  const roles = regionRoles(config);
  const probes = roles.map((role) => probe(role, regionOf(regions, role), config));
  const targets = roles.map((role, index): FailoverTarget => {
    const { loadBalancer, place: there } = regionOf(regions, role);
    const answers = Object.values(probes[index]?.colourCheckIds ?? {});
    const flip = (kind: SwitchKind, checks: number) =>
      place.in(approvalRegion(config)).make(OperatorSwitch, place.names.global(`failover-${kind}-${there.names.code}`), {
        switchName: switchName(config, kind, role.region),
        description: place.title(`${said[kind]} ${role.region}`),
        roleArn,
        checks,
      }).offCheckIds;
    const target = { code: there.names.code, dnsName: loadBalancer.dnsName, zoneId: loadBalancer.zoneId };
    // The last region is answered when all before it are out: nothing can take it out, so nothing is asked.
    if (index === roles.length - 1) return { ...target, anyOf: [], unlessWithdrawn: [] };
    const anyOf = role.policy === "manual_approval" ? [...answers, ...flip("approve", 1)] : answers;
    return { ...target, anyOf, unlessWithdrawn: flip("withdraw", anyOf.length) };
  });
  place.make(FailoverRecords, place.names.global("failover"), { zoneId, domain, targets });
  const checks = roles.map((role, index) => ({ ...role, checkId: probes[index]?.checkId }));
  return { target: { name: domain, zoneId }, alarms: failoverAlarms(config, checks, regions.slice(1), getStack()) };
}

const said: Readonly<Record<SwitchKind, string>> = { approve: "may be left when it is down:", withdraw: "is not to be answered:" };

function regionOf(regions: Regions, { region }: RegionRole): StackRegion {
  return required(Object.fromEntries(regions.map((made) => [made.name, made])), region, "region that fails over");
}

/** The questions that are asked at the region's own name. */
function probe(role: RegionRole, region: StackRegion, config: StackConfig): RegionProbe {
  const { loadBalancer, place, candidateSecret } = region;
  const { service, path } = checkedService(config);
  const { targets } = required(region.ecsServices, service, `service whose health ${region.name} is judged by`);
  return place.make(RegionProbe, place.names.regional("probe"), {
    ...config.failover.check,
    host: role.host,
    path,
    listenerArn: loadBalancer.httpsListenerArn,
    targetGroupArns: { blue: targets.blue.arn, green: targets.green.arn },
    secret: required({ candidateSecret }, "candidateSecret", `what ${region.name} is asked by`).value,
  });
}
