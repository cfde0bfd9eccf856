/** The whole of a stack as config has it: its regions, and what belongs to none of them alone. */
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { ValidationRecords } from "../components/certificate/validationRecords.ts";
import { Environment, type EnvironmentArgs } from "../components/environment/environment.ts";
import { stackName } from "../components/environment/names.ts";
import type { Place } from "../components/environment/place.ts";
import { type AccessOutputs, declareAccess, declareBudget } from "./access.ts";
import { declareAlarms } from "./alarms.ts";
import { declareAutoRollbacks } from "./autoRollback.ts";
import { type BackupOutputs, declareBackup } from "./backup.ts";
import type { ClusterAccess } from "./config/clusterAccess.ts";
import type { StackConfig } from "./config/stack.ts";
import { declareDashboards } from "./dashboards.ts";
import { declareDatabaseEvents } from "./databaseEvents.ts";
import { declareEdge } from "./edge.ts";
import { declareFailover } from "./failover.ts";
import { declareHealthChecks } from "./healthChecks.ts";
import type { Here } from "./here.ts";
import { declareLogMetrics } from "./logMetrics.ts";
import { declareNotifications } from "./notifications.ts";
import { type RegionOutputs, regionOutputs } from "./regionOutputs.ts";
import { type Awaited, declareRegions, type Regions } from "./regions.ts";
import { type DeployedData, deployedData } from "./release/deployedData.ts";
import { type DeployedRelease, type DeployedService, releaseRecord } from "./release/deployedRelease.ts";
import type { FollowedDeployments } from "./release/followedDeployments.ts";
import { type DeployedLock, lockRecord } from "./release/originLock.ts";
import { declareSites, type SiteOutputs } from "./sites.ts";
import { declareUptime } from "./uptime.ts";

/** What a stack's environment is made from. */
export interface StackEnvironmentArgs {
  readonly config: StackConfig;
  /** What the last update left. */
  readonly deployed: DeployedRelease;
  /** Time of this update. */
  readonly now: Date;
  /** Deployments that this update's follow. */
  readonly followed: FollowedDeployments;
  /** How the stack's Kubernetes cluster is reached; undefined when it has none. */
  readonly clusterAccess: ClusterAccess | undefined;
  /** Services with a rollback that nobody has acknowledged. */
  readonly latched: readonly string[];
  /** Zones in which NAT gateways stand until this update, by AWS region. @default none does */
  readonly natZones?: Readonly<Record<string, string>>;
  /** The origin lock is not asked for before the next update. @default false */
  readonly locksLater?: boolean;
  /** Stack, as `slipway --stack` names it. */
  readonly stack: string;
}

/** Outputs of a stack. */
export interface StackOutputs {
  /** Weights, images and capacity by service and colour, as this update leaves them. */
  readonly release: Readonly<Record<string, Output<DeployedService>>>;
  /** What cannot change of each data store without replacing it. */
  readonly data: DeployedData;
  /** How a candidate becomes live. No resource has it, so that a review finds here what it was. */
  readonly rollout: StackConfig["rollout"];
  /** What the edge sends and the load balancer asks for, where the edge locks it. */
  readonly originLock?: DeployedLock;
  /** Name that the stack's host names point at. */
  readonly loadBalancerDnsName: Output<string>;
  /** Rule whose weights move, by service: an ARN, or namespace and name on a cluster. */
  readonly trafficRules: Readonly<Record<string, Output<string>>>;
  /** Bucket and distribution by static site. */
  readonly sites: Readonly<Record<string, SiteOutputs>>;
  /** What other stacks need to build beside this one, by AWS region. */
  readonly regions: Readonly<Record<string, RegionOutputs>>;
  /** Roles of the pipeline, when the stack has them. */
  readonly access?: AccessOutputs;
  /** Vault, role and stores by region, where something is backed up. */
  readonly backup?: Readonly<Record<string, BackupOutputs>>;
  /** Names of the dashboards by region, where there are any. */
  readonly dashboards?: Readonly<Record<string, readonly string[]>>;
}

/** What the services stand on: the pipeline's roles, and the regions with all but the services that wait for their images. */
export interface Ground extends Here {
  readonly access: ReturnType<typeof declareAccess>;
  readonly validation: ValidationRecords;
  readonly regions: Regions;
}

/** The environment of a stack, with nothing in it. */
function environmentArgs({ aws, system, environment, protect, tags }: StackConfig): EnvironmentArgs {
  return { ...aws, system, environment, protect, tags: { ...tags, ManagedBy: "slipway" } };
}

function declareGround(
  place: Place,
  { config, deployed, now, followed, clusterAccess, latched, natZones = {}, locksLater = false }: StackEnvironmentArgs,
  awaited: Awaited = {},
): Ground {
  const access = declareAccess({ config, place });
  const here = { config, place: place.limited(access?.roles) };
  const validation = here.place.make(ValidationRecords, here.place.names.global("validation"), { zone: config.dns });
  const regions = declareRegions({ ...here, deployed, now, followed, clusterAccess, latched, validation, natZones, locksLater, awaited });
  return { ...here, access, validation, regions };
}

/**
 * Declares the ground of a stack alone, in an update that cannot go further: what is not declared stays as it is, since the engine
 * deletes nothing when a program fails.
 */
export function groundOf(args: StackEnvironmentArgs, awaited: Awaited, opts: ComponentResourceOptions): Ground {
  return declareGround(new Environment(stackName(args.config), environmentArgs(args.config), opts).place, args, awaited);
}

/** Everything that a stack holds. Regions first, then what stands before or watches them. */
export class StackEnvironment extends Environment {
  readonly regions: Regions;
  readonly #args: StackEnvironmentArgs;
  readonly #access: AccessOutputs | undefined;
  readonly #sites: Readonly<Record<string, SiteOutputs>>;
  readonly #backup: Readonly<Record<string, BackupOutputs>>;
  readonly #dashboards: Readonly<Record<string, readonly string[]>>;

  constructor(args: StackEnvironmentArgs, opts: ComponentResourceOptions) {
    const { config, deployed, stack } = args;
    super(stackName(config), environmentArgs(config), opts);
    const { access, validation, regions, ...here } = declareGround(this.place, args);
    const [primary] = regions;
    const notifications = declareNotifications(here);
    const backup = declareBackup({ config, regions, notifications });
    declareHealthChecks({ ...here, regions });
    const failover = declareFailover({ ...here, regions });
    const { outputs: sites, targets } = declareSites({ ...here, loadBalancerDnsName: primary.loadBalancer.dnsName, validation });
    const edge = declareEdge({ ...here, regions, failover, sites: targets });
    declareBudget(here);
    const logAlarms = declareLogMetrics(config, regions);
    const eventAlarms = declareDatabaseEvents(regions, notifications);
    const uptime = declareUptime({ ...here, regions });
    const alarms = declareAlarms({
      ...{ ...here, regions, notifications, edge, sites },
      rollback: config.autoRollback,
      more: [...backup.alarms, ...(failover?.alarms ?? []), ...logAlarms, ...eventAlarms, ...uptime.alarms],
    });
    const rollbackAlarms = declareAutoRollbacks({ config, stack, regions, deployed, notifications, alarms });
    this.regions = regions;
    this.#args = args;
    this.#access = access?.outputs;
    this.#sites = sites;
    this.#backup = backup.outputs;
    this.#dashboards = declareDashboards({ config, regions, edge, sites, uptime, alarms: alarms.byRegion, more: rollbackAlarms });
  }

  /** What the stack tells. @param now time of this update */
  outputs(now: Date): StackOutputs {
    const { config, deployed } = this.#args;
    const [{ services, loadBalancer }] = this.regions;
    const lock = lockRecord(config);
    return {
      release: releaseRecord(config.services, services, deployed, now),
      data: deployedData(config),
      rollout: config.rollout,
      ...(lock === undefined ? {} : { originLock: lock }),
      loadBalancerDnsName: loadBalancer.dnsName,
      trafficRules: Object.fromEntries(Object.entries(services).map(([name, { trafficObject }]) => [name, trafficObject])),
      sites: this.#sites,
      regions: Object.fromEntries(this.regions.map((region) => [region.name, regionOutputs(region)])),
      ...(this.#access === undefined ? {} : { access: this.#access }),
      ...(Object.keys(this.#backup).length === 0 ? {} : { backup: this.#backup }),
      ...(Object.keys(this.#dashboards).length === 0 ? {} : { dashboards: this.#dashboards }),
    };
  }
}
