/** What a standby region holds: the stack's config, as it is there. Pure. */
import { required } from "../../components/byName.ts";
import { carriedServices, standbys } from "../../components/environment/contract/failover.ts";
import { neededEndpoints } from "../../components/environment/contract/network.ts";
import type { StackConfig } from "./stack.ts";

type Standby = ReturnType<typeof standbys>[number];
type Service = StackConfig["services"][string];

/**
 * The stack's config for one standby region: the services that run everywhere and the stores that they use. A candidate gets no
 * traffic here, whatever its weight is in the primary; the live colour follows when the labels swap, which is when a rollout is
 * done. So no two regions run a canary at once.
 */
export function standbyConfig(config: StackConfig, standby: Standby): StackConfig {
  const names = carriedServices(config);
  const services = Object.fromEntries(
    names.map((name) => [name, standbyService(required(config.services, name, "service that fails over"), standby)] as const),
  );
  const used = (stores: (connects: Service["connects"]) => readonly string[]) =>
    new Set(Object.values(services).flatMap(({ connects }) => stores(connects)));
  const { region, cidr, zones, natGateways, flowLogTraffic } = standby;
  const { interfaceEndpoints = natGateways === "none" ? neededEndpoints({ ...config, services }) : [] } = standby;
  const flowLogs = { ...config.network.flowLogs, traffic: flowLogTraffic };
  return {
    ...config,
    aws: { ...config.aws, region },
    network: { ...config.network, cidr, zones, natGateways, interfaceEndpoints, flowLogs },
    services,
    kubernetes: { ...config.kubernetes, cluster: undefined },
    databases: only(
      config.databases,
      used(({ databases }) => databases),
    ),
    caches: only(
      config.caches,
      used(({ caches }) => caches),
    ),
    buckets: only(
      config.buckets,
      used(({ buckets }) => Object.keys(buckets)),
    ),
    fileSystems: {},
    autoRollback: {}, // a standby region serves the live colour only
    sites: {},
  };
}

/** The config of each region as it is there, the primary's first: that is the one that was given. */
export function regionalConfigs(config: StackConfig): readonly [StackConfig, ...StackConfig[]] {
  return [config, ...standbys(config).map((standby) => standbyConfig(config, standby))];
}

function standbyService(service: Service, { pilotTasks }: Standby): Service {
  const { release, scaling } = service;
  const minimum = pilotTasks ?? scaling.minimum;
  const colour = ({ image, capacity, minimumTasks }: typeof release.blue) => ({
    image,
    capacity,
    minimumTasks: pilotTasks === undefined ? minimumTasks : undefined,
  });
  return {
    ...service,
    scaling: { ...scaling, minimum },
    release: { ...release, candidateWeight: 0, blue: colour(release.blue), green: colour(release.green) },
  };
}

function only<T>(stores: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(stores).filter(([name]) => names.has(name)));
}
