/** A second copy of a bucket's objects in another bucket, as a rule in another region. */
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { BucketReplicationConfig } from "@pulumi/aws/s3/bucketReplicationConfig.js";
import { ComponentResource, type ComponentResourceOptions, type Input, interpolate, jsonStringify } from "@pulumi/pulumi";
import { named, type Tags } from "../tags.ts";

/** Where the copy goes: a versioned bucket and the key that encrypts it there. */
export interface ReplicationTarget {
  /** AWS region of the copy. */
  readonly region: string;
  readonly bucketArn: Input<string>;
  readonly keyArn: Input<string>;
}

/** Arguments of `BucketReplication`. */
export interface BucketReplicationArgs {
  /** AWS region of the source. */
  readonly region: string;
  readonly source: { readonly bucket: Input<string>; readonly arn: Input<string>; readonly keyArn: Input<string> };
  readonly target: ReplicationTarget;
  /** @default no tags */
  readonly tags?: Tags | undefined;
}

/** Copies every new object within 15 minutes, with a metric that says when it does not; deletions are copied as markers. */
export class BucketReplication extends ComponentResource {
  constructor(name: string, { region, source, target, tags }: BucketReplicationArgs, opts?: ComponentResourceOptions) {
    super("slipway:storage:BucketReplication", name, {}, opts);
    const trust = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "s3.amazonaws.com" } }],
    };
    const role = new Role(
      `${name}-replication`,
      { description: `Copies ${name}`, assumeRolePolicy: JSON.stringify(trust), tags: named(`${name}-replication`, tags) },
      { parent: this },
    );
    const viaS3 = (of: string) => ({ StringEquals: { "kms:ViaService": `s3.${of}.amazonaws.com` } });
    const policy = new RolePolicy(
      `${name}-replication`,
      {
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
              Resource: interpolate`${target.bucketArn}/*`,
            },
            { Sid: "DecryptSource", Effect: "Allow", Action: ["kms:Decrypt"], Resource: source.keyArn, Condition: viaS3(region) },
            {
              Sid: "EncryptTarget",
              Effect: "Allow",
              Action: ["kms:Encrypt", "kms:GenerateDataKey"],
              Resource: target.keyArn,
              Condition: viaS3(target.region),
            },
          ],
        }),
      },
      { parent: this },
    );
    new BucketReplicationConfig(
      name,
      {
        region,
        bucket: source.bucket,
        role: role.arn,
        rules: [
          {
            id: "everything",
            status: "Enabled",
            priority: 1,
            filter: { prefix: "" },
            deleteMarkerReplication: { status: "Enabled" },
            sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
            destination: {
              bucket: target.bucketArn,
              storageClass: "STANDARD",
              encryptionConfiguration: { replicaKmsKeyId: target.keyArn },
              // 15 minutes is the only promise that S3 offers, and it wants the metric with it.
              replicationTime: { status: "Enabled", time: { minutes: 15 } },
              metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
            },
          },
        ],
      },
      { parent: this, dependsOn: [policy] },
    );
    this.registerOutputs();
  }
}
