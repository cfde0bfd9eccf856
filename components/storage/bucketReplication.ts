/** Copies of a bucket's objects in other buckets, as a rule in other regions. */
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { BucketReplicationConfig } from "@pulumi/aws/s3/bucketReplicationConfig.js";
import { type ComponentResourceOptions, type Input, interpolate, jsonStringify } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { Tagged } from "../regional.ts";

/** Where the copy goes: a versioned bucket and the key that encrypts it there. */
export interface ReplicationTarget {
  /** AWS region of the copy. */
  readonly region: string;
  readonly bucketArn: Input<string>;
  readonly keyArn: Input<string>;
}

/** Arguments of `BucketReplication`. */
export interface BucketReplicationArgs extends Tagged {
  /** AWS region of the source. */
  readonly region: string;
  readonly source: { readonly bucket: Input<string>; readonly arn: Input<string>; readonly keyArn: Input<string> };
  /** One at least, each in a region of its own. */
  readonly targets: readonly ReplicationTarget[];
}

/** Copies every new object within 15 minutes, with a metric that says when it does not; deletions are copied as markers. */
export class BucketReplication extends Component {
  constructor(name: string, { region, source, targets, tags }: BucketReplicationArgs, opts?: ComponentResourceOptions) {
    super("slipway:storage:BucketReplication", name, { region, tags }, opts);
    const trust = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "s3.amazonaws.com" } }],
    };
    const role = this.child(Role, `${name}-replication`, { description: `Copies ${name}`, assumeRolePolicy: JSON.stringify(trust) });
    const viaS3 = (of: string) => ({ StringEquals: { "kms:ViaService": `s3.${of}.amazonaws.com` } });
    const policy = this.child(RolePolicy, `${name}-replication`, {
      role: role.name,
      policy: jsonStringify({
        Version: "2012-10-17",
        Statement: [
          { Sid: "ListSource", Effect: "Allow", Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: source.arn },
          {
            Sid: "ReadSource",
            Effect: "Allow",
            Action: [
              "s3:GetObjectLegalHold",
              "s3:GetObjectRetention",
              "s3:GetObjectVersionAcl",
              "s3:GetObjectVersionForReplication",
              "s3:GetObjectVersionTagging",
            ],
            Resource: interpolate`${source.arn}/*`,
          },
          {
            Sid: "WriteTarget",
            Effect: "Allow",
            Action: ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
            Resource: oneOrAll(targets.map(({ bucketArn }) => interpolate`${bucketArn}/*`)),
          },
          { Sid: "DecryptSource", Effect: "Allow", Action: ["kms:Decrypt"], Resource: source.keyArn, Condition: viaS3(region) },
          ...targets.map((target, index) => ({
            Sid: index === 0 ? "EncryptTarget" : `EncryptTarget${index + 1}`,
            Effect: "Allow",
            Action: ["kms:Encrypt", "kms:GenerateDataKey"],
            Resource: target.keyArn,
            Condition: viaS3(target.region),
          })),
        ],
      }),
    });
    this.child(
      BucketReplicationConfig,
      name,
      {
        bucket: source.bucket,
        role: role.arn,
        // Rules that copy to different buckets all apply; of the same bucket only the first by priority would.
        rules: targets.map((target, index) => ({
          id: index === 0 ? "everything" : `everything-${target.region}`,
          status: "Enabled",
          priority: index + 1,
          filter: { prefix: "" },
          deleteMarkerReplication: { status: "Enabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: target.bucketArn,
            storageClass: "STANDARD",
            encryptionConfiguration: { replicaKmsKeyId: target.keyArn },
            // 15 minutes is the only time that S3 offers, and it wants the metric with it.
            replicationTime: { status: "Enabled", time: { minutes: 15 } },
            metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
          },
        })),
      },
      { dependsOn: [policy] },
    );
    this.registerOutputs();
  }
}

/** One resource as itself, as policies are written by hand. */
function oneOrAll<T>(items: readonly T[]): T | readonly T[] {
  const [only, ...more] = items;
  return only !== undefined && more.length === 0 ? only : items;
}
