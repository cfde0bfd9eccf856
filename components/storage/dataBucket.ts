/** Bucket for a system's own data. */
import type { Bucket, BucketArgs } from "@pulumi/aws/s3/bucket.js";
import { BucketCorsConfiguration } from "@pulumi/aws/s3/bucketCorsConfiguration.js";
import { BucketObjectLockConfiguration } from "@pulumi/aws/s3/bucketObjectLockConfiguration.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output, output } from "@pulumi/pulumi";
import { onlyTls, policyOf } from "../aws/policy.ts";
import { privateBucket } from "../aws/privateBucket.ts";
import { Component, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import { BucketReplication, type ReplicationTarget } from "./bucketReplication.ts";
import { dataBucket } from "./contract.ts";

/** Arguments of `DataBucket`: those of its contract, and these. */
export type DataBucketArgs = Given<typeof dataBucket> &
  Regional &
  Transformable<{ bucket: BucketArgs }> & {
    /** Key that encrypts the objects. */
    readonly keyArn: Input<string>;
    /** Further copies, kept in step, each in another region. @default none */
    readonly replicateTo?: readonly ReplicationTarget[] | undefined;
    /** Refuse to delete the bucket. A bucket with objects in it is never deleted by force. @default false */
    readonly protect?: boolean;
  };

/** What whoever uses a bucket needs of it. */
export interface BucketAccess {
  /** Known only when its policy is in place. */
  readonly bucket: Output<string>;
  readonly arn: Output<string>;
  readonly keyArn: Output<string>;
  /** `bucket.s3.region.amazonaws.com`, for a content network that reads it. */
  readonly regionalDomainName: Output<string>;
}

/**
 * A private, versioned bucket with a key of its own, over TLS 1.2 only.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class DataBucket extends Component {
  /** The real resources. */
  readonly nodes: { readonly bucket: Bucket };
  readonly access: BucketAccess;

  constructor(name: string, args: DataBucketArgs, opts?: ComponentResourceOptions) {
    const given = accepted(name, dataBucket, args);
    super("slipway:storage:DataBucket", name, args, opts);
    const { keyArn, protect = false } = args;
    const { made, closed, versioning } = privateBucket(this, name, {
      keyArn,
      lifecycle: { id: "keep", ...lifecycleOf(given) },
      objectLock: given.purpose === "documents",
      transform: args.transform?.bucket,
      protect,
    });
    const { bucket } = made;
    if (given.purpose === "documents") {
      const rule = { defaultRetention: { mode: given.lock.mode.toUpperCase(), days: given.lock.days } };
      this.child(BucketObjectLockConfiguration, name, { bucket, rule }, { dependsOn: [versioning] });
    }
    if (given.purpose === "uploads") {
      const rule = {
        allowedOrigins: given.origins,
        allowedMethods: ["GET", "HEAD", "PUT", "POST"],
        // Signed uploads carry headers that differ by client; the signature says which of them count.
        allowedHeaders: ["*"],
        exposeHeaders: ["ETag"],
        maxAgeSeconds: 3600,
      };
      this.child(BucketCorsConfiguration, name, { bucket, corsRules: [rule] });
    }
    const targets = args.replicateTo ?? [];
    if (targets.length > 0) {
      const source = { bucket, arn: made.arn, keyArn };
      this.child(BucketReplication, name, { source, targets }, { dependsOn: [versioning] });
    }
    const policy = this.child(BucketPolicy, name, { bucket, policy: tlsOnly(made.arn) }, { dependsOn: [closed] });
    this.nodes = { bucket: made };
    this.access = { bucket: policy.bucket, arn: made.arn, keyArn: output(keyArn), regionalDomainName: made.bucketRegionalDomainName };
    this.registerOutputs({ bucket: this.access.bucket });
  }
}

function lifecycleOf({ expireDays, noncurrentDays, infrequentDays }: Accepted<typeof dataBucket>) {
  return {
    ...(expireDays === undefined ? {} : { expiration: { days: expireDays } }),
    ...(infrequentDays === undefined ? {} : { transitions: [{ days: infrequentDays, storageClass: "STANDARD_IA" }] }),
    noncurrentVersionExpiration: { noncurrentDays },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
  };
}

function tlsOnly(arn: Output<string>): Output<string> {
  const plain = onlyTls("TlsOnly", "s3", [arn, interpolate`${arn}/*`]);
  return policyOf([plain, { ...plain, Sid: "Tls12OrNewer", Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } }]);
}
