/** What a stack's resources are called in the cloud, by its config alone. Pure. */
import { type Severity, severities } from "../../components/alarms/severity.ts";
import { colours } from "../../components/colours.ts";
import { recoveryCoverage } from "../../components/environment/contract/recoveryCoverage.ts";
import { Names, stackName } from "../../components/environment/names.ts";
import { engineName, fittedName, keyedStart } from "../../components/physicalName.ts";
import { releaseTableName } from "../../components/release/item.ts";
import { notifiedRegions } from "./notifiedRegions.ts";
import type { StackConfig } from "./stack.ts";
import { regionalConfigs } from "./standby.ts";

export { type Severity, severities, stackName };

/** One name. `*` stands for what is drawn when the resource is made: the engine's digits, or those of the store's key. */
export interface PhysicalName {
  /** AWS region. */
  readonly region: string;
  /** Place in the config that it belongs to: `services.api`; `aws` for what every region has. */
  readonly of: string;
  /** Type token. */
  readonly type: string;
  readonly name: string;
  /** Before it is cut to what AWS takes, without what is drawn; the tag `Name`, where the type has tags. */
  readonly whole: string;
}

/** Types of which every resource is told. */
export const namedTypes = {
  backupVault: "aws:backup/vault:Vault",
  bucket: "aws:s3/bucket:Bucket",
  cache: "aws:elasticache/replicationGroup:ReplicationGroup",
  cluster: "aws:ecs/cluster:Cluster",
  deployment: "kubernetes:apps/v1:Deployment",
  documentDb: "aws:docdb/cluster:Cluster",
  fileSystem: "aws:efs/fileSystem:FileSystem",
  function: "aws:lambda/function:Function",
  loadBalancer: "aws:lb/loadBalancer:LoadBalancer",
  namespace: "kubernetes:core/v1:Namespace",
  postgres: "aws:rds/instance:Instance",
  repository: "aws:ecr/repository:Repository",
  service: "aws:ecs/service:Service",
  table: "aws:dynamodb/table:Table",
  targetGroup: "aws:lb/targetGroup:TargetGroup",
  taskDefinition: "aws:ecs/taskDefinition:TaskDefinition",
  topic: "aws:sns/topic:Topic",
  webAcl: "aws:wafv2/webAcl:WebAcl",
} as const;

type NamedType = keyof typeof namedTypes;

/** Names of the stack's resources that people look for in a console, in every region. */
export function physicalNames(config: StackConfig): PhysicalName[] {
  const regions = regionalConfigs(config).flatMap((there) => inRegion(there, there !== config));
  return regions.concat(sites(config), topics(config));
}

/** Names in URNs of what a service's traffic goes by. */
export interface TrafficNames {
  /** Listener rule whose weights move. */
  readonly rule: string;
  /** Target group of each colour. */
  readonly groups: Readonly<Record<(typeof colours)[number], string>>;
}

/** What the engine knows a service's rule and target groups by. @param region one that the service runs in */
export function trafficNames(config: Pick<StackConfig, "system" | "environment">, region: string, service: string): TrafficNames {
  const rule = new Names(config, region).regional(service);
  const group = (colour: string) => engineName(namedTypes.targetGroup, `${rule}-${colour}`);
  return { rule, groups: { blue: group("blue"), green: group("green") } };
}

/** What the engine knows the table of a region's release records by. */
export function recordTableName(config: Pick<StackConfig, "system" | "environment">, region: string): string {
  return new Names(config, region).regional(releaseTableName);
}

/** What the engine knows a PostgreSQL database by in a region, or one of its replicas there. */
export function postgresName(
  config: Pick<StackConfig, "system" | "environment">,
  region: string,
  database: string,
  replica?: string,
): string {
  const whole = new Names(config, region).store("db", database);
  return replica === undefined ? whole : `${whole}-${replica}`;
}

/** The severity that a topic is for, by its ARN; undefined for a topic that is for none. */
export function severityOfTopic(arn: string): Severity | undefined {
  return severities.find((severity) => new RegExp(`-${severity}(?:-|$)`).test(arn));
}

/** What the task is called that makes a database's application user. */
export function databaseTaskName(config: Pick<StackConfig, "system" | "environment">, region: string, database: string): string {
  return `${new Names(config, region).store("db", database)}-init`;
}

/** What the engine knows by where tasks stand: the cluster, and the beginning of their subnets. */
export function taskStandNames(config: Pick<StackConfig, "system" | "environment">, region: string) {
  const names = new Names(config, region);
  return { cluster: names.regional("cluster"), subnets: `${names.regional("network")}-private-` };
}

/** Names of one region. @param config the stack's, as it is there */
function inRegion(config: StackConfig, standby: boolean): PhysicalName[] {
  const { region } = config.aws;
  const names = new Names(config, region);
  const told = teller(region);
  const onEcs = Object.entries(config.services).filter(([, { compute }]) => compute === "ecs");
  return [
    told.drawn("aws", "cluster", names.regional("cluster")),
    told.drawn("loadBalancer", "loadBalancer", names.regional("alb")),
    told.drawn("loadBalancer.accessLogDays", "bucket", names.regional("access-logs")),
    ...Object.keys(config.registry.repositories).map((name) => told.given(`registry.repositories.${name}`, "repository", name)),
    ...onEcs.flatMap(([name, service]) => ecsNames(told, `services.${name}`, names.regional(name), service)),
    ...onCluster(told, config),
    ...(Object.keys(config.services).length === 0 ? [] : [told.drawn("services", "table", recordTableName(config, region))]),
    ...Object.keys(config.autoRollback).map((name) => told.drawn(`autoRollback.${name}`, "function", names.regional(`${name}-rollback`))),
    ...(asksInside(config) ? [told.drawn("uptime.reachability", "function", names.regional("reachability"))] : []),
    ...(config.edge.provider === "awsWaf" ? [told.drawn("edge", "webAcl", names.regional("edge"))] : []),
    ...storeNames(told, names, config, standby),
    ...vaults(names, config),
  ];
}

/** Makes the rows of one region. */
function teller(region: string) {
  const row = (of: string, type: NamedType, name: string, whole: string): PhysicalName => ({
    region,
    of,
    type: namedTypes[type],
    name,
    whole,
  });
  return {
    /** A name that the engine puts digits behind. */
    drawn: (of: string, type: NamedType, name: string) => row(of, type, `${engineName(namedTypes[type], name)}-*`, name),
    /** A name that ends in digits of the store's key. */
    keyed: (of: string, type: "postgres" | "documentDb", name: string) => row(of, type, `${keyedStart(namedTypes[type], name)}*`, name),
    /** A name that is complete. */
    given: (of: string, type: NamedType, name: string) => row(of, type, fittedName(namedTypes[type], name), name),
  };
}

type Told = ReturnType<typeof teller>;

function ecsNames(told: Told, of: string, name: string, { release }: StackConfig["services"][string]): PhysicalName[] {
  return colours.flatMap((colour) => {
    const coloured = `${name}-${colour}`;
    const group = told.drawn(of, "targetGroup", coloured);
    if (release[colour].image === undefined) return [group];
    return [group, told.drawn(of, "service", coloured), told.given(of, "taskDefinition", coloured)];
  });
}

/** Names on the stack's Kubernetes cluster, all in one namespace. */
function onCluster(told: Told, { kubernetes: { cluster }, services }: StackConfig): PhysicalName[] {
  if (cluster === undefined) return [];
  const workloads = Object.entries(services).flatMap(([name, { compute, release }]) =>
    compute === "kubernetes"
      ? colours.flatMap((colour) =>
          release[colour].image === undefined ? [] : [told.given(`services.${name}`, "deployment", `${name}-${colour}`)],
        )
      : [],
  );
  return [told.given("kubernetes.cluster", "namespace", cluster.namespace), ...workloads];
}

/** Whether a function in the region asks anything. */
function asksInside({ uptime, databases, caches }: StackConfig): boolean {
  return Object.values(uptime.reachability.targets).some((target) => {
    if (target.kind === "blockchain") return true;
    return target.kind === "cache" ? Object.hasOwn(caches, target.cache) : Object.hasOwn(databases, target.database);
  });
}

function storeNames(told: Told, names: Names, config: StackConfig, standby: boolean): PhysicalName[] {
  const { databases, caches, buckets, fileSystems } = config;
  return [
    ...Object.entries(databases).flatMap(([name, database]) => {
      const [of, whole] = [`databases.${name}`, names.store("db", name)];
      if (database.engine === "dynamodb") return [told.drawn(of, "table", whole)];
      if (database.engine === "documentdb") return [told.keyed(of, "documentDb", whole)];
      const replicas = standby ? [] : Object.keys(database.readReplicas); // a standby's database is a replica itself
      const instances = [whole, ...replicas.map((replica) => `${whole}-${replica}`)].map((instance) =>
        told.keyed(of, "postgres", instance),
      );
      return standby ? instances : [...instances, told.given(of, "taskDefinition", databaseTaskName(config, config.aws.region, name))];
    }),
    ...Object.keys(caches).map((name) => told.drawn(`caches.${name}`, "cache", names.store("cache", name))),
    ...Object.entries(buckets).flatMap(([name, bucket]) => {
      const [of, whole] = [`buckets.${name}`, names.store("bucket", name)];
      if (standby || bucket.purpose !== "documents" || bucket.replicaRegion === undefined) return [told.drawn(of, "bucket", whole)];
      const there = new Names(config, bucket.replicaRegion);
      return [told.drawn(of, "bucket", whole), teller(bucket.replicaRegion).drawn(of, "bucket", `${whole}-${there.code}`)];
    }),
    ...Object.keys(fileSystems).map((name) => told.given(`fileSystems.${name}`, "fileSystem", names.store("files", name))),
  ];
}

/** The vault of a region that has a store in a plan, and that of its copies. */
function vaults(names: Names, config: StackConfig): PhysicalName[] {
  const { region } = config.aws;
  const { copyRegion } = config.backup;
  if (!recoveryCoverage(config).some(({ plans, type }) => type !== undefined && plans.length > 0)) return [];
  const own = names.regional("backup");
  return [
    teller(region).drawn("backup", "backupVault", own),
    ...(copyRegion === undefined || copyRegion === region
      ? []
      : [teller(copyRegion).drawn("backup.copyRegion", "backupVault", `${own}-${new Names(config, copyRegion).code}`)]),
  ];
}

function sites(config: StackConfig): PhysicalName[] {
  const { region } = config.aws;
  const names = new Names(config, region);
  return Object.keys(config.sites).flatMap((site) =>
    ["files", "logs"].map((what) => teller(region).drawn(`sites.${site}`, "bucket", names.global(`site-${site}-${what}`))),
  );
}

function topics(config: StackConfig): PhysicalName[] {
  return notifiedRegions(config).flatMap((region) => {
    const name = new Names(config, region).regional("notify");
    return severities.map((severity) => teller(region).drawn("notifications", "topic", `${name}-${severity}`));
  });
}
