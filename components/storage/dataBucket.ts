/** Bucket for a system's own data. */
import type { BucketArgs } from "@pulumi/aws/s3/bucket.js";
import { BucketCorsConfiguration } from "@pulumi/aws/s3/bucketCorsConfiguration.js";
import { BucketObjectLockConfiguration } from "@pulumi/aws/s3/bucketObjectLockConfiguration.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output, output } from "@pulumi/pulumi";
import { onlyTls, policyOf } from "../aws/policy.ts";
import { privateBucket } from "../aws/privateBucket.ts";
import { Component } from "../component.ts";
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";
import type { Regional } from "../regional.ts";
import type { Transform } from "../transform.ts";
import { BucketReplication, type ReplicationTarget } from "./bucketReplication.ts";

/** How long objects are kept from change and deletion. */
interface ObjectLock {
  /** Governance can be lifted by a role that may; compliance by nobody before its time. */
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  /** Days from an object's creation, 1–36,500. */
  readonly days: number;
}

/** Arguments of `DataBucket`. */
export interface DataBucketArgs extends Regional {
  /** Key that encrypts the objects. */
  readonly keyArn: Input<string>;
  /** Write once: objects cannot be changed or deleted for a while. Has to be chosen when the bucket is made. @default none */
  readonly objectLock?: ObjectLock | undefined;
  /** Origins that browsers may upload and download from, `https://app.coinestate.io`. @default none */
  readonly corsOrigins?: readonly string[];
  /** Days after which objects are deleted, 1–36,500. @default never */
  readonly expireDays?: number | undefined;
  /** Days that a replaced or deleted object can be brought back, 1–36,500. @default 90 */
  readonly noncurrentDays?: number;
  /** Days after which objects go to the cheaper class for rare reads, 30–36,500. @default never */
  readonly infrequentDays?: number | undefined;
  /** Further copies, kept in step, each in another region. @default none */
  readonly replicateTo?: readonly ReplicationTarget[] | undefined;
  /** Refuse to delete the bucket. A bucket with objects in it is never deleted by force. @default false */
  readonly protect?: boolean;
  /** Changes to single children. @default none */
  readonly transform?: { readonly bucket?: Transform<BucketArgs> };
}

/** What whoever uses a bucket needs of it. */
export interface BucketAccess {
  /** Known only when its policy is in place. */
  readonly bucket: Output<string>;
  readonly arn: Output<string>;
  readonly keyArn: Output<string>;
  /** `bucket.s3.region.amazonaws.com`, for a content network that reads it. */
  readonly regionalDomainName: Output<string>;
}

/** Everything wrong with plain arguments. */
export function dataBucketProblems(args: DataBucketArgs): ArgumentProblem[] {
  const days = (path: string, value: number | undefined, least = 1) =>
    value === undefined ? [] : outsideRange(path, value, least, 36_500, "days");
  const problems = [
    ...days("objectLock.days", args.objectLock?.days),
    ...days("expireDays", args.expireDays),
    ...days("noncurrentDays", args.noncurrentDays),
    ...days("infrequentDays", args.infrequentDays, 30),
  ];
  if (args.expireDays !== undefined && args.infrequentDays !== undefined && args.expireDays <= args.infrequentDays)
    problems.push({
      propertyPath: "infrequentDays",
      reason: `is ${args.infrequentDays}; give less than the expiry after ${args.expireDays} days`,
    });
  return problems;
}

/**
 * A private, versioned bucket with a key of its own, over TLS 1.2 only.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class DataBucket extends Component {
  readonly access: BucketAccess;

  constructor(name: string, args: DataBucketArgs, opts?: ComponentResourceOptions) {
    super("slipway:storage:DataBucket", name, args, opts, dataBucketProblems(args));
    const { keyArn, objectLock, corsOrigins = [] } = args;
    const { made, closed, versioning } = privateBucket(this, name, {
      keyArn,
      lifecycle: { id: "keep", ...lifecycleOf(args) },
      objectLock: objectLock !== undefined,
      transform: args.transform?.bucket,
      protect: args.protect ?? false,
    });
    const { bucket } = made;
    if (objectLock !== undefined) {
      const rule = { defaultRetention: { mode: objectLock.mode, days: objectLock.days } };
      this.child(BucketObjectLockConfiguration, name, { bucket, rule }, { dependsOn: [versioning] });
    }
    if (corsOrigins.length > 0) {
      const rule = {
        allowedOrigins: [...corsOrigins],
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
    this.access = { bucket: policy.bucket, arn: made.arn, keyArn: output(keyArn), regionalDomainName: made.bucketRegionalDomainName };
    this.registerOutputs({ bucket: this.access.bucket });
  }
}

function lifecycleOf({ expireDays, noncurrentDays = 90, infrequentDays }: DataBucketArgs) {
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
