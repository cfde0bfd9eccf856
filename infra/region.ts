/** Everything that one region of a stack holds. */

import { type Input, type Output, output, type ProviderResource } from "@pulumi/pulumi";
import { required } from "../components/byName.ts";
import { Certificate } from "../components/certificate/certificate.ts";
import type { OriginLock } from "../components/edge/originLock.ts";
import { EncryptionKey } from "../components/encryption/encryptionKey.ts";
import { ReadOnlyMode } from "../components/failover/readOnlyMode.ts";
import { LoadBalancer } from "../components/loadBalancer/loadBalancer.ts";
import { WeightedTargets } from "../components/loadBalancer/weightedTargets.ts";
import { Network } from "../components/network/network.ts";
import { Registry } from "../components/registry/registry.ts";
import { replicaArn } from "../components/secrets/secretReplicas.ts";
import type { Secrets } from "../components/secrets/secrets.ts";
import { Cluster } from "../components/service/cluster.ts";
import { Service } from "../components/service/service.ts";
import { LogBucket } from "../components/storage/logBucket.ts";
import type { Tags } from "../components/tags.ts";
import type { ClusterAccess } from "./config/clusterAccess.ts";
import { carriedServices, failsOver, readOnlyParameter, readOnlyVariable } from "./config/failover.ts";
import { secretPlace } from "./config/secrets.ts";
import type { StackConfig } from "./config/stack.ts";
import { ClusterServices } from "./kubernetes.ts";
import { originLockOf } from "./originLock.ts";
import { regionCode } from "./regionCode.ts";
import { RegionData } from "./regionData.ts";
import { type AppliedService, type DeployedRelease, idleColours } from "./release/deployedRelease.ts";
import { settingsFingerprint } from "./release/settingsFingerprint.ts";
import { declareSecrets } from "./secrets.ts";
import type { StandbyFoundation } from "./standbyFoundation.ts";

/** What a region is made from. */
interface RegionArgs {
  readonly config: StackConfig;
  /** AWS region. */
  readonly region: string;
  readonly tags: Tags;
  readonly providers: readonly ProviderResource[];
  /** What the last update left. @default nothing: a first update */
  readonly deployed?: DeployedRelease;
  /** How the stack's Kubernetes cluster is reached. @default it has none */
  readonly clusterAccess?: ClusterAccess | undefined;
  /** Services with a rollback that nobody has acknowledged. @default none */
  readonly latched?: readonly string[];
  /** Regions that keep copies of what is here. @default none */
  readonly copies?: readonly StandbyFoundation[];
  /** For a standby region: what is ready there, and the region that it stands by for. @default it is the primary */
  readonly standby?: { readonly foundation: StandbyFoundation; readonly of: Region };
}

/** One service on ECS as metrics, dashboards and functions name it. */
export interface EcsServiceNames {
  /** Target groups of both colours. */
  readonly targets: WeightedTargets["targets"];
  /** ARN of the rule whose weights move. */
  readonly ruleArn: Output<string>;
  /** ECS service names of the colours that run something. */
  readonly serviceNames: Service["serviceNames"];
  readonly logGroupName: Output<string>;
}

/** Network, way in, registry and services of one region; names start with the region's code. */
export class Region {
  /** AWS region. */
  readonly name: string;
  /** The stack's config as it is in this region. */
  readonly config: StackConfig;
  /** Key of the region's logs, images and parameters. */
  readonly keyArn: Output<string>;
  /** Keeps everybody but the edge away, where the edge does so. */
  readonly originLock: OriginLock | undefined;
  readonly network: Network;
  readonly loadBalancer: LoadBalancer;
  /** Known when the certificate is issued. */
  readonly certificateArn: Output<string>;
  /** What was made of each service. */
  readonly services: Readonly<Record<string, AppliedService>>;
  readonly data: RegionData;
  /** ECS cluster of the region's tasks. */
  readonly clusterName: Output<string>;
  /** Services of the region that run on ECS, as their metrics name them. */
  readonly ecsServices: Readonly<Record<string, EcsServiceNames>>;
  readonly registry: Registry;
  /** ARN of each declared secret, as it is in this region. */
  readonly secretArns: Readonly<Record<string, Input<string>>>;
  /** Secrets of the region; undefined when the stack names none. */
  readonly secrets: Secrets | undefined;

  constructor({ config, region, tags, providers, deployed = {}, clusterAccess, latched = [], copies = [], standby }: RegionArgs) {
    const { accountId } = config.aws;
    const { protect } = config;
    const code = regionCode(region);
    const opts = { providers: [...providers] };

    const key = new EncryptionKey(
      `${code}-logs-key`,
      {
        region,
        accountId,
        description: `${config.system} ${config.environment}: logs, images, parameters`,
        users: ["logs"],
        protect,
        tags,
      },
      opts,
    );
    this.name = region;
    this.config = config;
    this.keyArn = key.arn;
    const lock = originLockOf(config, { region, tags, keyArn: key.arn }, opts);
    this.originLock = lock;
    this.network = new Network(
      `${code}-network`,
      {
        region,
        cidrBlock: config.network.cidr,
        zones: config.network.zones,
        natGateways: config.network.natGateways,
        gatewayEndpoints: config.network.gatewayEndpoints,
        interfaceEndpoints: config.network.interfaceEndpoints,
        flowLogs: { ...config.network.flowLogs, accountId, keyArn: key.arn },
        tags,
      },
      opts,
    );
    const certified = [config.loadBalancer.certificate.domain, ...config.loadBalancer.certificate.alternativeNames];
    const certificate = new Certificate(
      `${code}-certificate`,
      {
        region,
        domain: config.loadBalancer.certificate.domain,
        alternativeNames: config.loadBalancer.certificate.alternativeNames,
        zone: config.dns,
        ...(standby === undefined ? {} : { recordedElsewhere: { names: certified, by: standby.of.certificateArn } }),
        tags,
      },
      opts,
    );
    this.certificateArn = certificate.arn;
    const accessLogs = new LogBucket(
      `${code}-access-logs`,
      { region, accountId, retentionDays: config.loadBalancer.accessLogDays, protect, tags },
      opts,
    );
    this.loadBalancer = new LoadBalancer(
      `${code}-alb`,
      {
        region,
        vpcId: this.network.vpcId,
        subnetIds: this.network.subnetIds.public,
        certificateArn: certificate.arn,
        allowFrom: config.loadBalancer.allowFrom,
        allowPrefixLists: lock?.prefixLists,
        accessLogBucket: accessLogs.bucket,
        idleTimeoutSeconds: config.loadBalancer.idleTimeoutSeconds,
        deletionProtection: protect,
        tags,
      },
      { ...opts, dependsOn: [this.network] },
    );
    const registry = new Registry(
      `${code}-registry`,
      { region, repositories: config.registry.repositories, keyArn: key.arn, protect, tags },
      opts,
    );
    this.registry = registry;
    const secrets =
      standby === undefined ? declareSecrets({ config, region, tags, providers, ...secretKeys(copies) }) : standby.foundation.secrets;
    this.secretArns = { ...(standby === undefined ? {} : copiedSecrets(standby.of, region)), ...secrets?.arns };
    const mode = failsOver(config)
      ? new ReadOnlyMode(
          `${code}-read-only`,
          { region, parameterName: readOnlyParameter(config), readOnly: standby !== undefined, tags },
          opts,
        )
      : undefined;
    this.secrets = secrets;
    const cluster = new Cluster(`${code}-cluster`, { region, tags }, opts);

    const dataOf = standby === undefined ? undefined : { foundation: standby.foundation, of: standby.of.data, region: standby.of.name };
    this.data = new RegionData({ config, region, network: this.network, tags, providers, copies, standby: dataOf });
    const services: Record<string, AppliedService> = {};
    const ecsServices: Record<string, EcsServiceNames> = {};
    const modeOf = (name: string) => (mode !== undefined && carriedServices(config).includes(name) ? mode : undefined);
    for (const [name, service] of Object.entries(config.services)) {
      if (service.compute !== "ecs") continue;
      const { release } = service;
      const idle = idleColours(deployed, name);
      const repository = required(registry.repositories, service.repository, `repository of ${name}`);
      const weighted = new WeightedTargets(
        `${code}-${name}`,
        {
          region,
          vpcId: this.network.vpcId,
          listenerArn: this.loadBalancer.httpsListenerArn,
          ...service.route,
          port: service.port,
          healthCheck: service.healthCheck,
          live: release.live,
          candidateWeight: release.candidateWeight,
          stickinessSeconds: release.stickinessSeconds,
          liveOnly: latched.includes(name) && release.stickinessSeconds !== undefined && release.candidateWeight === 0,
          candidateHeader: config.loadBalancer.candidateHeader,
          originHeader: lock === undefined ? undefined : { name: lock.header, pattern: lock.pattern },
          drainSeconds: service.drainSeconds,
          tags: { ...tags, Service: name },
        },
        opts,
      );
      const made = new Service(
        `${code}-${name}`,
        {
          region,
          accountId,
          cluster,
          vpcId: this.network.vpcId,
          subnetIds: this.network.subnetIds.private,
          loadBalancer: this.loadBalancer,
          repository,
          port: service.port,
          cpu: service.cpu,
          memory: service.memory,
          architecture: service.architecture,
          user: service.user,
          writablePaths: service.writablePaths,
          command: service.command,
          livenessCommand: service.livenessCommand,
          environment: service.environment,
          secrets: this.#secretsOf(service.secrets, modeOf(name)),
          secretsKeyArn: secrets?.keyArn,
          keyArn: key.arn,
          egress: service.egress,
          connections: this.data.connectionsOf(service.connects),
          scaling: service.scaling,
          graceSeconds: service.healthCheck.graceSeconds,
          logRetentionDays: config.logs.retentionDays,
          route: weighted.rule,
          startAfter: [this.network],
          fingerprint: settingsFingerprint(service),
          colours: {
            blue: { ...release.blue, idle: idle.includes("blue"), targets: weighted.targets.blue },
            green: { ...release.green, idle: idle.includes("green"), targets: weighted.targets.green },
          },
          tags: { ...tags, Service: name },
        },
        opts,
      );
      const { serviceNames, logGroupName } = made;
      ecsServices[name] = { targets: weighted.targets, ruleArn: weighted.rule.arn, serviceNames, logGroupName };
      services[name] = { weights: weighted.applied, running: made.running, trafficObject: weighted.rule.arn };
    }
    const { cluster: given } = config.kubernetes;
    if (given !== undefined && clusterAccess !== undefined) {
      const { repositories } = registry;
      Object.assign(services, new ClusterServices({ config, cluster: given, access: clusterAccess, code, repositories }).applied);
    }
    this.services = services;
    this.ecsServices = ecsServices;
    this.clusterName = cluster.name;
  }

  /** ARN of what a service reads at start, by variable: its own secrets and, where regions fail over, whether it may write. */
  #secretsOf(secrets: Readonly<Record<string, string>>, mode: ReadOnlyMode | undefined): Record<string, Input<string>> {
    const arnOf = (reference: string) =>
      secretPlace(this.config, reference).arn ?? required(this.secretArns, reference, "entry of Secrets Manager");
    const own = Object.entries(secrets).map(([variable, reference]) => [variable, arnOf(reference)] as const);
    return { ...Object.fromEntries(own), ...(mode === undefined ? {} : { [readOnlyVariable]: mode.arn }) };
  }
}

/** Keys of the regions that keep copies of the secrets. */
function secretKeys(copies: readonly StandbyFoundation[]): { replicaKeys?: Record<string, Output<string>> } {
  const keys = copies.flatMap(({ region, secrets }) => (secrets === undefined ? [] : [[region, secrets.keyArn] as const]));
  return keys.length === 0 ? {} : { replicaKeys: Object.fromEntries(keys) };
}

/** ARNs of the copies that Secrets Manager keeps of another region's entries. */
function copiedSecrets({ secretArns }: Region, region: string): Record<string, Output<string>> {
  return Object.fromEntries(Object.entries(secretArns).map(([name, arn]) => [name, output(arn).apply((own) => replicaArn(own, region))]));
}
