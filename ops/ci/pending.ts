/** What RDS has taken and not done yet: it waits for the maintenance window or for a reboot, so it is no drift. */
import type { DBInstance, PendingModifiedValues } from "@aws-sdk/client-rds";
import type { Aws } from "../aws/aws.ts";
import type { State, StateResource } from "../engine/state.ts";
import type { StackReview } from "../review/stackReview.ts";
import { shortType } from "../review/story.ts";

/** One database that is not yet what the state says. */
export interface Pending {
  readonly urn: string;
  /** Properties whose value in the state is the one that AWS waits with. */
  readonly properties: readonly string[];
  /** What waits, and for what, by line. */
  readonly lines: readonly string[];
}

/** The provider's properties, by AWS's names of what waits. */
const propertyOf = {
  AllocatedStorage: "allocatedStorage",
  BackupRetentionPeriod: "backupRetentionPeriod",
  CACertificateIdentifier: "caCertIdentifier",
  DBInstanceClass: "instanceClass",
  EngineVersion: "engineVersion",
  Iops: "iops",
  MultiAZ: "multiAz",
  Port: "port",
  StorageThroughput: "storageThroughput",
  StorageType: "storageType",
} as const satisfies Partial<Record<keyof PendingModifiedValues, string>>;

const clusterType = "aws:docdb/cluster:Cluster";
const instanceTypes = ["aws:rds/instance:Instance", "aws:docdb/clusterInstance:ClusterInstance"];

/** Asks for every database server and cluster of the state. @param region of those that name none @throws UserError when AWS does not tell */
export async function pendingIn(state: State, aws: Aws, region: string): Promise<Pending[]> {
  const there = state.resources.filter(({ delete: leaving }) => leaving !== true);
  const servers = there.filter(({ type }) => instanceTypes.includes(type)).map((server) => pendingOf(server, aws, region));
  const clusters = there.filter(({ type }) => type === clusterType).map((cluster) => pendingOfCluster(cluster, aws, region));
  return (await Promise.all([...servers, ...clusters])).filter(({ lines }) => lines.length > 0);
}

/** DocumentDB tells of a cluster's parameters at its members, and at no instance. */
async function pendingOfCluster({ urn, outputs = {} }: StateResource, aws: Aws, stackRegion: string): Promise<Pending> {
  const region = String(outputs.region ?? stackRegion);
  const DBClusterIdentifier = String(outputs.clusterIdentifier);
  const asked = (await aws.client("docdb", region)).describeDBClusters({ DBClusterIdentifier });
  const { DBClusters: [found] = [] } = await aws.told(`What the cluster ${DBClusterIdentifier} waits for cannot be read`, asked);
  const { DBClusterParameterGroup: group, DBClusterMembers = [] } = found ?? {};
  const reboots = DBClusterMembers.filter(({ DBClusterParameterGroupStatus }) => DBClusterParameterGroupStatus === "pending-reboot");
  const lines = reboots.map(({ DBInstanceIdentifier }) => untilRebooted("docdb", region, `${DBInstanceIdentifier}`, group));
  return { urn, properties: [], lines };
}

function untilRebooted(service: "rds" | "docdb", region: string, server: string, group: string | undefined): string {
  const command = `aws ${service} reboot-db-instance --region ${region} --db-instance-identifier ${server}`;
  return `${server}: parameters of ${group}, until it is rebooted; no window does that: ${command}`;
}

async function pendingOf({ urn, type, inputs = {}, outputs = {} }: StateResource, aws: Aws, stackRegion: string): Promise<Pending> {
  const region = String(outputs.region ?? stackRegion);
  const DBInstanceIdentifier = String(outputs.identifier);
  const client = await aws.client(type.startsWith("aws:rds/") ? "rds" : "docdb", region);
  const asked: Promise<{ readonly DBInstances?: readonly DBInstance[] | undefined }> = client.describeDBInstances({ DBInstanceIdentifier });
  const { DBInstances: [found] = [] } = await aws.told(`What the database ${DBInstanceIdentifier} waits for cannot be read`, asked);
  const { PendingModifiedValues: values = {}, DBParameterGroups = [], PreferredMaintenanceWindow: window } = found ?? {};
  const waiting = Object.entries(propertyOf).flatMap(([key, property]) => {
    const value = values[key as keyof typeof propertyOf];
    return value !== undefined && String(value) === String(inputs[property]) ? [[property, value] as const] : [];
  });
  const until = `until its maintenance window${window === undefined ? "" : ` (${window} UTC)`}`;
  const reboots = DBParameterGroups.filter(({ ParameterApplyStatus }) => ParameterApplyStatus === "pending-reboot");
  return {
    urn,
    properties: waiting.map(([property]) => property),
    lines: [
      ...waiting.map(([property, value]) => `${DBInstanceIdentifier}: ${property} → ${value}, ${until}`),
      ...reboots.map(({ DBParameterGroupName: group }) => untilRebooted("rds", region, DBInstanceIdentifier, group)),
    ],
  };
}

/** Type and name, by which a review tells its resources. */
function typeAndName(urn: string): string {
  const [types = "", name = ""] = urn.split("::").slice(2);
  return `${shortType(types.split("$").at(-1) ?? "")}::${name}`;
}

/** A look at what is live, without what only waits. A resource that differs otherwise, too, stays as it is. Pure. */
export function withoutPending(live: StackReview, pending: readonly Pending[]): StackReview {
  const waiting = new Map(pending.map(({ urn, properties }) => [typeAndName(urn), properties]));
  const gone = new Set<string>();
  const changes = live.changes.filter(({ op, type, name, differences }) => {
    const properties = waiting.get(`${type}::${name}`) ?? [];
    const waits = op === "update" && differences.length > 0 && differences.every(({ path }) => properties.includes(path));
    if (waits) gone.add(`${type}::${name}`);
    return !waits;
  });
  const stories = live.stories.filter(({ urns }) => urns.length === 0 || !urns.every((urn) => gone.has(typeAndName(urn))));
  return { ...live, changes, stories, status: live.status === "changes" && changes.length === 0 ? "same" : live.status };
}
