/** Where states are kept: a bucket and a multi-Region key, with a copy of both in a second region. */
import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { ReplicaKey } from "@pulumi/aws/kms/replicaKey.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { type ComponentResourceOptions, interpolate, type Output, type Resource } from "@pulumi/pulumi";
import { onlyTls, policyOf } from "../components/aws/policy.ts";
import { privateBucket } from "../components/aws/privateBucket.ts";
import { Component, type InAccount, type Regional } from "../components/component.ts";
import type { Accepted } from "../components/contract/accepted.ts";
import { keyPolicy } from "../components/encryption/encryptionKey.ts";
import { BucketReplication } from "../components/storage/bucketReplication.ts";
import { type account, versionsKept } from "./contract.ts";

type Account = Accepted<typeof account>;

/** Arguments of `StateStore`. */
export interface StateStoreArgs extends Regional, InAccount, Pick<Account, "replicaRegion" | "bucket" | "keyAlias" | "versionDays"> {}

/**
 * The bucket of the engine's backend and the key of its secrets provider. The bucket is encrypted by S3's own key: who may read a
 * state without its secrets, such as a preview, needs no key then; the secrets in it are encrypted by the multi-Region key.
 */
export class StateStore extends Component {
  readonly bucket: Output<string>;
  readonly replicaBucket: Output<string>;
  /** The key in the first region; the other region's has the same id. */
  readonly keyArn: Output<string>;

  constructor(name: string, args: StateStoreArgs, opts?: ComponentResourceOptions) {
    super("slipway:bootstrap:StateStore", name, args, opts);
    const { region, replicaRegion, bucket, keyAlias, accountId } = args;
    const policy = (where: string) => JSON.stringify(keyPolicy({ region: where, accountId }, []));
    const description = "Secrets in the states of Slipway's stacks";
    // Whether a key can have a replica is decided when it is made.
    const key = this.child(
      Key,
      name,
      { description, multiRegion: true, enableKeyRotation: true, policy: policy(region) },
      { protect: true },
    );
    const copy = this.child(
      ReplicaKey,
      name,
      { region: replicaRegion, primaryKeyArn: key.arn, description, policy: policy(replicaRegion) },
      { protect: true },
    );
    this.child(Alias, name, { name: keyAlias, targetKeyId: key.keyId });
    this.child(Alias, `${name}-${replicaRegion}`, { region: replicaRegion, name: keyAlias, targetKeyId: copy.id });
    const first = this.child(StateBucket, name, { ...args, region });
    const second = this.child(StateBucket, `${name}-${replicaRegion}`, {
      ...args,
      region: replicaRegion,
      bucket: `${bucket}-${replicaRegion}`,
    });
    this.child(
      BucketReplication,
      name,
      { source: first, targets: [{ region: replicaRegion, bucketArn: second.arn }] },
      { dependsOn: [first.versioning, second.versioning] },
    );
    [this.bucket, this.replicaBucket, this.keyArn] = [first.bucket, second.bucket, key.arn];
    this.registerOutputs({ bucket: this.bucket, keyArn: this.keyArn });
  }
}

/** One of the two buckets: versions, no public way in, nothing but TLS. */
class StateBucket extends Component {
  readonly bucket: Output<string>;
  readonly arn: Output<string>;
  readonly versioning: Resource;

  constructor(name: string, { bucket: bucketName, versionDays, ...args }: StateStoreArgs, opts?: ComponentResourceOptions) {
    super("slipway:bootstrap:StateBucket", name, args, opts);
    const { made, closed, versioning } = privateBucket(this, name, {
      lifecycle: { id: "versions", noncurrentVersionExpiration: { noncurrentDays: versionDays, newerNoncurrentVersions: versionsKept } },
      protect: true,
      // Its name stands in the address of the backend, which people write down.
      transform: (given) => ({ args: { ...given, bucket: bucketName } }),
    });
    const resources = [made.arn, interpolate`${made.arn}/*`];
    this.child(
      BucketPolicy,
      name,
      { bucket: made.bucket, policy: policyOf([onlyTls("OnlyTls", "s3", resources)]) },
      { dependsOn: [closed] },
    );
    [this.bucket, this.arn, this.versioning] = [made.bucket, made.arn, versioning];
    this.registerOutputs({ bucket: this.bucket });
  }
}
