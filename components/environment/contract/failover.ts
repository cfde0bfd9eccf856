/** Config area `failover`: the regions that take over, what may happen by itself, and how the loss of a region is noticed. */

import { distinct, group, hostName, range, serviceName, settings } from "../../contract/fields.ts";
import type { Immutable } from "../../contract/immutable.ts";
import { z } from "../../contract/zod.ts";
import { regionProbe } from "../../failover/contract.ts";
import { flowLogTraffic, interfaceEndpoints, natGateways, vpcBlock, zones as zonesOfRegion } from "../../network/contract.ts";
import { scaling } from "../../service/contract.ts";
import { regionCode } from "../regionCode.ts";
import { type aws, type environment, regions, type system } from "./account.ts";
import { originHost, ownDomain } from "./hosts.ts";
import type { loadBalancer } from "./loadBalancer.ts";
import type { services } from "./service.ts";

const policy = z
  .enum(["automatic", "manual_approval"])
  .default("automatic")
  .describe("what happens when this region fails: the next one answers by itself, or after somebody's slipway failover approve")
  .meta({ examples: ["manual_approval"] });

const { path, intervalSeconds, failureThreshold } = regionProbe.shape;

const host = regionProbe.shape.host
  .describe("name of this region alone, which its health checks ask; by default origin-<region code>.<certificate's domain>")
  .optional()
  .meta({ examples: ["eu-api.coinestate.io"] });

const standby = (what: string, region: string, zones: readonly string[], cidr: string) =>
  group(what, {
    region: z
      .enum(regions)
      .describe("AWS region that takes over")
      .meta({ examples: [region], choose: true }),
    zones: zonesOfRegion.describe("two or three availability zones of that region").meta({ examples: [zones] }),
    cidr: vpcBlock
      .describe("private address block of its VPC, /16 to /22, apart from those of the other regions")
      .meta({ examples: [cidr], choose: true }),
    policy,
    host,
    natGateways: natGateways.unwrap().default("single").describe("way out to the internet, as network.natGateways"),
    interfaceEndpoints: interfaceEndpoints
      .optional()
      .describe(
        "services reached privately, each at a price per zone and hour; by default none where there is a NAT gateway, and where there is none what tasks cannot start without",
      )
      .meta({ examples: [["ecr.api", "ecr.dkr", "logs"]] }),
    flowLogTraffic: flowLogTraffic
      .unwrap()
      .default("REJECT")
      .describe("which connections in its VPC are recorded, as network.flowLogs.traffic"),
    pilotTasks: scaling.shape.minimum
      .describe("tasks of each service and colour while it stands by (pilot light); by default the service's own minimum")
      .optional()
      .meta({ examples: [1] }),
  })
    .optional()
    .meta({ examples: [{ region, zones, cidr }] });

export const failover = settings("loss of a region: standby regions, what fails over by itself, and how it is noticed", {
  domain: hostName(
    "domain of the failover records; where the zone is at Cloudflare it becomes a zone at Route 53, delegated to it; by default failover.<certificate's domain>",
  )
    .optional()
    .meta({ examples: ["failover.coinestate.io"] }),
  services: distinct(serviceName)
    .min(1)
    .optional()
    .describe("services that run in every region; by default all that run on ECS; those on Kubernetes stay in the cluster they are in")
    .meta({ examples: [["api"]] }),
  check: settings("how Route 53 notices that a region is down", {
    service: serviceName
      .optional()
      .describe("service whose health is the region's; by default the one with the lowest route priority")
      .meta({ examples: ["api"] }),
    path: path.describe(`${path.description}; by default the service's own health check path`).optional(),
    intervalSeconds,
    failureThreshold,
  }),
  approval: settings("what operators tell Route 53", {
    region: z
      .enum(regions)
      .optional()
      .describe("region that keeps approvals and withdrawals, never one that they are about; by default the last region")
      .meta({ examples: ["ap-southeast-1"] }),
    hours: range(1, 72, "hours after which an approval lapses by itself").default(4),
  }),
  primary: z.strictObject({ policy, host }).prefault({}).describe("the stack's own region, aws.region"),
  secondary: standby(
    "region that answers when the primary is out; with it failover is on",
    "eu-west-1",
    ["eu-west-1a", "eu-west-1b"],
    "10.120.0.0/16",
  ),
  tertiary: standby(
    "region that answers when the first two are out",
    "ap-southeast-1",
    ["ap-southeast-1a", "ap-southeast-1b"],
    "10.220.0.0/16",
  ),
}).meta({
  examples: [{ secondary: { region: "eu-west-1", zones: ["eu-west-1a", "eu-west-1b"], cidr: "10.120.0.0/16", policy: "manual_approval" } }],
});

/** Areas that say which region does what. */
interface Areas {
  readonly system: z.output<typeof system>;
  readonly environment: z.output<typeof environment>;
  readonly aws: Immutable<z.output<typeof aws>>;
  readonly loadBalancer: Immutable<z.output<typeof loadBalancer>>;
  readonly services: Immutable<z.output<typeof services>>;
  readonly failover: Immutable<z.output<typeof failover>>;
}

/** Roles in the order in which regions answer. */
const roles = ["primary", "secondary", "tertiary"] as const;
type Role = (typeof roles)[number];

/** One region of a stack and its part in a failover. */
export interface RegionRole {
  readonly role: Role;
  readonly region: string;
  readonly policy: z.output<typeof policy>;
  /** Name that leads straight to the region's load balancer. */
  readonly host: string;
}

type Standby = NonNullable<Areas["failover"]["secondary"]>;

/** Standby regions as config has them, first to answer first. */
export function standbys({ failover }: Pick<Areas, "failover">): (Standby & { readonly role: "secondary" | "tertiary" })[] {
  return (["secondary", "tertiary"] as const).flatMap((role) => {
    const own = failover[role];
    return own === undefined ? [] : [{ ...own, role }];
  });
}

type Named = Pick<Areas, "aws" | "failover" | "loadBalancer">;

/** Every region of a stack, the primary first; one where failover is off. */
export function regionRoles(config: Named): RegionRole[] {
  const { aws, failover } = config;
  const primary = { role: "primary" as const, region: aws.region, ...failover.primary };
  return [primary, ...standbys(config)].map(({ role, region, policy: rule, host: own }) => ({
    role,
    region,
    policy: rule,
    host: own ?? originHost(config, region),
  }));
}

/** Name that leads straight to one region's load balancer, past the edge: health checks ask it. */
export function regionHost(config: Named, region: string): string {
  return regionRoles(config).find((role) => role.region === region)?.host ?? originHost(config, region);
}

/** Domain of the failover records: the name that the stack's hosts lead to. */
export function failoverDomain({ failover, loadBalancer }: Pick<Areas, "failover" | "loadBalancer">): string {
  return failover.domain ?? `failover.${ownDomain({ loadBalancer })}`;
}

type Computed = Readonly<Record<string, Pick<Areas["services"][string], "compute">>>;

/** Names of the services that run in every region, in order of their names. */
export function carriedServices({ failover, services }: Pick<Areas, "failover"> & { readonly services: Computed }): string[] {
  const onEcs = Object.entries(services).flatMap(([name, { compute }]) => (compute === "ecs" ? [name] : []));
  return [...(failover.services ?? onEcs)].sort();
}

/** The service whose health is the region's, and the path that is asked. */
export function checkedService(config: Pick<Areas, "failover" | "services">): { readonly service: string; readonly path: string } {
  const { check } = config.failover;
  const [first = ""] = carriedServices(config).sort((a, b) => priorityOf(config, a) - priorityOf(config, b));
  const service = check.service ?? first;
  return { service, path: check.path ?? config.services[service]?.healthCheck.path ?? "/" };
}

function priorityOf({ services }: Pick<Areas, "services">, name: string): number {
  return services[name]?.route.priority ?? Number.MAX_SAFE_INTEGER;
}

/** Region that keeps what operators tell Route 53. */
export function approvalRegion(config: Named): string {
  return config.failover.approval.region ?? regionRoles(config).at(-1)?.region ?? config.aws.region;
}

/** Whether an operator may let a region be left although it is manual, or take it out of the answers. */
export type SwitchKind = "approve" | "withdraw";

/** Name of an operator's switch, by which `slipway failover` finds it without the engine's state. */
export function switchName({ system, environment }: Pick<Areas, "system" | "environment">, kind: SwitchKind, region: string): string {
  return `${system}-${environment}-${kind}-${regionCode(region)}`;
}

/** SSM parameter of each region that tells the services whether they may write. */
export function readOnlyParameter({ system, environment }: Pick<Areas, "system" | "environment">): string {
  return `/${system}/${environment}/failover/read-only`;
}

/** Variable that the services read it in. */
export const readOnlyVariable = "READ_ONLY";

/** Whether the loss of a region is planned for. */
export function failsOver({ failover }: Partial<Pick<Areas, "failover">>): boolean {
  return failover?.secondary !== undefined;
}
