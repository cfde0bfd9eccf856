/** DNS records of the services' hosts: which ones a stack writes, what each leads to, and where two would meet. */
import { isIpv4 } from "../../components/edge/recordTarget.ts";
import { hostsOf } from "./edgeChecks.ts";
import { regionHost } from "./failover.ts";
import { isInZone } from "./hosts.ts";
import { type Problem, removeCommand, setCommand, showValue } from "./problem.ts";
import type { PartialStackConfig, StackConfig } from "./stack.ts";

type Site = StackConfig["sites"][string];
type Service = StackConfig["services"][string];

/** Hosts whose records a stack writes, by what they lead to. */
interface RecordedHosts {
  /** Hosts of the services on ECS. */
  readonly loadBalancer: readonly string[];
  /** Hosts of the services on the cluster, when the address of its gateway is known. */
  readonly gateway: readonly string[];
}

/** Hosts that get a record of the edge. Those of sites are left out: a site writes its own. */
export function recordedHosts(config: PartialStackConfig): RecordedHosts {
  if (!writesRecords(config)) return { loadBalancer: [], gateway: [] };
  const ofSites = new Set(siteHosts(config));
  const of = (compute: Service["compute"]) => hostsOn(config, compute).filter((host) => !ofSites.has(host));
  return { loadBalancer: of("ecs"), gateway: gatewayAddress(config) === undefined ? [] : of("kubernetes") };
}

/** Every host of every static site. */
export function siteHosts({ sites }: PartialStackConfig): string[] {
  return Object.values(sites ?? {}).flatMap(({ hosts }) => hosts);
}

/** Everything wrong between the records that a stack writes. */
export function hostRecordProblems(config: PartialStackConfig): Problem[] {
  // An area that is bad tells its own problems, and nothing can be said about the records.
  const { dns, edge, services, sites, kubernetes } = config;
  if ([dns, edge, services, sites, kubernetes].includes(undefined)) return [];
  return [
    ...twoPlaces(config),
    ...topOfZone(config),
    ...hiddenServices(config),
    ...unreachableBackends(config),
    ...takenHealthHost(config),
  ];
}

function writesRecords({ edge }: PartialStackConfig): boolean {
  return edge?.records === true;
}

/** Without a block of its own the edge has a provider by default, which the block then has to name. */
function writeRecords({ edge }: PartialStackConfig): string {
  const records = setCommand(["edge", "records"], true);
  return edge?.provider === "none" ? [setCommand(["edge", "provider"], "none"), records].join("\n                     ") : records;
}

function gatewayAddress({ kubernetes }: PartialStackConfig): string | undefined {
  return kubernetes?.cluster?.gateway.address;
}

/** Hosts of the services that run there, in order. */
export function hostsOn({ services }: PartialStackConfig, compute: Service["compute"]): string[] {
  const running = Object.values(services ?? {}).filter((service) => service.compute === compute);
  return [...new Set(running.flatMap(({ route }) => route.hosts))].sort();
}

/** A name leads to one place: the load balancer knows nothing of the cluster's services, and the gateway nothing of the others. */
function twoPlaces(config: PartialStackConfig): Problem[] {
  const taken = new Set(hostsOn(config, "ecs"));
  return Object.entries(config.services ?? {}).flatMap(([name, { compute, route }]) =>
    compute !== "kubernetes" || !writesRecords(config)
      ? []
      : route.hosts.flatMap((host, index) =>
          taken.has(host)
            ? [
                {
                  path: ["services", name, "route", "hosts", index],
                  found: `is ${showValue(host)}, which a service on ECS has too`,
                  reason: "one name cannot lead to the load balancer and to the cluster's gateway",
                  allowed: "a host that only services on kubernetes have",
                },
              ]
            : [],
        ),
  );
}

function topOfZone(config: PartialStackConfig): Problem[] {
  const address = gatewayAddress(config);
  const { dns } = config;
  if (address === undefined || isIpv4(address) || dns?.provider !== "route53") return [];
  return recordedHosts(config).gateway.includes(dns.zone)
    ? [
        {
          path: ["kubernetes", "cluster", "gateway", "address"],
          found: `is ${showValue(address)}, and the top of a Route 53 zone can hold no CNAME to it`,
          allowed: `an IPv4 address, or no service on kubernetes with the host ${dns.zone}`,
          fix: removeCommand(["kubernetes", "cluster", "gateway", "address"]),
        },
      ]
    : [];
}

/** Who shares a host with a site is reached through the site's distribution, or not at all. */
function hiddenServices({ sites, services }: PartialStackConfig): Problem[] {
  const owners = new Map(Object.entries(services ?? {}).flatMap(([name, { route }]) => route.hosts.map((host) => [host, name] as const)));
  return Object.entries(sites ?? {}).flatMap(([name, site]) => {
    if (passesOn(site, services)) return [];
    return site.hosts.flatMap((host, index) => {
      const service = owners.get(host);
      if (service === undefined) return [];
      const external = site.origin.kind === "external" && site.origin.serve === "primary";
      return [
        {
          path: ["sites", name, "hosts", index],
          found: `is ${showValue(host)}, a host of the service ${service} too`,
          reason: external
            ? "the external host answers that name, and the service would get no request"
            : "the service would get no request",
          allowed: `a host that no service has, or a backend of the site (sites.${name}.backend) that has the host, behind CloudFront`,
        },
      ];
    });
  });
}

/** CloudFront answers the site's hosts and sends the backend's paths on with the host, so that the load balancer's rules meet it. */
function passesOn({ hosts, backend, origin }: Site, services: PartialStackConfig["services"]): boolean {
  const service = backend === undefined ? undefined : services?.[backend.service];
  const distributed = origin.kind !== "external" || origin.serve !== "primary";
  return distributed && service?.compute === "ecs" && service.route.hosts.some((host) => hosts.includes(host));
}

/** CloudFront asks a backend by a name of its own that somebody has to make. */
function unreachableBackends(config: PartialStackConfig): Problem[] {
  const { sites, services, dns } = config;
  const { loadBalancer, gateway } = recordedHosts(config);
  const recorded = [...loadBalancer, ...gateway];
  return Object.entries(sites ?? {}).flatMap(([name, { hosts, backend }]): Problem[] => {
    const service = backend === undefined ? undefined : services?.[backend.service];
    if (backend === undefined || service === undefined || dns === undefined) return [];
    const path = ["sites", name, "backend", "service"];
    const asked = backendHost(service, hosts);
    const onCluster = service.compute === "kubernetes";
    if (asked === undefined)
      return onCluster
        ? [
            {
              path,
              found: `is ${showValue(backend.service)}, which runs on kubernetes and has no host of its own`,
              reason: "CloudFront asks the load balancer for the site's own host, and the load balancer does not know the service",
              allowed: "a service with a host that the site does not have",
            },
          ]
        : [];
    if (recorded.includes(asked) || !isInZone(asked, dns.zone)) return [];
    const found = `is ${showValue(backend.service)}, and the stack writes no record for its host ${asked}` as const;
    return [
      onCluster && writesRecords(config)
        ? { path, found, allowed: "a service on kubernetes with kubernetes.cluster.gateway.address" }
        : {
            path,
            found,
            reason: `the zone is the stack's own; CloudFront would answer 502 where nobody makes the name`,
            allowed: "records of the services' hosts (edge.records), or a service whose rule has the site's host",
            fix: writeRecords(config),
          },
    ];
  });
}

/** The health checkers' name has a record of its own, which leads past the edge. */
function takenHealthHost(config: PartialStackConfig): Problem[] {
  const { aws, edge, failover, loadBalancer } = config;
  if (aws === undefined || failover === undefined || loadBalancer === undefined || edge?.provider !== "cloudflare") return [];
  const host = regionHost({ aws, failover, loadBalancer }, aws.region);
  if (!edge.origin.lock || !edge.origin.healthChecks || ![...hostsOf(config), ...siteHosts(config)].includes(host)) return [];
  return [
    {
      path: ["edge", "origin", "healthChecks"],
      found: `is true, and ${host} is a host of a service or a site already`,
      allowed: "false, or a name that nothing else has",
      fix: setCommand(["edge", "origin", "healthChecks"], false),
    },
  ];
}

/**
 * Host by which CloudFront asks a site's backend.
 * @returns undefined where it asks the load balancer, and sends the site's host on
 */
export function backendHost({ route }: Pick<Service, "route">, hosts: readonly string[]): string | undefined {
  const own = route.hosts.filter((host) => !host.startsWith("*."));
  return own.some((host) => hosts.includes(host)) ? undefined : own[0];
}
