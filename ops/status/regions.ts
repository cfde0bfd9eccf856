/** Where users are sent: the region that answers, how each region is, and what operators said of it. */
import { carriedServices, failoverDomain, type RegionRole, regionRoles } from "../../components/environment/contract/failover.ts";
import type { FailoverCloud, RegionHealth } from "../failover/cloud.ts";
import { answeringRegion, failoverCloud, type Statement, statementsOf } from "../failover/failover.ts";
import type { Asked } from "./asked.ts";
import { type Reading, reading } from "./reading.ts";

/** One region of a stack that fails over. */
export interface RegionStatus extends Pick<RegionRole, "region" | "role" | "policy"> {
  readonly health: RegionHealth;
  /** What operators said that is in force. */
  readonly said: Reading<readonly Statement[]>;
  /** Seconds that the region's replicas are behind, by database; none of one that nobody measured. */
  readonly behindSeconds: Readonly<Record<string, number>>;
}

/** Where users are sent. */
export interface Regions {
  readonly domain: string;
  /** Region that the domain leads to. @default none that is known */
  readonly answering?: string;
  /** First to answer first. */
  readonly regions: readonly RegionStatus[];
  /** Services that no other region has. */
  readonly notCarried: readonly string[];
}

/** Asks Route 53, the switches and the replicas of every region side by side. */
export async function regionsOf({ stack, aws }: Asked): Promise<Regions> {
  const { config } = stack;
  const cloud = failoverCloud(stack, aws);
  const [answering, ...regions] = await Promise.all([
    answeringRegion(stack),
    ...regionRoles(config).map((role) => regionStatus(stack.config, cloud, role)),
  ]);
  return {
    ...{ domain: failoverDomain(config), regions },
    ...(answering === undefined ? {} : { answering }),
    notCarried: Object.keys(config.services).filter((service) => !carriedServices(config).includes(service)),
  };
}

async function regionStatus(config: Asked["stack"]["config"], cloud: FailoverCloud, role: RegionRole): Promise<RegionStatus> {
  const { region, policy } = role;
  const [health, said, behind] = await Promise.all([
    reading(() => cloud.health(role.host)),
    reading(() => statementsOf(config, cloud, role)),
    reading(async () => (role.role === "primary" ? {} : cloud.lagSeconds(region))),
  ]);
  return {
    ...{ region, role: role.role, policy, said },
    health: health.answer === "read" ? health.value : "unknown",
    behindSeconds: behind.answer === "read" ? behind.value : {},
  };
}
