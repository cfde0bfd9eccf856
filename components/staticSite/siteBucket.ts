/** Private bucket of a site: its files, or its access logs. */
import type { Bucket, BucketArgs } from "@pulumi/aws/s3/bucket.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output, type Resource } from "@pulumi/pulumi";
import { onlyTls, policyOf } from "../aws/policy.ts";
import { privateBucket } from "../aws/privateBucket.ts";
import { Component, type Regional, type Transform } from "../component.ts";

/** Who may use a bucket, as a statement of its policy. Resources are given by the bucket. */
interface BucketGrant {
  readonly sid: string;
  /** AWS service, for example `cloudfront.amazonaws.com`. */
  readonly service: string;
  readonly actions: readonly string[];
  /** What is granted: the bucket itself, or its objects below a prefix that ends with a slash (empty for all of them). */
  readonly on: { readonly kind: "bucket" } | { readonly kind: "objects"; readonly prefix: string };
  readonly condition: Readonly<Record<string, Readonly<Record<string, Input<string>>>>>;
}

/** Arguments of `SiteBucket`. */
export interface SiteBucketArgs extends Regional {
  /** Customer key; undefined for S3's own, where the writing service can use no other. */
  readonly keyArn: Input<string> | undefined;
  /** Days until an object is deleted. @default kept */
  readonly expireDays?: number | undefined;
  /** Days until a replaced or deleted version is gone. */
  readonly versionDays: number;
  /** Refuse to delete the bucket; otherwise it goes with what is in it. */
  readonly protect: boolean;
  /** Changes to the bucket itself. @default none */
  readonly transform?: Transform<BucketArgs> | undefined;
}

/** A bucket that nobody reaches without TLS or from the internet, versioned and encrypted. Access is given by `grant`. */
export class SiteBucket extends Component {
  /** The real resources. */
  readonly nodes: { readonly bucket: Bucket };
  readonly bucket: Output<string>;
  readonly arn: Output<string>;
  readonly regionalDomainName: Output<string>;
  readonly #name: string;
  readonly #closed: Resource;

  constructor(name: string, args: SiteBucketArgs, opts?: ComponentResourceOptions) {
    super("slipway:staticSite:SiteBucket", name, args, opts);
    const { keyArn, expireDays, versionDays, transform, protect } = args;
    const { made, closed } = privateBucket(this, name, {
      ...{ keyArn, transform, protect, emptied: true },
      lifecycle: {
        id: "expire",
        ...(expireDays === undefined ? {} : { expiration: { days: expireDays } }),
        noncurrentVersionExpiration: { noncurrentDays: versionDays },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    });
    this.#name = name;
    this.nodes = { bucket: made };
    this.#closed = closed;
    this.bucket = made.bucket;
    this.arn = made.arn;
    this.regionalDomainName = made.bucketRegionalDomainName;
    this.registerOutputs({ bucket: this.bucket });
  }

  /** Writes the bucket's policy; called once. @returns the bucket's ARN, known when the policy is in place */
  grant(grants: readonly BucketGrant[]): Output<string> {
    const policy = this.child(
      BucketPolicy,
      this.#name,
      { bucket: this.bucket, policy: bucketPolicy(this.arn, grants) },
      { dependsOn: [this.#closed] },
    );
    return policy.id.apply(() => this.arn);
  }
}

function bucketPolicy(arn: Output<string>, grants: readonly BucketGrant[]): Output<string> {
  return policyOf([
    onlyTls("TlsOnly", "s3", [arn, interpolate`${arn}/*`]),
    ...grants.map(({ sid, service, actions, on, condition }) => ({
      Sid: sid,
      Effect: "Allow",
      Principal: { Service: service },
      Action: actions,
      Resource: on.kind === "bucket" ? arn : interpolate`${arn}/${on.prefix}*`,
      Condition: condition,
    })),
  ]);
}
