/** Rules between host names: whose they are, what the certificate covers, what their records lead to, and where two would meet. */
import { type BrokenRule, broken, type Change, showValue } from "../../contract/rule.ts";
import { isIpv4 } from "../../edge/recordTarget.ts";
import { regionHost } from "../contract/failover.ts";
import {
  backendHost,
  gatewayAddress,
  hostsOf,
  hostsOn,
  proxiedHosts,
  recordedHosts,
  siteHosts,
  writesRecords,
} from "../contract/hostRecords.ts";
import { certifiedNames, coveringName, isCovered, isInZone, starAbove, universalNames } from "../contract/hosts.ts";
import type { PartialStackConfig, StackConfig } from "../contract.ts";

type Site = StackConfig["sites"][string];

/** Everything wrong with the hosts of services and sites. */
export function hostsRules(config: PartialStackConfig): BrokenRule[] {
  return [...placeholders(config), ...certificateCovers(config), ...namesInZone(config), ...recordRules(config)];
}

/** Hosts that the seeds use as stand-ins and that belong to somebody else. */
const placeholderHosts = /(^|\.)(yourdomain\.com|your-custom-domain\.com|your-app\.vercel\.app|your-backend\.onrender\.com|example\.com)$/;

function placeholders({ dns, loadBalancer, services }: PartialStackConfig): BrokenRule[] {
  const hosts: [readonly (string | number)[], string][] = [];
  if (dns !== undefined) hosts.push([["dns", "zone"], dns.zone]);
  if (loadBalancer !== undefined) {
    const { domain, alternativeNames } = loadBalancer.certificate;
    hosts.push([["loadBalancer", "certificate", "domain"], domain]);
    for (const [index, name] of alternativeNames.entries()) hosts.push([["loadBalancer", "certificate", "alternativeNames", index], name]);
  }
  for (const [name, service] of Object.entries(services ?? {})) {
    for (const [index, host] of service.route.hosts.entries()) hosts.push([["services", name, "route", "hosts", index], host]);
  }
  return hosts.flatMap(([path, host]) =>
    placeholderHosts.test(host)
      ? [{ path, found: `is ${showValue(host)}, a placeholder that belongs to somebody else`, allowed: "a domain of your own" }]
      : [],
  );
}

function certificateCovers({ dns, loadBalancer, services }: PartialStackConfig): BrokenRule[] {
  if (loadBalancer === undefined || services === undefined) return [];
  const { alternativeNames } = loadBalancer.certificate;
  return Object.entries(services).flatMap(([service, { route, compute }]) =>
    route.hosts.flatMap((host, index) =>
      // The gateway of a cluster has certificates of its own.
      compute === "kubernetes" || isCovered({ loadBalancer }, host)
        ? []
        : broken({
            path: ["services", service, "route", "hosts", index],
            found: `is ${showValue(host)}, which the certificate does not cover`,
            allowed: `a host under ${certifiedNames({ loadBalancer }).join(" or ")}`,
            ...(dns !== undefined && isInZone(host, dns.zone)
              ? { fix: { path: ["loadBalancer", "certificate", "alternativeNames", alternativeNames.length], value: host } }
              : {}),
          }),
    ),
  );
}

/** A certificate is validated by records in the stack's own zone, so every name on it has to be in there. */
function namesInZone({ dns, loadBalancer }: PartialStackConfig): BrokenRule[] {
  if (dns === undefined || loadBalancer === undefined) return [];
  const { domain, alternativeNames } = loadBalancer.certificate;
  const at = ["loadBalancer", "certificate"];
  const names: [readonly (string | number)[], string][] = [
    [[...at, "domain"], domain],
    ...alternativeNames.map((name, index): [readonly (string | number)[], string] => [[...at, "alternativeNames", index], name]),
  ];
  return names.flatMap(([path, name]) => {
    return isInZone(name, dns.zone)
      ? []
      : broken({
          path,
          found: `is ${showValue(name)}, outside the zone ${dns.zone}`,
          allowed: `a name in ${dns.zone}, where its validation record is written`,
        });
  });
}

/** What is wrong between the records that a stack writes. */
function recordRules(config: PartialStackConfig): BrokenRule[] {
  // An area that is bad tells its own problems, and nothing can be said about the records.
  const { dns, edge, services, sites, kubernetes } = config;
  if ([dns, edge, services, sites, kubernetes].includes(undefined)) return [];
  return [
    ...twoPlaces(config),
    ...topOfZone(config),
    ...hiddenServices(config),
    ...unreachableBackends(config),
    ...takenHealthHost(config),
    ...uncertifiedAtCloudflare(config),
  ];
}

/** Without a block of its own the edge has a provider by default, which the block then has to name. */
function writeRecords({ edge }: PartialStackConfig): Change[] {
  const records: Change = { path: ["edge", "records"], value: true };
  return edge?.provider === "none" ? [{ path: ["edge", "provider"], value: "none" }, records] : [records];
}

/** A name leads to one place: the load balancer knows nothing of the cluster's services, and the gateway nothing of the others. */
function twoPlaces(config: PartialStackConfig): BrokenRule[] {
  const taken = new Set(hostsOn(config, "ecs"));
  return Object.entries(config.services ?? {}).flatMap(([name, { compute, route }]) =>
    compute !== "kubernetes" || !writesRecords(config)
      ? []
      : route.hosts.flatMap((host, index) =>
          taken.has(host)
            ? broken({
                path: ["services", name, "route", "hosts", index],
                found: `is ${showValue(host)}, which a service on ECS has too`,
                reason: "one name cannot lead to the load balancer and to the cluster's gateway",
                allowed: "a host that only services on kubernetes have",
              })
            : [],
        ),
  );
}

function topOfZone(config: PartialStackConfig): BrokenRule[] {
  const address = gatewayAddress(config);
  const { dns } = config;
  if (address === undefined || isIpv4(address) || dns?.provider !== "route53") return [];
  return recordedHosts(config).gateway.includes(dns.zone)
    ? broken({
        path: ["kubernetes", "cluster", "gateway", "address"],
        found: `is ${showValue(address)}, and the top of a Route 53 zone can hold no CNAME to it`,
        allowed: `an IPv4 address, or no service on kubernetes with the host ${dns.zone}`,
        fix: { path: ["kubernetes", "cluster", "gateway", "address"] },
      })
    : [];
}

/** Who shares a host with a site is reached through the site's distribution, or not at all. */
function hiddenServices({ sites, services }: PartialStackConfig): BrokenRule[] {
  const owners = new Map(Object.entries(services ?? {}).flatMap(([name, { route }]) => route.hosts.map((host) => [host, name] as const)));
  return Object.entries(sites ?? {}).flatMap(([name, site]) => {
    if (passesOn(site, services)) return [];
    return site.hosts.flatMap((host, index) => {
      const service = owners.get(host);
      if (service === undefined) return [];
      const external = site.origin.kind === "external" && site.origin.serve === "primary";
      return broken({
        path: ["sites", name, "hosts", index],
        found: `is ${showValue(host)}, a host of the service ${service} too`,
        reason: external ? "the external host answers that name, and the service would get no request" : "the service would get no request",
        allowed: `a host that no service has, or a backend of the site (sites.${name}.backend) that has the host, behind CloudFront`,
      });
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
function unreachableBackends(config: PartialStackConfig): BrokenRule[] {
  const { sites, services, dns } = config;
  const { loadBalancer, gateway } = recordedHosts(config);
  const recorded = [...loadBalancer, ...gateway];
  return Object.entries(sites ?? {}).flatMap(([name, { hosts, backend }]): BrokenRule[] => {
    const service = backend === undefined ? undefined : services?.[backend.service];
    if (backend === undefined || service === undefined || dns === undefined) return [];
    const path = ["sites", name, "backend", "service"];
    const asked = backendHost(service, hosts);
    const onCluster = service.compute === "kubernetes";
    if (asked === undefined)
      return onCluster
        ? broken({
            path,
            found: `is ${showValue(backend.service)}, which runs on kubernetes and has no host of its own`,
            reason: "CloudFront asks the load balancer for the site's own host, and the load balancer does not know the service",
            allowed: "a service with a host that the site does not have",
          })
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
function takenHealthHost(config: PartialStackConfig): BrokenRule[] {
  const { aws, edge, failover, loadBalancer } = config;
  if (aws === undefined || failover === undefined || loadBalancer === undefined || edge?.provider !== "cloudflare") return [];
  const host = regionHost({ aws, failover, loadBalancer }, aws.region);
  if (!edge.origin.lock || !edge.origin.healthChecks || ![...hostsOf(config), ...siteHosts(config)].includes(host)) return [];
  return broken({
    path: ["edge", "origin", "healthChecks"],
    found: `is true, and ${host} is a host of a service or a site already`,
    allowed: "false, or a name that nothing else has",
    fix: { path: ["edge", "origin", "healthChecks"], value: false },
  });
}

/** A host that Cloudflare answers needs a certificate there, whatever the load balancer has. */
function uncertifiedAtCloudflare(config: PartialStackConfig): BrokenRule[] {
  const { dns, edge, services, sites } = config;
  if (dns?.provider !== "cloudflare") return [];
  const declared = edge?.provider === "cloudflare" ? edge.certificateNames : [];
  const names = [...universalNames(dns.zone), ...declared];
  const bare = new Set(proxiedHosts(config).filter((host) => isInZone(host, dns.zone) && coveringName(names, host) === undefined));
  const lacking = [...new Set([...bare].map(starAbove))];
  const places: [path: readonly (string | number)[], hosts: readonly string[], site?: string][] = [
    ...Object.entries(services ?? {}).map(([name, { route }]): [string[], readonly string[]] => [["services", name, "route"], route.hosts]),
    ...Object.entries(sites ?? {}).map(([name, { hosts }]): [string[], readonly string[], string] => [["sites", name], hosts, name]),
  ];
  return places.flatMap(([path, hosts, site]) =>
    hosts.flatMap((host, index) => {
      if (!bare.has(host) || (site !== undefined && !sites?.[site]?.proxied)) return [];
      const fix = { path: ["edge", "certificateNames", declared.length + lacking.indexOf(starAbove(host))], value: starAbove(host) };
      return broken({
        path: [...path, "hosts", index],
        found: `is ${showValue(host)}, and Cloudflare has no certificate for it`,
        reason: `its universal one covers ${universalNames(dns.zone).join(" and ")}, and browsers would refuse the host`,
        allowed: "a host one level below the zone, or a name in edge.certificateNames when the zone has an advanced certificate with it",
        ...(edge?.provider !== "cloudflare" ? { fix: { path: ["sites", site ?? "", "proxied"], value: false } } : { fix }),
      });
    }),
  );
}
