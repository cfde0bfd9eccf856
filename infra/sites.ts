/** Static sites of a stack: certificates in CloudFront's region, one key, one component a site. */
import type { Output } from "@pulumi/pulumi";
import { required } from "../components/byName.ts";
import { Certificate } from "../components/certificate/certificate.ts";
import type { ValidationRecords } from "../components/certificate/validationRecords.ts";
import type { RecordTarget } from "../components/edge/recordTarget.ts";
import { EncryptionKey } from "../components/encryption/encryptionKey.ts";
import { backendHost } from "../components/environment/contract/hostRecords.ts";
import type { Backend } from "../components/staticSite/distribution.ts";
import { cloudFrontRegion } from "../components/staticSite/siteLogs.ts";
import { StaticSite } from "../components/staticSite/staticSite.ts";
import type { StackConfig } from "./config/stack.ts";
import type { Here } from "./here.ts";

/** What the sites are made from. */
interface SitesArgs extends Here {
  /** Name of the load balancer that answers for the services. */
  readonly loadBalancerDnsName: Output<string>;
  /** Validation records of all the stack's certificates. */
  readonly validation: ValidationRecords;
}

type SiteConfig = StackConfig["sites"][string];

/** Outputs of one site. */
export interface SiteOutputs {
  /** Where builds are uploaded. */
  readonly bucket: Output<string>;
  readonly distributionId: Output<string>;
  readonly domainName: Output<string>;
}

/** What becomes of the sites. */
interface Sites {
  /** By site. */
  readonly outputs: Readonly<Record<string, SiteOutputs>>;
  /** What the record of each host leads to. */
  readonly targets: Readonly<Record<string, RecordTarget>>;
}

/** Declares every site. Its records are the edge's: a host may pass from a service to a site. */
export function declareSites({ config, place, ...stack }: SitesArgs): Sites {
  if (Object.keys(config.sites).length === 0) return { outputs: {}, targets: {} };
  const key = place.make(EncryptionKey, place.names.global("sites-key"), {
    description: place.title("static sites"),
    users: ["cloudfront"],
  });
  const sites = Object.entries(config.sites).map(([name, site]) => {
    const [main = "", ...others] = site.hosts;
    const certificate = place.in(cloudFrontRegion).make(Certificate, place.names.global(`site-${name}-certificate`), {
      domain: main,
      alternativeNames: others,
      zone: config.dns,
      records: stack.validation,
    });
    const made = place.tagged({ Site: name }).make(StaticSite, place.names.global(`site-${name}`), {
      ...site,
      zone: config.dns,
      records: "elsewhere",
      certificateArn: certificate.arn,
      backend: backendOf(config, site, stack.loadBalancerDnsName),
      apiHosts: apiHosts(config),
      keyArn: key.arn,
    });
    return [name, made] as const;
  });
  return {
    outputs: Object.fromEntries(
      sites.map(([name, { bucket, distributionId, domainName }]) => [name, { bucket, distributionId, domainName }]),
    ),
    targets: Object.assign({}, ...sites.map(([, { targets }]) => targets)),
  };
}

/** Hosts that the stack's services answer, which the sites' code may call. */
export function apiHosts({ services }: Pick<StackConfig, "services">): string[] {
  return [...new Set(Object.values(services).flatMap(({ route }) => route.hosts))].sort();
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
