/** Private bucket of a site: its files, or its access logs. */
import { Bucket, type BucketArgs } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import { type ComponentResourceOptions, type Input, interpolate, jsonStringify, type Output } from "@pulumi/pulumi";
import { onlyTls } from "../aws/policy.ts";
import { Component } from "../component.ts";
import type { Regional } from "../regional.ts";
import type { Transform } from "../transform.ts";

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
  /** Refuse to delete the bucket. A bucket with objects in it is never deleted by force. */
  readonly protect: boolean;
  /** Changes to the bucket itself. @default none */
  readonly transform?: Transform<BucketArgs> | undefined;
}

/** A bucket that nobody reaches without TLS or from the internet, versioned and encrypted. Access is given by `grant`. */
export class SiteBucket extends Component {
  readonly bucket: Output<string>;
  readonly arn: Output<string>;
  readonly regionalDomainName: Output<string>;
  readonly #name: string;
  readonly #region: string;
  readonly #closed: BucketPublicAccessBlock;

  constructor(name: string, args: SiteBucketArgs, opts?: ComponentResourceOptions) {
    super("slipway:staticSite:SiteBucket", name, args, opts);
    const { region } = args;
    const made = this.child(Bucket, name, {}, { transform: args.transform, protect: args.protect });
    const { bucket } = made;
    this.#closed = this.child(BucketPublicAccessBlock, name, {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    this.child(BucketOwnershipControls, name, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    const encryption =
      args.keyArn === undefined
        ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
        : { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.keyArn }, bucketKeyEnabled: true };
    this.child(BucketServerSideEncryptionConfiguration, name, { bucket, rules: [encryption] });
    const versioning = this.child(BucketVersioning, name, { bucket, versioningConfiguration: { status: "Enabled" } });
    this.child(
      BucketLifecycleConfiguration,
      name,
      {
        bucket,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "" },
            ...(args.expireDays === undefined ? {} : { expiration: { days: args.expireDays } }),
            noncurrentVersionExpiration: { noncurrentDays: args.versionDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      },
      { dependsOn: [versioning] },
    );
    this.#name = name;
    this.#region = region;
    this.bucket = bucket;
    this.arn = made.arn;
    this.regionalDomainName = made.bucketRegionalDomainName;
    this.registerOutputs({ bucket });
  }

  /** Writes the bucket's policy; called once. @returns the bucket's ARN, known when the policy is in place */
  grant(grants: readonly BucketGrant[]): Output<string> {
    const policy = this.child(
      BucketPolicy,
      this.#name,
      { region: this.#region, bucket: this.bucket, policy: bucketPolicy(this.arn, grants) },
      { dependsOn: [this.#closed] },
    );
    return policy.id.apply(() => this.arn);
  }
}

function bucketPolicy(arn: Output<string>, grants: readonly BucketGrant[]): Output<string> {
  return jsonStringify({
    Version: "2012-10-17",
    Statement: [
      onlyTls("TlsOnly", "s3", [arn, interpolate`${arn}/*`]),
      ...grants.map(({ sid, service, actions, on, condition }) => ({
        Sid: sid,
        Effect: "Allow",
        Principal: { Service: service },
        Action: actions,
        Resource: on.kind === "bucket" ? arn : interpolate`${arn}/${on.prefix}*`,
        Condition: condition,
      })),
    ],
  });
}
