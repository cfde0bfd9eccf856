/** Bucket that AWS services deliver logs into. */
import { Bucket, type BucketArgs } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import { type ComponentResourceOptions, jsonStringify, type Output } from "@pulumi/pulumi";
import { type ArgumentProblem, outsideRange } from "../argumentProblem.ts";
import { onlyTls } from "../aws/policy.ts";
import { Component } from "../component.ts";
import type { Regional } from "../regional.ts";
import type { Transform } from "../transform.ts";

/** Arguments of `LogBucket`. */
export interface LogBucketArgs extends Regional {
  /** Account whose load balancers deliver here, 12 digits. */
  readonly accountId: string;
  /** Days that logs are kept, 1–3,650. */
  readonly retentionDays: number;
  /** Refuse to delete the bucket. A bucket with logs in it is never deleted by force. @default false */
  readonly protect?: boolean;
  /** Changes to single children. @default none */
  readonly transform?: { readonly bucket?: Transform<BucketArgs> };
}

/** Everything wrong with plain arguments. */
function logBucketProblems(args: LogBucketArgs): ArgumentProblem[] {
  return outsideRange("retentionDays", args.retentionDays, 1, 3650, "days");
}

/**
 * Accounts that deliver load balancer logs in regions opened before August 2022; newer regions use the service principal
 * alone. Source: Elastic Load Balancing guide, "Access logs for your Application Load Balancer", bucket permissions.
 */
const deliveryAccounts: Readonly<Record<string, string>> = {
  "us-east-1": "127311923021",
  "us-east-2": "033677994240",
  "us-west-1": "027434742980",
  "us-west-2": "797873946194",
  "af-south-1": "098369216593",
  "ap-east-1": "754344448648",
  "ap-northeast-1": "582318560864",
  "ap-northeast-2": "600734575887",
  "ap-northeast-3": "383597477331",
  "ap-south-1": "718504428378",
  "ap-southeast-1": "114774131450",
  "ap-southeast-2": "783225319266",
  "ca-central-1": "985666609251",
  "eu-central-1": "054676820928",
  "eu-north-1": "897822967062",
  "eu-south-1": "635631232127",
  "eu-west-1": "156460612806",
  "eu-west-2": "652711504416",
  "eu-west-3": "009996457667",
  "me-south-1": "076674570225",
  "sa-east-1": "507241528517",
};

/**
 * A private, versioned bucket that the account's load balancers may write to, over TLS only. Encrypted with S3's own
 * key, the only kind that load balancers can deliver to.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class LogBucket extends Component {
  /** Name of the bucket; known only after its policy is in place, so that deliveries do not fail. */
  readonly bucket: Output<string>;

  constructor(name: string, args: LogBucketArgs, opts?: ComponentResourceOptions) {
    super("slipway:storage:LogBucket", name, args, opts, logBucketProblems(args));

    const { bucket } = this.child(Bucket, name, {}, { transform: args.transform?.bucket, protect: args.protect ?? false });
    const closed = this.child(BucketPublicAccessBlock, name, {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    this.child(BucketOwnershipControls, name, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    this.child(BucketServerSideEncryptionConfiguration, name, {
      bucket,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
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
            expiration: { days: args.retentionDays },
            noncurrentVersionExpiration: { noncurrentDays: 7 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      },
      { dependsOn: [versioning] },
    );
    const policy = this.child(BucketPolicy, name, { bucket, policy: deliveryPolicy(bucket, args) }, { dependsOn: [closed] });
    this.bucket = policy.bucket;
    this.registerOutputs({ bucket: this.bucket });
  }
}

function deliveryPolicy(bucket: Output<string>, { region, accountId }: LogBucketArgs): Output<string> {
  const arn = bucket.apply((name) => `arn:aws:s3:::${name}`);
  const objects = arn.apply((prefix) => `${prefix}/AWSLogs/${accountId}/*`);
  const account = deliveryAccounts[region];
  return jsonStringify({
    Version: "2012-10-17",
    Statement: [
      onlyTls("TlsOnly", "s3", [arn, arn.apply((prefix) => `${prefix}/*`)]),
      {
        Sid: "LoadBalancerLogs",
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: objects,
        Condition: { ArnLike: { "aws:SourceArn": `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/*` } },
      },
      ...(account === undefined
        ? []
        : [
            {
              Sid: "LoadBalancerLogsOlderRegions",
              Effect: "Allow",
              Principal: { AWS: `arn:aws:iam::${account}:root` },
              Action: "s3:PutObject",
              Resource: objects,
            },
          ]),
    ],
  });
}
