/** Why one stack of a system has a resource that the other has not: the value of the config that makes it exist. */

import { severities } from "../../components/alarms/severity.ts";
import { standbys } from "../../components/environment/contract/failover.ts";
import { regionCode } from "../../components/environment/regionCode.ts";
import { recipientsOf } from "../../components/notifications/contract.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Meaning } from "./meaning.ts";

/** Says why the stack with the config `has` has a resource that the one with `lacks` has not. Nothing where it does not know. */
type Reason = (resource: Meaning, has: StackConfig, lacks: StackConfig) => string | undefined;

/** The value of the config that makes a resource exist on one side only; the first that does. */
export const reasonOf: Reason = (resource, has, lacks) => {
  for (const reason of reasons) {
    const found = reason(resource, has, lacks);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Everything in a region, or for it: its code stands in the name. */
const ofStandbyRegion: Reason = ({ name }, has, lacks) => {
  const others = [lacks.aws.region, ...standbys(lacks).map(({ region }) => region)];
  const found = standbys(has).find(({ region }) => !others.includes(region) && name.split("-").includes(regionCode(region)));
  return found && `failover.${found.role}: a standby region`;
};

/** What the primary region has only where another one can take over from it. */
const ofFailover: Reason = ({ type, name }, has, lacks) => {
  if (standbys(has).length === 0 || standbys(lacks).length > 0) return undefined;
  const primary = regionCode(has.aws.region);
  if (/^failover(-|$)/.test(name)) return "failover: names that move from region to region";
  if (new RegExp(`^${primary}-alarms-(?:needs-of-)?region-(?:down-)?${primary}(?:-p0)?$`).test(name))
    return "failover: the loss of the region";
  if (name === `${primary}-health-checkers` || name === `${primary}-probe` || /-probe-(blue|green)$/.test(name))
    return "failover: whether the region answers";
  if (name === `${primary}-read-only`) return "failover: services can be told to write nothing";
  if (name === "registry-replication") return "failover: images in every region";
  if (Object.keys(has.buckets).some((bucket) => isReplication(type, name, `${primary}-bucket-${bucket}`)))
    return "failover: objects in every region";
  const postgres = Object.entries(has.databases).filter(([, { engine }]) => engine === "postgres");
  // RDS does not manage the master password of a database with replicas.
  if (/:(Credential|Secret|SecretVersion)$/.test(type) && postgres.some(([database]) => name === `${primary}-db-${database}-slipway`))
    return "failover: a database with replicas keeps its master password in a secret of the stack";
  return undefined;
};

const ofBucketReplica: Reason = ({ type, name }, has, lacks) => {
  const found = Object.entries(has.buckets).find(([bucket, settings]) => {
    const other = lacks.buckets[bucket];
    if (settings.purpose !== "documents" || settings.replicaRegion === undefined) return false;
    if (other?.purpose === "documents" && other.replicaRegion !== undefined) return false;
    const own = `${regionCode(has.aws.region)}-bucket-${bucket}`;
    const copy = `${own}-${regionCode(settings.replicaRegion)}`;
    return name === copy || name === `${copy}-key` || isReplication(type, name, own);
  });
  return found && `buckets.${found[0]}.replicaRegion: a copy in a second region`;
};

function isReplication(type: string, name: string, bucket: string): boolean {
  return name === `${bucket}-replication` || (name === bucket && /:BucketReplication(Config)?$/.test(type));
}

const ofBackup: Reason = ({ type, name }, { aws, backup }, { backup: other }) => {
  const own = `${regionCode(aws.region)}-backup`;
  if (backup.copyRegion !== undefined && other.copyRegion === undefined) {
    const copies = `${own}-${regionCode(backup.copyRegion)}`;
    const database = backup.pointInTimeCopies.find((candidate) => name === `${copies}-${candidate}`);
    if (database !== undefined && !other.pointInTimeCopies.includes(database))
      return "backup.pointInTimeCopies: changes in a second region";
    const failed = `${regionCode(aws.region)}-alarms-backup-copies-failed`;
    if ([copies, `${copies}-key`, failed].includes(name)) return "backup.copyRegion: copies in a second region";
  }
  if (type.endsWith(":VaultLockConfiguration") && backup.lock.mode !== "none" && other.lock.mode === "none")
    return "backup.lock.mode: nobody shortens what is kept";
  const tests = /:RestoreTesting(Plan|Selection)?$/.test(type) && (name === own || name.startsWith(`${own}-`));
  if (tests && backup.restoreTesting !== undefined && other.restoreTesting === undefined)
    return "backup.restoreTesting: backups are restored every month";
  return undefined;
};

const ofNetwork: Reason = ({ type, name }, { network: own }, { network: other }) => {
  const perZone = own.natGateways === "perZone" && other.natGateways !== "perZone";
  if (perZone && own.zones.some((zone) => new RegExp(`-alarms-nat-${zone}-(drops|ports)$`).test(name)))
    return "network.natGateways: one in every zone, each watched";
  const zone = own.zones.find((candidate) => name.endsWith(candidate));
  if (/:(Eip|NatGateway)$/.test(type) && zone !== undefined && perZone) return "network.natGateways: one in every zone";
  if (zone !== undefined && !other.zones.includes(zone)) return "network.zones: a further zone";
  const endpoint = own.interfaceEndpoints.find((service) => name.endsWith(`-network-endpoints-${service}`));
  if (endpoint !== undefined && !other.interfaceEndpoints.includes(endpoint)) return "network.interfaceEndpoints: private way to AWS";
  if (/-network-endpoints(-https)?$/.test(name) && other.interfaceEndpoints.length === 0)
    return "network.interfaceEndpoints: private way to AWS";
  return undefined;
};

/** Instances of a cluster and nodes of a cache, and what watches them. */
const ofReplicas: Reason = ({ type, name }, has, lacks) => {
  for (const [database, settings] of Object.entries(has.databases)) {
    const [own, other] = [instancesOf(settings), instancesOf(lacks.databases[database])];
    if (own <= other) continue;
    if (type === "aws:docdb/clusterInstance:ClusterInstance" && name.includes(`-${database}-`)) return "databases.instances: more of them";
    // The lag of its replicas is the only symptom of a cluster at P1.
    if (other === 1 && new RegExp(`-alarms-db-${database}-(lag-p\\d|p1)$`).test(name)) return "databases.instances: a replica that can lag";
  }
  for (const [cache, { replicas }] of Object.entries(has.caches)) {
    const other = lacks.caches[cache]?.replicas ?? 0;
    const [, node, watched] = new RegExp(`-alarms-cache-${cache}-(\\d{3})-(\\w+)-p\\d$`).exec(name) ?? [];
    if (node === undefined || replicas <= other) continue;
    if (Number(node) > other + 1) return "caches.replicas: a further node";
    if (watched === "lag" && other === 0) return "caches.replicas: a replica that can lag";
  }
  return undefined;
};

function instancesOf(database: StackConfig["databases"][string] | undefined): number {
  return database?.engine === "documentdb" ? database.instances : 0;
}

const ofNotifications: Reason = ({ name }, { notifications: own }, { notifications: other }) => {
  if (name === "slack" && own.slack !== undefined && other.slack === undefined) return "notifications.slack: a channel";
  const found = subscriptions(own).find((subscription) => name.endsWith(`-notify-${subscription}`));
  if (found === undefined || subscriptions(other).includes(found)) return undefined;
  return other.sendAllTo === undefined ? "notifications: who is told" : "notifications.sendAllTo: staging tells one address and no other";
};

/** Who is told of which severity, as the subscriptions are named. */
function subscriptions(notifications: StackConfig["notifications"]): string[] {
  const { routes, sendAllTo, pagerDuty } = notifications;
  return severities
    .filter((severity) => sendAllTo === undefined || sendAllTo === severity)
    .flatMap((severity) => [
      ...(routes[severity].includes("pagerDuty") && pagerDuty !== undefined ? [`${severity}-pager-duty`] : []),
      ...(routes[severity].includes("email") ? recipientsOf(notifications, severity).map(([who]) => `${severity}-email-${who}`) : []),
    ]);
}

const ofRegistry: Reason = ({ name }, has, lacks) =>
  /^\w+-registry\b/.test(name) && has.registry.from === undefined && lacks.registry.from !== undefined
    ? "registry.from: built once, one registry for both"
    : undefined;

const ofZoneRules: Reason = ({ name }, has, lacks) =>
  /^edge-zone\b/.test(name) && declaresZone(has) && !declaresZone(lacks)
    ? "edge.zoneRules: one stack alone may declare the zone's rules"
    : undefined;

function declaresZone({ edge }: StackConfig): boolean {
  return edge.provider === "cloudflare" && edge.zoneRules;
}

const reasons: readonly Reason[] = [
  ofStandbyRegion,
  ofBucketReplica,
  ofFailover,
  ofBackup,
  ofNetwork,
  ofReplicas,
  ofNotifications,
  ofZoneRules,
  ofRegistry,
];
