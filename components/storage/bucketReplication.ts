/** Copies of a bucket's objects in other buckets, as a rule in other regions. */
import type { Role } from "@pulumi/aws/iam/role.js";
import { BucketReplicationConfig } from "@pulumi/aws/s3/bucketReplicationConfig.js";
import { type ComponentResourceOptions, type Input, interpolate } from "@pulumi/pulumi";
import { allow, viaService } from "../aws/policy.ts";
import { serviceRole } from "../aws/role.ts";
import { Component, type Tagged } from "../component.ts";

/** Where the copy goes: a versioned bucket, and the key that encrypts it there. */
export interface ReplicationTarget {
  /** AWS region of the copy. */
  readonly region: string;
  readonly bucketArn: Input<string>;
  /** @default S3's own key */
  readonly keyArn?: Input<string>;
}

/** Arguments of `BucketReplication`. */
export interface BucketReplicationArgs extends Tagged {
  /** AWS region of the source. */
  readonly region: string;
  readonly source: { readonly bucket: Input<string>; readonly arn: Input<string>; readonly keyArn?: Input<string> };
  /** One at least, each in a region of its own. */
  readonly targets: readonly ReplicationTarget[];
}

/** Copies every new object within 15 minutes, with a metric that says when it does not; deletions are copied as markers. */
export class BucketReplication extends Component {
  /** The real resources. */
  readonly nodes: { readonly replication: BucketReplicationConfig; readonly role: Role };

  constructor(name: string, args: BucketReplicationArgs, opts?: ComponentResourceOptions) {
    super("slipway:storage:BucketReplication", name, args, opts);
    const { source, targets } = args;
    const role = serviceRole(this, `${name}-replication`, {
      description: `Copies ${name}`,
      service: "s3",
      statements: statementsFor(args),
    });
    const replication = this.child(
      BucketReplicationConfig,
      name,
      {
        bucket: source.bucket,
        role: role.arn,
        rules: rulesFor(targets),
      },
      { dependsOn: [...role.ready] },
    );
    this.nodes = { replication, role: role.role };
    this.registerOutputs();
  }
}

function statementsFor({ region, source, targets }: BucketReplicationArgs) {
  return [
    allow("ListSource", ["s3:GetReplicationConfiguration", "s3:ListBucket"], source.arn),
    allow(
      "ReadSource",
      [
        "s3:GetObjectLegalHold",
        "s3:GetObjectRetention",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionTagging",
      ],
      interpolate`${source.arn}/*`,
    ),
    allow(
      "WriteTarget",
      ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
      oneOrAll(targets.map(({ bucketArn }) => interpolate`${bucketArn}/*`)),
    ),
    ...(source.keyArn === undefined ? [] : [allow("DecryptSource", ["kms:Decrypt"], source.keyArn, viaService("s3", region))]),
    ...targets.flatMap((target, index) =>
      target.keyArn === undefined
        ? []
        : [
            allow(
              index === 0 ? "EncryptTarget" : `EncryptTarget${index + 1}`,
              ["kms:Encrypt", "kms:GenerateDataKey"],
              target.keyArn,
              viaService("s3", target.region),
            ),
          ],
    ),
  ];
}

/** Rules that copy to different buckets all apply; of the same bucket only the first by priority would. */
function rulesFor(targets: readonly ReplicationTarget[]) {
  return targets.map((target, index) => ({
    id: index === 0 ? "everything" : `everything-${target.region}`,
    status: "Enabled",
    priority: index + 1,
    filter: { prefix: "" },
    deleteMarkerReplication: { status: "Enabled" },
    ...(target.keyArn === undefined ? {} : { sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } } }),
    destination: {
      bucket: target.bucketArn,
      storageClass: "STANDARD",
      ...(target.keyArn === undefined ? {} : { encryptionConfiguration: { replicaKmsKeyId: target.keyArn } }),
      // 15 minutes is the only time that S3 offers, and it wants the metric with it.
      replicationTime: { status: "Enabled", time: { minutes: 15 } },
      metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
    },
  }));
}

/** One resource as itself, as policies are written by hand. */
function oneOrAll<T>(items: readonly T[]): T | readonly T[] {
  const [only, ...more] = items;
  return only !== undefined && more.length === 0 ? only : items;
}
