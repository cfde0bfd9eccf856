/** A static site: files in a private bucket behind CloudFront, alone or as the backup of an external host. */
import { CachePolicy } from "@pulumi/aws/cloudfront/cachePolicy.js";
import { Distribution, type DistributionArgs } from "@pulumi/aws/cloudfront/distribution.js";
import { Function as EdgeFunction } from "@pulumi/aws/cloudfront/function.js";
import { OriginAccessControl } from "@pulumi/aws/cloudfront/originAccessControl.js";
import { ResponseHeadersPolicy, type ResponseHeadersPolicyArgs } from "@pulumi/aws/cloudfront/responseHeadersPolicy.js";
import type { Bucket, BucketArgs } from "@pulumi/aws/s3/bucket.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component, type InAccount, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import type { dnsZone } from "../dns/contract.ts";
import { Records } from "../edge/records.ts";
import type { RecordTarget } from "../edge/recordTarget.ts";
import { contentSecurityPolicy, policyLengthProblems } from "./contentSecurityPolicy.ts";
import { staticSite } from "./contract.ts";
import { type Backend, distributionArgs, type PageOrigin } from "./distribution.ts";
import { SiteBucket } from "./siteBucket.ts";
import { SiteLogs } from "./siteLogs.ts";
import { assetSeconds, requestFunction, responseFunction } from "./viewerFunctions.ts";

/** Arguments of `StaticSite`, in the region of the buckets: those of its contract, and these. */
export interface StaticSiteArgs
  extends Omit<Given<typeof staticSite>, "backend">,
    Regional,
    InAccount,
    Transformable<{ bucket: BucketArgs; distribution: DistributionArgs; headers: ResponseHeadersPolicyArgs }> {
  /** DNS zone of the hosts. */
  readonly zone: Accepted<typeof dnsZone>;
  /** Who writes the hosts' records: the site, or somebody who takes `targets`. @default "own" */
  readonly records?: "own" | "elsewhere";
  /** Send requests through Cloudflare's network. @default false */
  readonly proxied?: boolean;
  /** Issued certificate in us-east-1 that covers the hosts. */
  readonly certificateArn: Input<string>;
  /** Another origin for some paths. @default none */
  readonly backend?: Backend | undefined;
  /** Hosts that the site's code calls over HTTPS and web sockets, for example `api.coinestate.io`. @default none */
  readonly apiHosts?: readonly string[];
  /** Customer key for the files; its policy must let CloudFront decrypt. */
  readonly keyArn: Input<string>;
  /** Refuse to delete the buckets and the distribution. @default false */
  readonly protect?: boolean;
}

/** What a site has when its arguments are good. */
type AcceptedSite = Omit<StaticSiteArgs, "backend"> &
  Omit<Accepted<typeof staticSite>, "backend"> & { readonly backend: Required<Backend> | undefined };

/**
 * The bucket is read through an origin access control and by nobody else. Pages are checked at every use, assets are kept for
 * a year. A release is another folder of the bucket: going back is naming the one before.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class StaticSite extends Component {
  /** The real resources. */
  readonly nodes: { readonly bucket: Bucket; readonly distribution: Distribution; readonly headers: ResponseHeadersPolicy };
  /** Bucket that builds are uploaded to, below `releases/<release>`. Known when CloudFront may read it. */
  readonly bucket: Output<string>;
  readonly distributionId: Output<string>;
  readonly distributionArn: Output<string>;
  /** CloudFront's own name of the site. */
  readonly domainName: Output<string>;
  /** What each host's record leads to. */
  readonly targets: Readonly<Record<string, RecordTarget>>;

  constructor(name: string, args: StaticSiteArgs, opts?: ComponentResourceOptions) {
    const { apiHosts = [], contentSecurityPolicy: sources = {} } = args;
    const given = accepted(name, staticSite, args, policyLengthProblems({ apiHosts, sources }));
    super("slipway:staticSite:StaticSite", name, args, opts);
    const { accountId, protect = false } = args;
    const { origin } = given;
    const backend = args.backend && given.backend && { ...args.backend, ...given.backend };
    const files = this.child(SiteBucket, `${name}-files`, {
      keyArn: args.keyArn,
      versionDays: 30,
      protect,
      transform: args.transform?.bucket,
    });
    const wanted = { ...args, ...given, backend };
    const headers = this.#headers(name, wanted);
    const distribution = this.#distribution(name, wanted, { files, headers, protect });
    const onlyThisDistribution = { StringEquals: { "aws:SourceArn": distribution.arn } };
    const service = "cloudfront.amazonaws.com";
    const granted = files.grant([
      { sid: "ReadFiles", service, actions: ["s3:GetObject"], on: { kind: "objects", prefix: "" }, condition: onlyThisDistribution },
      // Without it S3 answers 403 for a file that is not there. Nobody can list: the start page takes the place of the root.
      { sid: "TellMissingFromForbidden", service, actions: ["s3:ListBucket"], on: { kind: "bucket" }, condition: onlyThisDistribution },
    ]);
    this.child(SiteLogs, `${name}-logs`, {
      accountId,
      distributionArn: distribution.arn,
      retentionDays: given.accessLogDays,
      protect,
    });
    this.targets = Object.fromEntries(
      given.hosts.map((host) => [host, { ...targetOf(origin, distribution, host === args.zone.zone), proxied: args.proxied === true }]),
    );
    if (args.records !== "elsewhere")
      this.child(Records, `${name}-records`, { zone: args.zone, hosts: [...given.hosts], elsewhere: this.targets });

    this.nodes = { bucket: files.nodes.bucket, distribution, headers };
    this.bucket = granted.apply(() => files.bucket);
    this.distributionId = distribution.id;
    this.distributionArn = distribution.arn;
    this.domainName = distribution.domainName;
    this.registerOutputs({ bucket: this.bucket, distributionId: this.distributionId, domainName: this.domainName });
  }

  #distribution(
    name: string,
    args: AcceptedSite,
    { files, headers, protect }: { readonly files: SiteBucket; readonly headers: ResponseHeadersPolicy; readonly protect: boolean },
  ): Distribution {
    const { origin, backend, hosts, fallback } = args;
    const accessControl = this.child(OriginAccessControl, name, {
      description: `Reads the files of ${name}`,
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    const request =
      fallback === "none"
        ? undefined
        : this.#function(`${name}-request`, "Path to file", requestFunction(fallback, backend?.paths ?? [])).arn;
    const pages: PageOrigin =
      origin.kind === "external" && origin.serve === "failover" ? { kind: "hostThenBucket", host: origin.host } : { kind: "bucket" };
    const wanted = distributionArgs({
      comment: `${hosts.join(", ")}`.slice(0, 128),
      hosts,
      certificateArn: args.certificateArn,
      bucketDomainName: files.regionalDomainName,
      accessControlId: accessControl.id,
      release: args.release,
      pages,
      assetPaths: args.assetPaths,
      backend,
      notFoundPage: args.notFoundPage,
      priceClass: args.priceClass,
      // One second and not zero: with no caching at all CloudFront does not compress.
      pagePolicyId: this.#cachePolicy(`${name}-pages`, "Checked at the origin at every use", 0, 1).id,
      assetPolicyId: this.#cachePolicy(`${name}-assets`, "Kept for a year", assetSeconds, assetSeconds).id,
      headersPolicyId: headers.id,
      requestFunctionArn: request,
      responseFunctionArn: this.#function(`${name}-response`, "How long browsers keep a file", responseFunction()).arn,
    });
    return this.child(Distribution, name, wanted, { transform: args.transform?.distribution, protect });
  }

  #function(name: string, comment: string, code: string): EdgeFunction {
    return new EdgeFunction(name, { runtime: "cloudfront-js-2.0", comment, code, publish: true }, { parent: this });
  }

  #cachePolicy(name: string, comment: string, defaultTtl: number, maxTtl: number): CachePolicy {
    return this.child(CachePolicy, name, {
      comment,
      minTtl: 0,
      defaultTtl,
      maxTtl,
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: "none" },
        headersConfig: { headerBehavior: "none" },
        queryStringsConfig: { queryStringBehavior: "none" },
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
      },
    });
  }

  #headers(name: string, args: AcceptedSite): ResponseHeadersPolicy {
    const override = true;
    return this.child(
      ResponseHeadersPolicy,
      name,
      {
        comment: `Security headers of ${name}`,
        securityHeadersConfig: {
          contentSecurityPolicy: {
            contentSecurityPolicy: contentSecurityPolicy({ apiHosts: args.apiHosts ?? [], sources: args.contentSecurityPolicy }),
            override,
          },
          contentTypeOptions: { override },
          frameOptions: { frameOption: "DENY", override },
          referrerPolicy: { referrerPolicy: "origin-when-cross-origin", override },
          strictTransportSecurity: { accessControlMaxAgeSec: 63_072_000, includeSubdomains: true, preload: true, override },
          xssProtection: { protection: true, modeBlock: true, override },
        },
        customHeadersConfig: { items: [{ header: "X-DNS-Prefetch-Control", value: "on", override }] },
      },
      { transform: args.transform?.headers },
    );
  }
}

/**
 * Where an external host may serve, a CNAME leads to whoever does: the emergency switch changes one record in place. The top of a zone
 * can have none at Route 53, and cannot be switched.
 */
function targetOf(origin: Accepted<typeof staticSite>["origin"], { domainName, hostedZoneId }: Distribution, top: boolean): RecordTarget {
  if (origin.kind === "external" && origin.serve === "primary") return { alias: origin.host };
  if (origin.kind === "external" && !top) return { alias: domainName };
  return { distribution: domainName, distributionZoneId: hostedZoneId };
}
