/** The program: config in, components wired, outputs out. No resource details here. */
import { Provider as AwsProvider } from "@pulumi/aws/provider.js";
import { Provider as CloudflareProvider } from "@pulumi/cloudflare/provider.js";
import { getStack, type Output, type ProviderResource, RunError } from "@pulumi/pulumi";
import { Place } from "../components/environment/place.ts";
import { type AccessOutputs, declareAccess, declareBudget } from "./access.ts";
import { declareAlarms } from "./alarms.ts";
import { declareAutoRollbacks } from "./autoRollback.ts";
import { type BackupOutputs, declareBackup } from "./backup.ts";
import type { ClusterAccess } from "./config/clusterAccess.ts";
import { approvalRegion, failsOver } from "./config/failover.ts";
import { latchedChanges, type SetLatch } from "./config/latchedChanges.ts";
import { ConfigError, type Problem } from "./config/problem.ts";
import type { StackConfig } from "./config/stack.ts";
import { declareDashboards } from "./dashboards.ts";
import { declareEdge } from "./edge.ts";
import { problemSource, readEngineConfig } from "./engine/config.ts";
import { readDeployed } from "./engine/outputs.ts";
import { declareFailover } from "./failover.ts";
import { clusterOf } from "./kubernetes.ts";
import { declareLogMetrics } from "./logMetrics.ts";
import { declareNotifications } from "./notifications.ts";
import { declareRegions } from "./regions.ts";
import { type DeployedData, deployedData, replacingDataChanges } from "./release/deployedData.ts";
import { type DeployedRelease, type DeployedService, releaseRecord } from "./release/deployedRelease.ts";
import { readLatches } from "./release/latches.ts";
import { unsafeChanges } from "./release/unsafeChanges.ts";
import { declareSites, type SiteOutputs } from "./sites.ts";
import { declareUptime } from "./uptime.ts";

/** Outputs of a stack. */
interface StackOutputs {
  /** Weights, images and capacity by service and colour, as this update leaves them. */
  readonly release: Readonly<Record<string, Output<DeployedService>>>;
  /** What cannot change of each data store without replacing it. */
  readonly data: DeployedData;
  /** Name that the stack's host names point at. */
  readonly loadBalancerDnsName: Output<string>;
  /** Rule whose weights move, by service: an ARN, or namespace and name on a cluster. */
  readonly trafficRules: Readonly<Record<string, Output<string>>>;
  /** Bucket and distribution by static site. */
  readonly sites: Readonly<Record<string, SiteOutputs>>;
  /** Roles of the pipeline, when the stack has them. */
  readonly access?: AccessOutputs;
  /** Vault, role and stores by region, where something is backed up. */
  readonly backup?: Readonly<Record<string, BackupOutputs>>;
  /** Names of the dashboards by region, where there are any. */
  readonly dashboards?: Readonly<Record<string, readonly string[]>>;
}

/** What everything stands on. */
interface ProviderAccess {
  readonly providers: readonly ProviderResource[];
  readonly onCluster: ClusterAccess | undefined;
}

/** What the caller of `declare` has already. */
interface DeclareOptions {
  /** @default a new one */
  readonly access?: ProviderAccess;
  /** Rollbacks that nobody has acknowledged. @default none */
  readonly latches?: readonly SetLatch[];
}

/**
 * Reads the config, refuses what must not happen, declares everything.
 * @throws RunError with every problem, before anything is registered
 */
export async function program(): Promise<StackOutputs> {
  const config = readEngineConfig();
  const { release, data } = await readDeployed();
  const now = new Date();
  refuse([...unsafeChanges(config, release, now), ...replacingDataChanges(config, data)]);
  const access = providerAccess(config);
  const latches = await readLatches(config, release, [config.aws.region], access.providers[0]);
  refuse(latchedChanges(config, latches, getStack()));
  return declare(config, release, now, { access, latches });
}

/**
 * Declares everything that a stack holds.
 * @param deployed what the last update left. @default nothing: a first update
 * @param now time of this update. @default this moment
 */
export function declare(
  config: StackConfig,
  deployed: DeployedRelease = {},
  now = new Date(),
  { access: { providers, onCluster } = providerAccess(config), latches = [] }: DeclareOptions = {},
): StackOutputs {
  const { system, environment, protect } = config;
  const { region, accountId } = config.aws;
  const tags = { ...config.tags, System: system, Environment: environment, ManagedBy: "slipway" };
  const standing = { system, environment, region, accountId, protect, tags, providers };
  const access = declareAccess({ config, place: new Place(standing) });
  const place = new Place({ ...standing, roles: access?.roles });
  const here = { config, place };
  const latched = latches.map(({ service }) => service);
  const regions = declareRegions({ ...here, deployed, clusterAccess: onCluster, latched });
  const [primary] = regions;
  const notified = [...regions.map(({ name }) => name), ...(failsOver(config) ? [approvalRegion(config)] : [])];
  const notifications = declareNotifications(here, notified);
  const backup = declareBackup({ config, regions, notifications });
  const failover = declareFailover({ ...here, regions });
  const edge = declareEdge({ ...here, regions, failover });
  const sites = declareSites({
    ...here,
    loadBalancerDnsName: primary.loadBalancer.dnsName,
    loadBalancerCertificateArn: primary.certificateArn,
  });
  declareBudget(here);
  const logAlarms = declareLogMetrics(config, regions);
  const uptime = declareUptime({ ...here, regions });
  const alarms = declareAlarms({
    ...{ ...here, regions, notifications, edge, sites },
    rollback: config.autoRollback,
    more: [...backup.alarms, ...(failover?.alarms ?? []), ...logAlarms, ...uptime.alarms],
  });
  declareAutoRollbacks({ config, stack: getStack(), regions, deployed, notifications, alarms });
  const dashboards = declareDashboards({ config, regions, edge, sites, uptime, alarms: alarms.byRegion });
  return {
    release: releaseRecord(config.services, primary.services, deployed, now),
    data: deployedData(config),
    loadBalancerDnsName: primary.loadBalancer.dnsName,
    trafficRules: Object.fromEntries(Object.entries(primary.services).map(([name, { trafficObject }]) => [name, trafficObject])),
    sites,
    ...(access === undefined ? {} : { access: access.outputs }),
    ...(Object.keys(backup.outputs).length === 0 ? {} : { backup: backup.outputs }),
    ...(Object.keys(dashboards).length === 0 ? {} : { dashboards }),
  };
}

/** Providers: AWS for one account only, and Cloudflare where it has the zone. The way to the cluster is read first, since it may be refused. */
function providerAccess(config: StackConfig): ProviderAccess {
  const onCluster = clusterOf(config);
  const { region, accountId } = config.aws;
  const aws = new AwsProvider("aws", { region, allowedAccountIds: [accountId] });
  return { onCluster, providers: config.dns.provider === "cloudflare" ? [aws, new CloudflareProvider("cloudflare")] : [aws] };
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new RunError(new ConfigError(problems, problemSource()).message);
}
