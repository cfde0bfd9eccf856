/** Everything that one region of a stack holds. */

import type { ProviderResource } from "@pulumi/pulumi";
import { Certificate } from "../components/certificate/certificate.ts";
import { EncryptionKey } from "../components/encryption/encryptionKey.ts";
import { LoadBalancer } from "../components/loadBalancer/loadBalancer.ts";
import { WeightedTargets } from "../components/loadBalancer/weightedTargets.ts";
import { Network } from "../components/network/network.ts";
import { Registry } from "../components/registry/registry.ts";
import { Cluster } from "../components/service/cluster.ts";
import { Service } from "../components/service/service.ts";
import { LogBucket } from "../components/storage/logBucket.ts";
import type { Tags } from "../components/tags.ts";
import type { StackConfig } from "./config/stack.ts";
import { regionCode } from "./regionCode.ts";

export interface RegionArgs {
  readonly config: StackConfig;
  /** AWS region. */
  readonly region: string;
  readonly tags: Tags;
  readonly providers: readonly ProviderResource[];
}

/** Network, way in, registry and services of one region; names start with the region's code. */
export class Region {
  readonly network: Network;
  readonly loadBalancer: LoadBalancer;
  readonly targets: Readonly<Record<string, WeightedTargets>>;
  readonly services: Readonly<Record<string, Service>>;

  constructor({ config, region, tags, providers }: RegionArgs) {
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
    this.network = new Network(
      `${code}-network`,
      {
        region,
        cidrBlock: config.network.cidr,
        zones: config.network.zones,
        natGateways: config.network.natGateways,
        gatewayEndpoints: config.network.gatewayEndpoints,
        interfaceEndpoints: config.network.interfaceEndpoints,
        flowLogs: { ...config.network.flowLogs, keyArn: key.arn },
        tags,
      },
      opts,
    );
    const certificate = new Certificate(
      `${code}-certificate`,
      {
        region,
        domain: config.loadBalancer.certificate.domain,
        alternativeNames: config.loadBalancer.certificate.alternativeNames,
        zone: config.dns,
        tags,
      },
      opts,
    );
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
        accessLogBucket: accessLogs.bucket,
        idleTimeoutSeconds: config.loadBalancer.idleTimeoutSeconds,
        deletionProtection: protect,
        tags,
      },
      opts,
    );
    const registry = new Registry(
      `${code}-registry`,
      { region, repositories: config.registry.repositories, keyArn: key.arn, protect, tags },
      opts,
    );
    const cluster = new Cluster(`${code}-cluster`, { region, tags }, opts);

    const targets: Record<string, WeightedTargets> = {};
    const services: Record<string, Service> = {};
    for (const [name, service] of Object.entries(config.services)) {
      const { release } = service;
      const repository = registry.repositories[service.repository];
      if (repository === undefined) continue; // config refuses a service without its repository
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
          candidateHeader: config.loadBalancer.candidateHeader,
          drainSeconds: service.drainSeconds,
          tags: { ...tags, Service: name },
        },
        opts,
      );
      services[name] = new Service(
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
          secrets: service.secrets,
          keyArn: key.arn,
          egress: service.egress,
          scaling: service.scaling,
          graceSeconds: service.healthCheck.graceSeconds,
          logRetentionDays: config.logs.retentionDays,
          route: weighted.rule,
          colours: {
            blue: { ...release.blue, targets: weighted.targets.blue },
            green: { ...release.green, targets: weighted.targets.green },
          },
          tags: { ...tags, Service: name },
        },
        opts,
      );
      targets[name] = weighted;
    }
    this.targets = targets;
    this.services = services;
  }
}
