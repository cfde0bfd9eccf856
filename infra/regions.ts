/** Every region of a stack: the primary, and those that stand by for it. */

import type { ValidationRecords } from "../components/certificate/validationRecords.ts";
import { standbys } from "../components/environment/contract/failover.ts";
import type { Place } from "../components/environment/place.ts";
import { Region } from "../components/environment/region.ts";
import { RegistryReplication } from "../components/registry/registryReplication.ts";
import type { ClusterAccess } from "./config/clusterAccess.ts";
import { standbyConfig } from "./config/standby.ts";
import { declareDatabaseUsers } from "./databaseUsers.ts";
import type { Here } from "./here.ts";
import { StackRegion } from "./region.ts";
import type { DeployedRelease } from "./release/deployedRelease.ts";
import type { FollowedDeployments } from "./release/followedDeployments.ts";
import { StandbyFoundation } from "./standbyFoundation.ts";

/** Services by AWS region that are not declared in it, because their images are not there yet. */
export type Awaited = Readonly<Record<string, readonly string[]>>;

/** What the regions are made from. */
interface RegionsArgs extends Here {
  /** Zones in which NAT gateways stand until this update, by AWS region. @default none does */
  readonly natZones?: Readonly<Record<string, string>>;
  /** The origin lock is not asked for before the next update. @default false */
  readonly locksLater?: boolean;
  /** Validation records of all the stack's certificates. */
  readonly validation: ValidationRecords;
  /** What the last update left. */
  readonly deployed: DeployedRelease;
  /** Time of this update. */
  readonly now: Date;
  /** Deployments that this update's follow. @default none */
  readonly followed?: FollowedDeployments | undefined;
  /** How the stack's Kubernetes cluster is reached. @default it has none */
  readonly clusterAccess?: ClusterAccess | undefined;
  /** Services with a rollback that nobody has acknowledged. @default none */
  readonly latched?: readonly string[];
  /** @default none: every service is declared */
  readonly awaited?: Awaited;
}

/** Regions in the order in which they answer; the first is the primary and there always. */
export type Regions = readonly [StackRegion, ...StackRegion[]];

/**
 * Declares the regions. What the primary copies to comes first, the primary next, and then what reads the copies. Names start
 * with a region's code, so a further region moves nothing of the others.
 */
export function declareRegions(args: RegionsArgs): Regions {
  const { config, place, deployed, followed, validation, natZones = {}, locksLater = false, awaited = {} } = args;
  const foundations = standbys(config).map((standby) => {
    const there = { config: standbyConfig(config, standby), place: regionIn(place.in(standby.region)) };
    return { there, foundation: new StandbyFoundation(there) };
  });
  const primary = new StackRegion({
    ...args,
    place: regionIn(place),
    copies: foundations.map(({ foundation }) => foundation),
    awaited: awaited[place.region],
  });
  declareDatabaseUsers({ ...primary, databases: primary.data.databases });
  const others = foundations.map(
    ({ there, foundation }) =>
      new StackRegion({
        ...there,
        deployed,
        followed,
        validation,
        natZones,
        locksLater,
        standby: { foundation, of: primary },
        awaited: awaited[there.place.region],
      }),
  );
  const repositories = Object.keys(config.registry.repositories);
  if (others.length > 0 && repositories.length > 0)
    place.make(RegistryReplication, place.names.global("registry-replication"), {
      regions: others.map(({ name }) => name),
      repositories,
      after: others.flatMap(({ registry }) => registry ?? []),
    });
  return [primary, ...others];
}

/** The region that all of what stands in it belongs to, before any of that is there. */
function regionIn(place: Place): Place {
  return place.make(Region, place.names.region, { place }).place;
}
