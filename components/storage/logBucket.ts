/** Bucket that AWS services deliver logs into. */
import type { Bucket, BucketArgs } from "@pulumi/aws/s3/bucket.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { type ComponentResourceOptions, interpolate, type Output } from "@pulumi/pulumi";
import { onlyTls, policyOf } from "../aws/policy.ts";
import { privateBucket } from "../aws/privateBucket.ts";
import { Component, type InAccount, type Regional, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { logBucket } from "./contract.ts";

/** Arguments of `LogBucket`: those of its contract, and these. The account is the one whose load balancers deliver here. */
export interface LogBucketArgs extends Given<typeof logBucket>, Regional, InAccount, Transformable<{ bucket: BucketArgs }> {
  /** Refuse to delete the bucket; otherwise it goes with the logs in it. @default false */
  readonly protect?: boolean;
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
  /** The real resources. */
  readonly nodes: { readonly bucket: Bucket };
  /** Name of the bucket; known only after its policy is in place, so that deliveries do not fail. */
  readonly bucket: Output<string>;

  constructor(name: string, args: LogBucketArgs, opts?: ComponentResourceOptions) {
    const { retentionDays } = accepted(name, logBucket, args);
    const { protect = false } = args;
    super("slipway:storage:LogBucket", name, args, opts);
    const { made, closed } = privateBucket(this, name, {
      lifecycle: {
        id: "expire",
        expiration: { days: retentionDays },
        noncurrentVersionExpiration: { noncurrentDays: 7 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
      transform: args.transform?.bucket,
      protect,
      emptied: true,
    });
    const { bucket } = made;
    const policy = this.child(BucketPolicy, name, { bucket, policy: deliveryPolicy(bucket, args) }, { dependsOn: [closed] });
    this.nodes = { bucket: made };
    this.bucket = policy.bucket;
    this.registerOutputs({ bucket: this.bucket });
  }
}

function deliveryPolicy(bucket: Output<string>, { region, accountId }: LogBucketArgs): Output<string> {
  const arn = interpolate`arn:aws:s3:::${bucket}`;
  const deliver = { Effect: "Allow", Action: "s3:PutObject", Resource: interpolate`${arn}/AWSLogs/${accountId}/*` };
  const account = deliveryAccounts[region];
  return policyOf([
    onlyTls("TlsOnly", "s3", [arn, interpolate`${arn}/*`]),
    {
      Sid: "LoadBalancerLogs",
      ...deliver,
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/*` } },
    },
    ...(account === undefined
      ? []
      : [{ Sid: "LoadBalancerLogsOlderRegions", ...deliver, Principal: { AWS: `arn:aws:iam::${account}:root` } }]),
  ]);
}
