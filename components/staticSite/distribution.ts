/** The CloudFront distribution of a site as data: origins, behaviours, error handling. Pure but for the outputs it is given. */
import type { DistributionArgs } from "@pulumi/aws/cloudfront/distribution.js";
import type { Input } from "@pulumi/pulumi";
import type { Given } from "../contract/accepted.ts";
import type { siteBackend } from "./contract.ts";

/** Where pages come from. */
export type PageOrigin =
  /** The bucket alone. */
  | { readonly kind: "bucket" }
  /** Another host; the bucket answers what it fails to. */
  | { readonly kind: "hostThenBucket"; readonly host: string };

/** Another origin for some paths. */
export type Backend = Given<typeof siteBackend> & {
  /** Host that requests are sent to; its certificate must cover it, or the site's host when that is forwarded. */
  readonly domainName: Input<string>;
  /** Send the site's own host name on, for a backend that routes by it; else the backend's. */
  readonly forwardHost: boolean;
};

/** What a distribution is made from. */
interface DistributionParts {
  readonly comment: string;
  readonly hosts: readonly string[];
  readonly certificateArn: Input<string>;
  readonly bucketDomainName: Input<string>;
  readonly accessControlId: Input<string>;
  /** Folder of the bucket that is served, without slashes at its ends. */
  readonly release: string;
  readonly pages: PageOrigin;
  readonly assetPaths: readonly string[];
  readonly backend: Required<Backend> | undefined;
  readonly notFoundPage: string | undefined;
  readonly priceClass: string;
  readonly pagePolicyId: Input<string>;
  readonly assetPolicyId: Input<string>;
  readonly headersPolicyId: Input<string>;
  /** ARN of the function for requests; undefined when nothing is rewritten. */
  readonly requestFunctionArn: Input<string> | undefined;
  readonly responseFunctionArn: Input<string>;
}

/** AWS's own policies, the same ids in every account. */
const managed = {
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  allViewer: "216adef6-5c7f-47e4-b989-5492eafa07d3",
  allViewerExceptHostHeader: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
} as const;

/**
 * Errors are not kept at the edge at all: CloudFront keeps them 10 seconds even where caching is off, and one user's 404 or
 * 403 from the API would be everybody's.
 */
const errorCodes = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/** Answers of the first origin that make CloudFront ask the second one (GET, HEAD and OPTIONS only). */
const failoverCodes = [500, 502, 503, 504];

const reading = ["GET", "HEAD", "OPTIONS"];
const everything = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

type Behaviour = DistributionArgs["defaultCacheBehavior"];

/** Path in the bucket that holds a release. */
function releasePath(release: string): string {
  return `/releases/${release}`;
}

/** Arguments of the distribution. */
export function distributionArgs(parts: DistributionParts): DistributionArgs {
  const { backend, pages } = parts;
  const pageOrigin = pages.kind === "bucket" ? "bucket" : "pages";
  const rewriting = parts.requestFunctionArn === undefined ? [] : [{ eventType: "viewer-request", functionArn: parts.requestFunctionArn }];
  const responding = { eventType: "viewer-response", functionArn: parts.responseFunctionArn };
  const common = {
    targetOriginId: pageOrigin,
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: reading,
    cachedMethods: ["GET", "HEAD"],
    compress: true,
    responseHeadersPolicyId: parts.headersPolicyId,
  };
  const defaultCacheBehavior: Behaviour = {
    ...common,
    cachePolicyId: parts.pagePolicyId,
    functionAssociations: [...rewriting, responding],
  };
  return {
    enabled: true,
    comment: parts.comment,
    aliases: [...parts.hosts],
    defaultRootObject: "index.html",
    httpVersion: "http2and3",
    isIpv6Enabled: true,
    priceClass: parts.priceClass,
    origins: origins(parts),
    originGroups:
      pages.kind === "bucket"
        ? []
        : [
            {
              originId: "pages",
              failoverCriteria: { statusCodes: failoverCodes },
              members: [{ originId: "host" }, { originId: "bucket" }],
            },
          ],
    defaultCacheBehavior,
    orderedCacheBehaviors: [
      // One behaviour for all of them: which comes first means nothing.
      ...[...(backend?.paths ?? [])].sort().map((pathPattern) => ({
        pathPattern,
        targetOriginId: "backend",
        viewerProtocolPolicy: "https-only",
        allowedMethods: everything,
        cachedMethods: ["GET", "HEAD"],
        compress: true,
        cachePolicyId: managed.cachingDisabled,
        originRequestPolicyId: backend?.forwardHost === true ? managed.allViewer : managed.allViewerExceptHostHeader,
        responseHeadersPolicyId: parts.headersPolicyId,
      })),
      ...parts.assetPaths.map((pathPattern) => ({
        ...common,
        pathPattern,
        cachePolicyId: parts.assetPolicyId,
        functionAssociations: [responding],
      })),
    ],
    customErrorResponses: errorCodes.map((errorCode) => ({
      errorCode,
      errorCachingMinTtl: 0,
      ...(errorCode === 404 && parts.notFoundPage !== undefined ? { responseCode: 404, responsePagePath: parts.notFoundPage } : {}),
    })),
    restrictions: { geoRestriction: { restrictionType: "none" } },
    viewerCertificate: { acmCertificateArn: parts.certificateArn, sslSupportMethod: "sni-only", minimumProtocolVersion: "TLSv1.2_2021" },
  };
}

function origins({ backend, pages, ...parts }: DistributionParts): DistributionArgs["origins"] {
  const encrypted = { httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] };
  return [
    {
      originId: "bucket",
      domainName: parts.bucketDomainName,
      originPath: releasePath(parts.release),
      originAccessControlId: parts.accessControlId,
    },
    ...(pages.kind === "bucket" ? [] : [{ originId: "host", domainName: pages.host, customOriginConfig: encrypted }]),
    ...(backend === undefined
      ? []
      : [
          {
            originId: "backend",
            domainName: backend.domainName,
            customOriginConfig: { ...encrypted, originReadTimeout: backend.readTimeoutSeconds, originKeepaliveTimeout: 60 },
          },
        ]),
  ];
}
