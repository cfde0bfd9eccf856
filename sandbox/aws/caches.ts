/** ElastiCache: replication groups, their nodes, and what they may grow to. */
import type { ElastiCache } from "@aws-sdk/client-elasticache";
import { deferredNodes, pendingNodes } from "../cloud/aws/pendingChanges.ts";
import { CloudError } from "../cloud/catalogue.ts";
import type { LiveObject } from "../cloud/liveStore.ts";
import { listOf } from "../provider/values.ts";
import { type Asked, here, type OperationsOf } from "./operation.ts";

const groupType = "aws:elasticache/replicationGroup:ReplicationGroup";

/** Memory of a node for its data, GiB. Source: ElastiCache guide, "Supported node types"; a group scales up to what has more. */
const memory: Readonly<Record<string, number>> = {
  ...{ "cache.t4g.micro": 0.5, "cache.t4g.small": 1.37, "cache.t4g.medium": 3.09 },
  ...{ "cache.m7g.large": 6.38, "cache.m7g.xlarge": 12.94, "cache.m7g.2xlarge": 26.05, "cache.m7g.4xlarge": 52.26 },
  ...{ "cache.r7g.large": 13.07, "cache.r7g.xlarge": 26.32, "cache.r7g.2xlarge": 52.82, "cache.r7g.4xlarge": 105.81 },
};

export const caches = {
  DescribeReplicationGroups: ({ ReplicationGroupId }, asked) => ({
    ReplicationGroups: (ReplicationGroupId === undefined ? here(groupType, asked) : [groupOf(ReplicationGroupId, asked)]).map(
      ({ id, properties: own }) => ({
        ...{ ReplicationGroupId: id, Status: String(own.status ?? "available"), CacheNodeType: String(own.nodeType) },
        MemberClusters: membersOf(own.memberClusters),
        AutomaticFailover: own.automaticFailoverEnabled === true ? ("enabled" as const) : ("disabled" as const),
        MultiAZ: own.multiAzEnabled === true ? ("enabled" as const) : ("disabled" as const),
      }),
    ),
  }),

  DescribeCacheClusters: ({ CacheClusterId = "" }, asked) => {
    const group = here(groupType, asked).find(({ properties }) => membersOf(properties.memberClusters).includes(CacheClusterId));
    if (group === undefined) throw new CloudError("CacheClusterNotFoundFault", `CacheCluster not found: ${CacheClusterId}`);
    const waiting = asked.store.get(pendingNodes, group.id, group.scope)?.properties ?? {};
    const PendingModifiedValues = Object.fromEntries(
      Object.entries(deferredNodes).flatMap(([name, key]) => (name in waiting ? [[key, String(waiting[name])]] : [])),
    );
    return {
      CacheClusters: [
        { CacheClusterId, CacheNodeType: String(group.properties.nodeType), ReplicationGroupId: group.id, PendingModifiedValues },
      ],
    };
  },

  ListAllowedNodeTypeModifications: ({ ReplicationGroupId = "" }, asked) => {
    const has = memory[String(groupOf(ReplicationGroupId, asked).properties.nodeType)] ?? 0;
    const types = (is: (gib: number) => boolean) => Object.entries(memory).flatMap(([type, gib]) => (is(gib) ? [type] : []));
    return { ScaleUpModifications: types((gib) => gib > has), ScaleDownModifications: types((gib) => gib < has) };
  },

  ModifyReplicationGroup: ({ ReplicationGroupId = "", CacheNodeType, ApplyImmediately = false }, asked) => {
    const group = groupOf(ReplicationGroupId, asked);
    if (String(group.properties.status ?? "available") !== "available")
      throw new CloudError("InvalidReplicationGroupState", "Replication group must be in available state to modify.");
    if (CacheNodeType !== undefined && !Object.hasOwn(memory, CacheNodeType))
      throw new CloudError("InvalidParameterValue", `Invalid Cache Node Type: ${CacheNodeType}.`);
    const pending = asked.store.get(pendingNodes, group.id, group.scope);
    const asks = CacheNodeType === undefined ? {} : { nodeType: CacheNodeType };
    if (!ApplyImmediately) {
      asked.store.put({ ...group, type: pendingNodes, properties: { ...pending?.properties, ...asks }, createdFor: "pending" });
      return {};
    }
    // "The modifications in this request and any pending modifications" (API reference, ModifyReplicationGroup, ApplyImmediately).
    asked.store.put({ ...group, properties: { ...group.properties, ...pending?.properties, ...asks } });
    if (pending !== undefined) asked.store.delete(pending);
    return {};
  },
} satisfies OperationsOf<ElastiCache>;

function groupOf(id: string, asked: Asked): LiveObject {
  const found = here(groupType, asked).find((one) => one.id === id);
  if (found === undefined) throw new CloudError("ReplicationGroupNotFoundFault", `ReplicationGroup ${id} not found.`);
  return found;
}

const membersOf = (members: LiveObject["properties"][string] | undefined): string[] => listOf(members).map(String);
