/** Everything that one region of a stack holds. */

import { type Input, type Output, output } from "@pulumi/pulumi";
import { required } from "../components/byName.ts";
import { Certificate } from "../components/certificate/certificate.ts";
import type { ValidationRecords } from "../components/certificate/validationRecords.ts";
import { type Colour, otherColour } from "../components/colours.ts";
import { Table } from "../components/database/table.ts";
import type { OriginLock } from "../components/edge/originLock.ts";
import { EncryptionKey } from "../components/encryption/encryptionKey.ts";
import { carriedServices, failsOver, readOnlyParameter, readOnlyVariable } from "../components/environment/contract/failover.ts";
import { secretPlace } from "../components/environment/contract/secrets.ts";
import type { Place } from "../components/environment/place.ts";
import { ReadOnlyMode } from "../components/failover/readOnlyMode.ts";
import type { CandidateSecret } from "../components/loadBalancer/candidateSecret.ts";
import { LoadBalancer } from "../components/loadBalancer/loadBalancer.ts";
import { WeightedTargets } from "../components/loadBalancer/weightedTargets.ts";
import { Network } from "../components/network/network.ts";
import { Registry } from "../components/registry/registry.ts";
import { releaseKey, releaseTableName } from "../components/release/item.ts";
import { replicaArn } from "../components/secrets/secretReplicas.ts";
import type { Secrets } from "../components/secrets/secrets.ts";
import { Cluster } from "../components/service/cluster.ts";
import { Service } from "../components/service/service.ts";
import { LogBucket } from "../components/storage/logBucket.ts";
import { candidateSecretOf } from "./candidateSecret.ts";
import type { ClusterAccess } from "./config/clusterAccess.ts";
import { registryOf } from "./config/configuredImages.ts";
import type { StackConfig } from "./config/stack.ts";
import type { Here } from "./here.ts";
import { ClusterServices } from "./kubernetes.ts";
import { originLockOf } from "./originLock.ts";
import { RegionData } from "./regionData.ts";
import {
  type AppliedService,
  beginsToStick,
  type DeployedRelease,
  deployedService,
  idleColours,
  isRolledBack,
  rollbackColour,
} from "./release/deployedRelease.ts";
import { type FollowedDeployments, nothingFollowed } from "./release/followedDeployments.ts";
import { settingsFingerprint } from "./release/settingsFingerprint.ts";
import { declareSecrets } from "./secrets.ts";
import type { StandbyFoundation } from "./standbyFoundation.ts";

/** What a region is made from. */
interface RegionArgs extends Here {
  /** Zones in which NAT gateways stand until this update, by AWS region. @default none does */
  readonly natZones?: Readonly<Record<string, string>>;
  /** The origin lock is not asked for before the next update. @default false */
  readonly locksLater?: boolean;
  /** Validation records of all the stack's certificates. */
  readonly validation: ValidationRecords;
  /** Services that are not declared, because their images are not there yet. @default none */
  readonly awaited?: readonly string[] | undefined;
  /** What the last update left. @default nothing: a first update */
  readonly deployed?: DeployedRelease;
  /** Time of this update. @default a standby, whose candidates have no traffic that could go back */
  readonly now?: Date;
  /** Deployments that this update's follow. @default none */
  readonly followed?: FollowedDeployments | undefined;
  /** How the stack's Kubernetes cluster is reached. @default it has none */
  readonly clusterAccess?: ClusterAccess | undefined;
  /** Services with a rollback that nobody has acknowledged. @default none */
  readonly latched?: readonly string[];
  /** Regions that keep copies of what is here. @default none */
  readonly copies?: readonly StandbyFoundation[];
  /** For a standby region: what is ready there, and the region that it stands by for. @default it is the primary */
  readonly standby?: { readonly foundation: StandbyFoundation; readonly of: StackRegion };
}

type EcsService = StackConfig["services"][string];

/** One service on ECS as metrics, dashboards and functions name it. */
export interface EcsServiceNames {
  /** Target groups of both colours. */
  readonly targets: WeightedTargets["targets"];
  /** ARN of the rule whose weights move. */
  readonly ruleArn: Output<string>;
  /** ECS service names of the colours that run something. */
  readonly serviceNames: Service["serviceNames"];
  readonly scaled: Service["scaled"];
  readonly logGroupName: Output<string>;
  readonly securityGroupId: Output<string>;
  readonly taskRoleName: Output<string>;
  /** Colour that a rollback takes everything from. */
  readonly candidate: Colour;
}

/** Network, way in, registry and services of one region; names start with the stack's and the region's code. */
export class StackRegion implements Here {
  /** AWS region. */
  readonly name: string;
  /** The stack's config as it is in this region. */
  readonly config: StackConfig;
  readonly place: Place;
  /** Key of the region's logs, images and parameters. */
  readonly keyArn: Output<string>;
  /** Keeps everybody but the edge away, where the edge does so. */
  readonly originLock: OriginLock | undefined;
  /** What reaches a colour by name; undefined where there is no service. */
  readonly candidateSecret: CandidateSecret | undefined;
  readonly network: Network;
  readonly loadBalancer: LoadBalancer;
  /** Known when the certificate is issued. */
  readonly certificateArn: Output<string>;
  /** What was made of each service. */
  readonly services: Readonly<Record<string, AppliedService>>;
  readonly data: RegionData;
  /** Table of release records; undefined where there is no service. */
  readonly records: Table["access"] | undefined;
  /** ECS cluster of the region's tasks. */
  readonly clusterName: Output<string>;
  readonly clusterArn: Output<string>;
  /** Services of the region that run on ECS, as their metrics name them. */
  readonly ecsServices: Readonly<Record<string, EcsServiceNames>>;
  /** Undefined where the images are those of another stack. */
  readonly registry: Registry | undefined;
  readonly #repositories: Readonly<Record<string, { readonly arn: Input<string>; readonly url: Input<string> }>>;
  /** ARN of each declared secret, as it is in this region. */
  readonly secretArns: Readonly<Record<string, Input<string>>>;
  /** Secrets of the region; undefined when the stack names none. */
  readonly secrets: Secrets | undefined;

  constructor(args: RegionArgs) {
    const { config, place, copies = [], standby } = args;
    const { region, names } = place;
    const key = place.make(EncryptionKey, names.regional("logs-key"), {
      description: place.title("logs, images, parameters"),
      users: ["logs"],
    });
    this.name = region;
    this.config = config;
    this.place = place;
    this.keyArn = key.arn;
    this.originLock = originLockOf(args, key.arn);
    this.candidateSecret = candidateSecretOf(args, key.arn);
    const { cidr, ...network } = config.network;
    const natZone = args.natZones?.[region];
    this.network = place.make(Network, names.regional("network"), { ...network, cidrBlock: cidr, natZone, keyArn: key.arn });
    this.certificateArn = this.#certificate(args);
    this.loadBalancer = this.#balancer();
    const { from, ...registry } = config.registry;
    this.registry = from === undefined ? place.make(Registry, names.regional("registry"), { ...registry, keyArn: key.arn }) : undefined;
    this.#repositories = this.registry?.repositories ?? foreignRepositories(config);
    this.secrets = standby === undefined ? declareSecrets(args, secretKeys(copies)) : standby.foundation.secrets;
    this.secretArns = { ...(standby === undefined ? {} : copiedSecrets(standby.of, region)), ...this.secrets?.arns };
    const mode = failsOver(config)
      ? place.make(ReadOnlyMode, names.regional("read-only"), { parameterName: readOnlyParameter(config), readOnly: standby !== undefined })
      : undefined;
    const cluster = place.make(Cluster, names.regional("cluster"), {});
    const dataOf = standby === undefined ? undefined : { foundation: standby.foundation, of: standby.of.data, region: standby.of.name };
    this.data = new RegionData({ config, place, network: this.network, copies, standby: dataOf });
    this.records = this.#recordTable();
    const services: Record<string, AppliedService> = {};
    const ecsServices: Record<string, EcsServiceNames> = {};
    for (const [name, service] of Object.entries(config.services)) {
      if (service.compute !== "ecs" || args.awaited?.includes(name) === true) continue;
      const targets = this.#targets(name, service, args);
      const { rule, applied } = targets;
      const { running, serviceNames, scaled, logGroupName, securityGroupId, taskRoleName } = this.#service(
        name,
        service,
        targets,
        cluster,
        mode,
        args,
      );
      const candidate = otherColour(rollbackColour(service.release, deployedService(args.deployed ?? {}, name)));
      const named = { serviceNames, scaled, logGroupName, securityGroupId, taskRoleName, candidate };
      ecsServices[name] = { targets: targets.targets, ruleArn: rule.arn, ...named };
      services[name] = { weights: applied, running, trafficObject: rule.arn };
    }
    Object.assign(services, this.#onCluster(args));
    this.services = services;
    this.ecsServices = ecsServices;
    this.clusterName = cluster.name;
    this.clusterArn = cluster.arn;
  }

  /** Services that run on the stack's Kubernetes cluster. */
  #onCluster({ config, place, clusterAccess, deployed }: RegionArgs): Readonly<Record<string, AppliedService>> {
    const { cluster } = config.kubernetes;
    if (cluster === undefined || clusterAccess === undefined) return {};
    const reached = { cluster, access: clusterAccess, candidateSecret: this.candidateSecret?.value };
    return new ClusterServices({ config, ...reached, place, repositories: this.#repositories, deployed }).applied;
  }

  #recordTable(): Table["access"] | undefined {
    if (Object.keys(this.config.services).length === 0) return undefined;
    const { place, keyArn } = this;
    return place.make(Table, place.names.regional(releaseTableName), { keyArn, partitionKey: { name: releaseKey, type: "S" } }).access;
  }

  /** ARN of the certificate. */
  #certificate({ config, place, validation }: RegionArgs): Output<string> {
    const { certificate } = config.loadBalancer;
    return place.make(Certificate, place.names.regional("certificate"), { ...certificate, zone: config.dns, records: validation }).arn;
  }

  #balancer(): LoadBalancer {
    const { loadBalancer, protect } = this.config;
    const { names } = this.place;
    const accessLogs = this.place.make(LogBucket, names.regional("access-logs"), { retentionDays: loadBalancer.accessLogDays });
    return this.place.make(LoadBalancer, names.regional("alb"), {
      ...loadBalancer,
      network: this.network,
      certificateArn: this.certificateArn,
      allowPrefixLists: this.originLock?.prefixLists,
      accessLogBucket: accessLogs.bucket,
      deletionProtection: protect,
    });
  }

  /** Target groups of a service's colours, and the rule whose weights move. */
  #targets(name: string, service: EcsService, { latched = [], deployed = {}, locksLater = false, now }: RegionArgs): WeightedTargets {
    const { release, route, port, drainSeconds } = service;
    const { graceSeconds, ...healthCheck } = service.healthCheck;
    const { live, candidateWeight, stickinessSeconds } = release;
    const { originLock: lock } = this;
    const before = deployedService(deployed, name);
    const leaves = latched.includes(name) || (now !== undefined && isRolledBack(release, before, now));
    return this.place.tagged({ Service: name }).make(WeightedTargets, this.place.names.regional(name), {
      ...{ route, port, healthCheck, drainSeconds, live, candidateWeight, stickinessSeconds },
      network: this.network,
      loadBalancer: this.loadBalancer,
      liveOnly: leaves && stickinessSeconds !== undefined && candidateWeight === 0,
      ruleSticksFirst: beginsToStick(release, before),
      candidateHeader: this.config.loadBalancer.candidateHeader,
      candidateSecret: this.candidateSecret?.value,
      originHeader: lock === undefined || locksLater ? undefined : { name: lock.header, pattern: lock.pattern },
    });
  }

  #service(
    name: string,
    service: EcsService,
    targets: WeightedTargets,
    cluster: Cluster,
    mode: ReadOnlyMode | undefined,
    { deployed = {}, followed = nothingFollowed }: RegionArgs,
  ): Service {
    const { config } = this;
    const full = this.place.names.regional(name);
    return this.place.tagged({ Service: name }).make(Service, full, {
      ...service,
      cluster,
      network: this.network,
      loadBalancer: this.loadBalancer,
      repository: required(this.#repositories, service.repository, `repository of ${name}`),
      secrets: this.#secretsOf(service.secrets, mode !== undefined && carriedServices(config).includes(name) ? mode : undefined),
      secretsKeyArn: this.secrets?.keyArn,
      keyArn: this.keyArn,
      connections: this.data.connectionsOf(service.connects),
      graceSeconds: service.healthCheck.graceSeconds,
      logRetentionDays: config.logs.retentionDays,
      fingerprint: settingsFingerprint(service),
      targets,
      idle: idleColours(deployed, name),
      follows: { blue: followed.ids.get(`${full}-blue`), green: followed.ids.get(`${full}-green`) },
      partly: followed.partly,
    });
  }

  /** ARN of what a service reads at start, by variable: its own secrets and, where regions fail over, whether it may write. */
  #secretsOf(secrets: Readonly<Record<string, string>>, mode: ReadOnlyMode | undefined): Record<string, Input<string>> {
    const arnOf = (reference: string) =>
      secretPlace(this.config, reference).arn ?? required(this.secretArns, reference, "entry of Secrets Manager");
    const own = Object.entries(secrets).map(([variable, reference]) => [variable, arnOf(reference)] as const);
    return { ...Object.fromEntries(own), ...(mode === undefined ? {} : { [readOnlyVariable]: mode.arn }) };
  }
}

/** Repositories of another stack, by what its config and this one agree on: their names. */
function foreignRepositories(config: StackConfig): Record<string, { readonly arn: string; readonly url: string }> {
  const { account, region } = registryOf(config);
  const names = Object.values(config.services).map(({ repository }) => repository);
  const place = (name: string) => ({
    arn: `arn:aws:ecr:${region}:${account}:repository/${name}`,
    url: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
  });
  return Object.fromEntries(names.map((name) => [name, place(name)]));
}

/** Keys of the regions that keep copies of the secrets. */
function secretKeys(copies: readonly StandbyFoundation[]): { replicaKeys?: Record<string, Output<string>> } {
  const keys = copies.flatMap(({ region, secrets }) => (secrets === undefined ? [] : [[region, secrets.keyArn] as const]));
  return keys.length === 0 ? {} : { replicaKeys: Object.fromEntries(keys) };
}

/** ARNs of the copies that Secrets Manager keeps of another region's entries. */
function copiedSecrets({ secretArns }: StackRegion, region: string): Record<string, Output<string>> {
  return Object.fromEntries(Object.entries(secretArns).map(([name, arn]) => [name, output(arn).apply((own) => replicaArn(own, region))]));
}
