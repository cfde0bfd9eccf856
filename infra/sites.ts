/** Static sites of a stack: certificates in CloudFront's region, one key, one component a site. */
import type { Output } from "@pulumi/pulumi";
import { required } from "../components/byName.ts";
import { Certificate } from "../components/certificate/certificate.ts";
import { EncryptionKey } from "../components/encryption/encryptionKey.ts";
import { backendHost } from "../components/environment/contract/hostRecords.ts";
import type { Backend } from "../components/staticSite/distribution.ts";
import { cloudFrontRegion } from "../components/staticSite/siteLogs.ts";
import type { SiteZone } from "../components/staticSite/siteRecords.ts";
import { StaticSite } from "../components/staticSite/staticSite.ts";
import type { StackConfig } from "./config/stack.ts";
import type { Here } from "./here.ts";

/** What the sites are made from. */
interface SitesArgs extends Here {
  /** Name of the load balancer that answers for the services. */
  readonly loadBalancerDnsName: Output<string>;
  /** ARN of the load balancer's certificate, whose validation records the sites' certificates share. */
  readonly loadBalancerCertificateArn: Output<string>;
}

type SiteConfig = StackConfig["sites"][string];

/** Outputs of one site. */
export interface SiteOutputs {
  /** Where builds are uploaded. */
  readonly bucket: Output<string>;
  readonly distributionId: Output<string>;
  readonly domainName: Output<string>;
}

/** Declares every site. @returns outputs by site */
export function declareSites({ config, place, ...stack }: SitesArgs): Record<string, SiteOutputs> {
  const names = Object.keys(config.sites);
  if (names.length === 0) return {};
  const key = place.make(EncryptionKey, place.names.global("sites-key"), {
    description: place.title("static sites"),
    users: ["cloudfront"],
  });
  const { domain, alternativeNames } = config.loadBalancer.certificate;
  return Object.fromEntries(
    Object.entries(config.sites).map(([name, site]) => {
      const [main = "", ...others] = site.hosts;
      const certificate = place.in(cloudFrontRegion).make(Certificate, place.names.global(`site-${name}-certificate`), {
        domain: main,
        alternativeNames: others,
        zone: config.dns,
        recordedElsewhere: { names: [domain, ...alternativeNames], by: stack.loadBalancerCertificateArn },
      });
      const { bucket, distributionId, domainName } = place.tagged({ Site: name }).make(StaticSite, place.names.global(`site-${name}`), {
        ...site,
        zone: zoneOf(config, site),
        certificateArn: certificate.arn,
        backend: backendOf(config, site, stack.loadBalancerDnsName),
        apiHosts: apiHosts(config),
        keyArn: key.arn,
      });
      return [name, { bucket, distributionId, domainName }];
    }),
  );
}

/** Hosts that the stack's services answer, which the sites' code may call. */
export function apiHosts({ services }: Pick<StackConfig, "services">): string[] {
  return [...new Set(Object.values(services).flatMap(({ route }) => route.hosts))].sort();
}

function zoneOf({ dns }: StackConfig, { proxied }: SiteConfig): SiteZone {
  return dns.provider === "cloudflare"
    ? { provider: "cloudflare", zoneId: dns.zoneId, proxied }
    : { provider: "route53", zoneId: dns.zoneId };
}

/**
 * A service that has the site's own host in its rule is reached at the load balancer with that host sent on; any other by its
 * own host.
 */
function backendOf(config: StackConfig, { backend, hosts }: SiteConfig, loadBalancerDnsName: Output<string>): Backend | undefined {
  if (backend === undefined) return undefined;
  const service = required(config.services, backend.service, "service behind a site");
  const { paths, readTimeoutSeconds } = backend;
  const asked = backendHost(service, hosts);
  return { domainName: asked ?? loadBalancerDnsName, forwardHost: asked === undefined, paths, readTimeoutSeconds };
}
