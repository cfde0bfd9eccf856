/** `slipway cache grow`: larger nodes for a cache at once: an update leaves them to the next maintenance window. */
import type { ElastiCache, ReplicationGroup } from "@aws-sdk/client-elasticache";
import { regionRoles } from "../../components/environment/contract/failover.ts";
import { namedTypes, physicalNames } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import { setFlag } from "../config/edit.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { requireReason } from "../project/reason.ts";
import { requireOne } from "../project/requireOne.ts";
import { operatedStack, type StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { nextLarger } from "./nodeTypes.ts";

/** Flags of the command. */
export interface GrowFlags extends StackFlags {
  readonly cache: string;
  readonly reason: string;
  /** @default what config asks for, else the next larger than what is there */
  readonly nodeType?: string;
  /** @default the stack's own */
  readonly region?: string;
  /** Do what else waits for the window, too: ElastiCache does all of it together. */
  readonly withPending?: boolean;
  /** Print what would be done, and do nothing. */
  readonly dryRun?: boolean;
}

/** @returns 0 when ElastiCache is at it, or the nodes are larger already @throws UserError when it refuses, or more would be done than was asked for */
export async function growCache(flags: GrowFlags): Promise<number> {
  const reason = requireReason(flags.reason);
  const stack = operatedStack(flags);
  const { config } = stack;
  requireOne("--cache", flags.cache, Object.keys(config.caches), stack.name);
  const regions = regionRoles(config).map(({ region }) => region);
  requireOne("--region", flags.region ?? config.aws.region, regions, stack.name);
  const nodeType = await growNodes(openAws(stack), config, flags, reason);
  const follow = slipwayCommand("up", { ...flags, stack: stack.name }, setFlag(["caches", flags.cache, "nodeType"], nodeType));
  console.log(nextLine(flags.dryRun === true ? undefined : follow));
  return 0;
}

/**
 * The part of it that ElastiCache does. Repeated, it grows no further until the config has followed.
 * @returns the type that the nodes have or get
 */
export async function growNodes(
  aws: Aws,
  config: StackConfig,
  { cache, nodeType, region = config.aws.region, withPending = false, dryRun = false }: Omit<GrowFlags, "reason">,
  reason: string,
  print: (line: string) => void = console.log,
): Promise<string> {
  const elastiCache = await aws.client("elasticache", region);
  const group = await groupOf(elastiCache, aws, config, { cache, region });
  const { ReplicationGroupId: id = "", CacheNodeType: has = "", Status: status, AutomaticFailover: failover } = group;
  const wanted = config.caches[cache]?.nodeType ?? "";
  const listed = elastiCache.listAllowedNodeTypeModifications({ ReplicationGroupId: id });
  const { ScaleUpModifications: larger = [] } = await aws.told(`Larger types for ${id} cannot be read`, listed);
  if (nodeType === undefined && has !== wanted && !larger.includes(wanted)) {
    print(`${id} in ${region} has ${has} already, more than the ${wanted} of slipway:caches.${cache}.nodeType: nothing was changed.`);
    return has;
  }
  const target = nodeType ?? (has === wanted ? nextLarger(has, larger) : wanted);
  if (target === has) {
    print(`${id} in ${region} has ${has} already: nothing was changed.`);
    return has;
  }
  if (target === undefined || !larger.includes(target))
    throw new UserError(
      `${id} in ${region} is ${has}, and ElastiCache scales it up to no ${target ?? "larger type that config takes"}. Allowed as --node-type: ${larger.join(", ") || "none"}.`,
      2,
    );
  if (status !== "available")
    throw new UserError(
      `${id} in ${region} is ${status}, not available: nothing was changed. Again when it is:\n  aws elasticache describe-replication-groups --region ${region} --replication-group-id ${id} --query 'ReplicationGroups[].Status'`,
    );
  const more = await waiting(elastiCache, aws, group);
  if (more.length > 0 && !withPending)
    throw new UserError(
      `Nothing was changed: ElastiCache does at once all that waits, and there is more than the node type:\n  ${more.join("\n  ")}\nIn the maintenance window: leave it. Now: the same with --with-pending`,
    );
  for (const line of more) print(`Done with it: ${line}`);
  const cost = failover === "enabled" ? byFailover : alone;
  if (dryRun) {
    print(`Would grow ${id} in ${region}: ${has} → ${target}; ${cost}. Nothing was changed.`);
    return target;
  }
  const { arn } = await aws.identity();
  print(`Nodes of ${cache} in ${aws.cloud}, by ${arn}: ${reason}`);
  const asked = elastiCache.modifyReplicationGroup({ ReplicationGroupId: id, CacheNodeType: target, ApplyImmediately: true });
  await aws.told(`${id} does not grow`, asked);
  print(`${id} in ${region}: ${has} → ${target}, in some minutes; ${cost}.`);
  return target;
}

/** What it costs. Source: ElastiCache guide, "Scaling replica nodes" and "Scaling single-node clusters". */
const byFailover = "it answers all the time but for a failover of seconds, and keeps what it holds as well as it can";
const alone = "connections break for some seconds at the end, and it keeps what it holds as well as it can";

/** The cache's replication group, by its name. @throws UserError when there is none, or nobody tells */
async function groupOf(
  elastiCache: ElastiCache,
  aws: Aws,
  config: StackConfig,
  { cache, region }: { readonly cache: string; readonly region: string },
): Promise<ReplicationGroup> {
  const row = physicalNames(config).find((one) => one.type === namedTypes.cache && one.region === region && one.of === `caches.${cache}`);
  const start = (row?.name ?? "").replace(/\*$/, "");
  const listed = Array.fromAsync(elastiCache.paginateDescribeReplicationGroups({}));
  const pages = await aws.told(`The caches of ${region} cannot be read`, listed);
  const found = pages
    .flatMap(({ ReplicationGroups = [] }) => ReplicationGroups)
    .find(({ ReplicationGroupId: id = "" }) => row !== undefined && id.startsWith(start) && /^[0-9a-f]{1,8}$/.test(id.slice(start.length)));
  if (found === undefined) throw new UserError(`${region} has no cache ${cache}: ${row?.name ?? "the stack has none there"}.`);
  return found;
}

/** What else waits for the maintenance window, by node. */
async function waiting(elastiCache: ElastiCache, aws: Aws, { MemberClusters = [] }: ReplicationGroup): Promise<string[]> {
  const read = MemberClusters.map(async (CacheClusterId) => {
    const { CacheClusters = [] } = await aws.told(
      `${CacheClusterId} cannot be read`,
      elastiCache.describeCacheClusters({ CacheClusterId }),
    );
    const values = CacheClusters.flatMap(({ PendingModifiedValues = {} }) => Object.entries(PendingModifiedValues));
    return values
      .filter(([key, value]) => key !== "CacheNodeType" && value !== undefined && !(Array.isArray(value) && value.length === 0))
      .map(([key, value]) => `${CacheClusterId}: ${key} → ${JSON.stringify(value)}`);
  });
  return (await Promise.all(read)).flat();
}
