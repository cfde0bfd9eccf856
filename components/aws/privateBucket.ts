/** A bucket that is closed to the internet, versioned and encrypted: what every bucket is, whatever it is for. */
import { Bucket, type BucketArgs } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration, type BucketLifecycleConfigurationArgs } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import type { Input, Resource } from "@pulumi/pulumi";
import type { Component, Transform } from "../component.ts";

/** What a bucket is made with. */
interface PrivateBucketArgs {
  /** Key that encrypts it. @default S3's own key */
  readonly keyArn?: Input<string> | undefined;
  /** When objects and their older versions end, as the one rule of the bucket with this id. */
  readonly lifecycle: { readonly id: string } & Partial<Exclude<Rules[number], Promise<unknown>>>;
  /** Refuse to delete it. */
  readonly protect: boolean;
  /** Where it is not protected it is deleted with what it holds: for what AWS writes or a pipeline makes again. @default false */
  readonly emptied?: boolean;
  /** Objects can be locked: only from the start. @default false */
  readonly objectLock?: boolean;
  /** The user's change of the bucket. @default none */
  readonly transform?: Transform<BucketArgs> | undefined;
}

type Rules = Extract<NonNullable<BucketLifecycleConfigurationArgs["rules"]>, readonly unknown[]>;

/** The bucket, and what waits for what. */
interface PrivateBucket {
  readonly made: Bucket;
  /** Keeps the internet out; a policy is written after it. */
  readonly closed: Resource;
  /** To be there before anything that counts on versions. */
  readonly versioning: Resource;
}

/** Declares the bucket. Its policy is the owner's: who may do what is different everywhere. */
export function privateBucket(owner: Component, name: string, args: PrivateBucketArgs): PrivateBucket {
  const { keyArn, lifecycle, objectLock = false, emptied = false, transform, protect } = args;
  const kind = { ...(objectLock ? { objectLockEnabled: true } : {}), ...(emptied && !protect ? { forceDestroy: true } : {}) };
  const made = owner.child(Bucket, name, kind, { transform, protect });
  const { bucket } = made;
  const closed = owner.child(BucketPublicAccessBlock, name, {
    bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  owner.child(BucketOwnershipControls, name, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
  const encryption =
    keyArn === undefined
      ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
      : { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn }, bucketKeyEnabled: true };
  owner.child(BucketServerSideEncryptionConfiguration, name, { bucket, rules: [encryption] });
  const versioning = owner.child(BucketVersioning, name, { bucket, versioningConfiguration: { status: "Enabled" } });
  const rules = [{ status: "Enabled", filter: { prefix: "" }, ...lifecycle }];
  owner.child(BucketLifecycleConfiguration, name, { bucket, rules }, { dependsOn: [versioning] });
  return { made, closed, versioning };
}
