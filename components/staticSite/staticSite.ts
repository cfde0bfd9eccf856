/** A static site: files in a private bucket behind CloudFront, alone or as the backup of an external host. */
import { CachePolicy } from "@pulumi/aws/cloudfront/cachePolicy.js";
import { Distribution, type DistributionArgs } from "@pulumi/aws/cloudfront/distribution.js";
import { Function as EdgeFunction } from "@pulumi/aws/cloudfront/function.js";
import { OriginAccessControl } from "@pulumi/aws/cloudfront/originAccessControl.js";
import { ResponseHeadersPolicy, type ResponseHeadersPolicyArgs } from "@pulumi/aws/cloudfront/responseHeadersPolicy.js";
import type { BucketArgs } from "@pulumi/aws/s3/bucket.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";
import type { InAccount, Tagged } from "../regional.ts";
import type { Transform } from "../transform.ts";
import { type ContentSecurityPolicyArgs, contentSecurityPolicy, contentSecurityPolicyProblems } from "./contentSecurityPolicy.ts";
import { type Backend, distributionArgs, type PageOrigin } from "./distribution.ts";
import { SiteBucket } from "./siteBucket.ts";
import { SiteLogs } from "./siteLogs.ts";
import { SiteRecords, type SiteTarget, type SiteZone } from "./siteRecords.ts";
import { assetSeconds, type Fallback, requestFunction, responseFunction } from "./viewerFunctions.ts";

/** Who answers the site's hosts. The bucket and its distribution exist in every case. */
type SiteOrigin =
  /** CloudFront, from the bucket. */
  | { readonly kind: "s3-cloudfront" }
  /** Another host such as Vercel's, with CloudFront as its backup. */
  | {
      readonly kind: "external";
      /** Name that the host gives the site, for example `cname.vercel-dns.com`. */
      readonly host: string;
      /**
       * `primary`: DNS leads to the host. `backup`: DNS leads to CloudFront, which serves the bucket. `failover`: DNS leads to
       * CloudFront, which asks the host first and the bucket when the host fails.
       */
      readonly serve: "primary" | "backup" | "failover";
    };

/** Arguments of `StaticSite`. */
export interface StaticSiteArgs extends Tagged, InAccount {
  /** AWS region of the buckets. */
  readonly region: string;
  /** Host names of the site. */
  readonly hosts: readonly string[];
  readonly zone: SiteZone;
  /** Issued certificate in us-east-1 that covers the hosts. */
  readonly certificateArn: Input<string>;
  readonly origin: SiteOrigin;
  /** Build that is served: the folder `releases/<release>` of the bucket. @default "current" */
  readonly release?: string;
  /** What is served for a path without a file. @default "app" */
  readonly fallback?: Fallback;
  /** Page for files that are not there, for example `/404.html`; answers of a backend would be replaced by it too. @default the bare error */
  readonly notFoundPage?: string | undefined;
  /** Path patterns of files whose names change with their content, kept for a year at the edge. @default ["/assets/*"] */
  readonly assetPaths?: readonly string[];
  /** Another origin for some paths. @default none */
  readonly backend?: Backend | undefined;
  readonly contentSecurityPolicy: ContentSecurityPolicyArgs;
  /** Parts of the world that serve the site: 100 is North America and Europe, All everywhere. @default "PriceClass_100" */
  readonly priceClass?: "PriceClass_100" | "PriceClass_200" | "PriceClass_All";
  /** Days that access logs are kept, 1–3,650. @default 90 */
  readonly accessLogDays?: number;
  /** Customer key for the files; its policy must let CloudFront decrypt. */
  readonly keyArn: Input<string>;
  /** Refuse to delete the buckets and the distribution. @default false */
  readonly protect?: boolean;
  /** Changes to single children. @default none */
  readonly transform?: {
    readonly bucket?: Transform<BucketArgs>;
    readonly distribution?: Transform<DistributionArgs>;
    readonly headers?: Transform<ResponseHeadersPolicyArgs>;
  };
}

/** Everything wrong with plain arguments. */
export function staticSiteProblems(args: StaticSiteArgs): ArgumentProblem[] {
  const { hosts, release = "current", assetPaths = ["/assets/*"], backend, notFoundPage } = args;
  const problems = [
    ...outsideRange("accessLogDays", args.accessLogDays ?? 90, 1, 3650, "days"),
    ...contentSecurityPolicyProblems(args.contentSecurityPolicy),
  ];
  if (hosts.length === 0) problems.push({ propertyPath: "hosts", reason: "is empty; name at least one host" });
  if (!/^[\w.-]{1,64}$/.test(release))
    problems.push({ propertyPath: "release", reason: `is ${release}; give up to 64 letters, digits, dots, hyphens and underscores` });
  if (backend !== undefined) {
    problems.push(...outsideRange("backend.readTimeoutSeconds", backend.readTimeoutSeconds, 1, 60, "seconds"));
    if (notFoundPage !== undefined)
      problems.push({ propertyPath: "notFoundPage", reason: "would replace the backend's own 404 answers; leave one of the two out" });
  }
  const behaviours = assetPaths.length + (backend?.paths.length ?? 0);
  if (behaviours > 24)
    problems.push({ propertyPath: "assetPaths", reason: `and backend.paths are ${behaviours}; CloudFront takes 24 besides the default` });
  return problems;
}

/**
 * The bucket is read through an origin access control and by nobody else. Pages are checked at every use, assets are kept for
 * a year. A release is another folder of the bucket: going back is naming the one before.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class StaticSite extends Component {
  /** Bucket that builds are uploaded to, below `releases/<release>`. Known when CloudFront may read it. */
  readonly bucket: Output<string>;
  readonly distributionId: Output<string>;
  readonly distributionArn: Output<string>;
  /** CloudFront's own name of the site. */
  readonly domainName: Output<string>;

  constructor(name: string, args: StaticSiteArgs, opts?: ComponentResourceOptions) {
    super("slipway:staticSite:StaticSite", name, args, opts, staticSiteProblems(args));
    const { accountId, origin } = args;
    const protect = args.protect ?? false;
    const files = this.child(SiteBucket, `${name}-files`, {
      keyArn: args.keyArn,
      versionDays: 30,
      protect,
      transform: args.transform?.bucket,
    });
    const distribution = this.#distribution(name, args, files, protect);
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
      retentionDays: args.accessLogDays ?? 90,
      protect,
    });
    const target: SiteTarget =
      origin.kind === "external" && origin.serve === "primary"
        ? { kind: "host", host: origin.host }
        : { kind: "distribution", domainName: distribution.domainName, hostedZoneId: distribution.hostedZoneId };
    this.child(SiteRecords, name, { hosts: args.hosts, zone: args.zone, target });

    this.bucket = granted.apply(() => files.bucket);
    this.distributionId = distribution.id;
    this.distributionArn = distribution.arn;
    this.domainName = distribution.domainName;
    this.registerOutputs({ bucket: this.bucket, distributionId: this.distributionId, domainName: this.domainName });
  }

  #distribution(name: string, args: StaticSiteArgs, files: SiteBucket, protect: boolean): Distribution {
    const { origin, backend, hosts, fallback = "app" } = args;
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
      release: args.release ?? "current",
      pages,
      assetPaths: args.assetPaths ?? ["/assets/*"],
      backend,
      notFoundPage: args.notFoundPage,
      priceClass: args.priceClass ?? "PriceClass_100",
      // One second and not zero: with no caching at all CloudFront does not compress.
      pagePolicyId: this.#cachePolicy(`${name}-pages`, "Checked at the origin at every use", 0, 1).id,
      assetPolicyId: this.#cachePolicy(`${name}-assets`, "Kept for a year", assetSeconds, assetSeconds).id,
      headersPolicyId: this.#headers(name, args).id,
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

  #headers(name: string, args: StaticSiteArgs): ResponseHeadersPolicy {
    const override = true;
    return this.child(
      ResponseHeadersPolicy,
      name,
      {
        comment: `Security headers of ${name}`,
        securityHeadersConfig: {
          contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(args.contentSecurityPolicy), override },
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
