/** Every region of a stack: the primary, and those that stand by for it. */
import type { ProviderResource } from "@pulumi/pulumi";
import { RegistryReplication } from "../components/registry/registryReplication.ts";
import type { Tags } from "../components/tags.ts";
import type { ClusterAccess } from "./config/clusterAccess.ts";
import { standbys } from "./config/failover.ts";
import type { StackConfig } from "./config/stack.ts";
import { Region } from "./region.ts";
import type { DeployedRelease } from "./release/deployedRelease.ts";
import { standbyConfig } from "./standby.ts";
import { StandbyFoundation } from "./standbyFoundation.ts";

/** What the regions are made from. */
interface RegionsArgs {
  readonly config: StackConfig;
  readonly tags: Tags;
  readonly providers: readonly ProviderResource[];
  /** What the last update left. */
  readonly deployed: DeployedRelease;
  /** How the stack's Kubernetes cluster is reached. @default it has none */
  readonly clusterAccess?: ClusterAccess | undefined;
  /** Services with a rollback that nobody has acknowledged. @default none */
  readonly latched?: readonly string[];
}

/** Regions in the order in which they answer; the first is the primary and there always. */
export type Regions = readonly [Region, ...Region[]];

/**
 * Declares the regions. What the primary copies to comes first, the primary next, and then what reads the copies. Names start
 * with a region's code, so a further region moves nothing of the others.
 */
export function declareRegions({ config, tags, providers, deployed, clusterAccess, latched = [] }: RegionsArgs): Regions {
  const foundations = standbys(config).map((standby) => {
    const there = standbyConfig(config, standby);
    return { config: there, foundation: new StandbyFoundation({ config: there, tags, providers }) };
  });
  const copies = foundations.map(({ foundation }) => foundation);
  const primary = new Region({ config, region: config.aws.region, tags, providers, deployed, clusterAccess, latched, copies });
  const others = foundations.map(
    ({ config: there, foundation }) =>
      new Region({ config: there, region: foundation.region, tags, providers, deployed, standby: { foundation, of: primary } }),
  );
  const repositories = Object.keys(config.registry.repositories);
  if (others.length > 0 && repositories.length > 0)
    new RegistryReplication(
      "registry-replication",
      {
        region: primary.name,
        accountId: config.aws.accountId,
        regions: others.map(({ name }) => name),
        repositories,
        after: others.map(({ registry }) => registry),
      },
      { providers: [...providers] },
    );
  return [primary, ...others];
}
