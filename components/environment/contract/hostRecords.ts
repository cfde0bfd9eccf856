/** DNS records of the services' hosts: which ones a stack writes, and what each leads to. */
import type { PartialStackConfig, StackConfig } from "../contract.ts";

type Service = StackConfig["services"][string];

/** Hosts whose records a stack writes, by what they lead to. */
interface RecordedHosts {
  /** Hosts of the services on ECS. */
  readonly loadBalancer: readonly string[];
  /** Hosts of the services on the cluster, when the address of its gateway is known. */
  readonly gateway: readonly string[];
}

/** Hosts of services that get a record. Those that a site has too are left out: they lead to the site. */
export function recordedHosts(config: PartialStackConfig): RecordedHosts {
  if (!writesRecords(config)) return { loadBalancer: [], gateway: [] };
  const ofSites = new Set(siteHosts(config));
  const of = (compute: Service["compute"]) => hostsOn(config, compute).filter((host) => !ofSites.has(host));
  return { loadBalancer: of("ecs"), gateway: gatewayAddress(config) === undefined ? [] : of("kubernetes") };
}

/** Hosts that Cloudflare answers itself. */
export function proxiedHosts(config: PartialStackConfig): string[] {
  const { loadBalancer, gateway } = recordedHosts(config);
  const ofServices = config.edge?.provider === "cloudflare" ? [...loadBalancer, ...gateway] : [];
  const ofSites = Object.values(config.sites ?? {}).flatMap(({ proxied, hosts }) => (proxied ? hosts : []));
  return [...new Set([...ofServices, ...ofSites])].sort();
}

/** Every host of every static site. */
export function siteHosts({ sites }: PartialStackConfig): string[] {
  return Object.values(sites ?? {}).flatMap(({ hosts }) => hosts);
}

/** Whether the stack writes records of the services' hosts. */
export function writesRecords({ edge }: PartialStackConfig): boolean {
  return edge?.records === true;
}

/** Where the cluster's gateway is. @returns undefined where nobody knows yet */
export function gatewayAddress({ kubernetes }: PartialStackConfig): string | undefined {
  return kubernetes?.cluster?.gateway.address;
}

/** Hosts of the services that run there, in order. */
export function hostsOn({ services }: PartialStackConfig, compute: Service["compute"]): string[] {
  const running = Object.values(services ?? {}).filter((service) => service.compute === compute);
  return [...new Set(running.flatMap(({ route }) => route.hosts))].sort();
}

/**
 * Host by which CloudFront asks a site's backend.
 * @returns undefined where it asks the load balancer, and sends the site's host on
 */
export function backendHost({ route }: Pick<Service, "route">, hosts: readonly string[]): string | undefined {
  const own = route.hosts.filter((host) => !host.startsWith("*."));
  return own.some((host) => hosts.includes(host)) ? undefined : own[0];
}

/** Every host of every service, in order. */
export function hostsOf({ services }: PartialStackConfig): string[] {
  return [...new Set(Object.values(services ?? {}).flatMap(({ route }) => route.hosts))].sort();
}
