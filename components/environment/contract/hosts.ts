/** Host names of a stack: what a certificate covers, what is in the zone, what leads to one region alone. Pure. */
import { regionCode } from "../regionCode.ts";

/** The part of a stack's config that says which names are its own. */
interface Certified {
  readonly loadBalancer: { readonly certificate: { readonly domain: string; readonly alternativeNames: readonly string[] } };
}

/** Every name on the load balancer's certificate. */
export function certifiedNames({ loadBalancer: { certificate } }: Certified): readonly string[] {
  return [certificate.domain, ...certificate.alternativeNames];
}

/** Whether the load balancer's certificate covers a host: by its own name, or by a wildcard one level above. */
export function isCovered(config: Certified, host: string): boolean {
  return coveringName(certifiedNames(config), host) !== undefined;
}

/** The name with a star that covers a host, which may have one itself. */
export function starAbove(host: string): string {
  return `*.${host.slice(host.indexOf(".") + 1)}`;
}

/** The name of a certificate that covers a host: a star stands for one label. @returns undefined when none does */
export function coveringName(names: readonly string[], host: string): string | undefined {
  return names.find((name) => name === host || name === starAbove(host));
}

/** Names on Cloudflare's universal certificate of a zone (Cloudflare, "Universal SSL: limitations"). */
export function universalNames(zone: string): readonly string[] {
  return [zone, `*.${zone}`];
}

/** Whether a host, or a wildcard, is the zone's own name or below it. */
export function isInZone(host: string, zone: string): boolean {
  return host.replace(/^\*\./, "") === zone || host.endsWith(`.${zone}`);
}

/** Domain of the stack's own names: production's `coinestate.io`, staging's `staging.coinestate.io`. */
export function ownDomain({ loadBalancer }: Certified): string {
  return loadBalancer.certificate.domain.replace(/^\*\./, "");
}

/** Name that leads straight to a region's load balancer, by default: below the stack's own domain, since stacks may share a zone. */
export function originHost(config: Certified, region: string): string {
  return `origin-${regionCode(region)}.${ownDomain(config)}`;
}
