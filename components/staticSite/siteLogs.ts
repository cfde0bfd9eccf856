/** Access logs of a distribution, delivered to a bucket by CloudWatch's log delivery. */
import { LogDelivery } from "@pulumi/aws/cloudwatch/logDelivery.js";
import { LogDeliveryDestination } from "@pulumi/aws/cloudwatch/logDeliveryDestination.js";
import { LogDeliverySource } from "@pulumi/aws/cloudwatch/logDeliverySource.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component, type Tagged } from "../component.ts";
import { SiteBucket } from "./siteBucket.ts";

/** Region in which everything that belongs to CloudFront but is not global lives: certificates and log deliveries. */
export const cloudFrontRegion = "us-east-1";

/** Arguments of `SiteLogs`. */
export interface SiteLogsArgs extends Tagged {
  /** AWS region of the bucket. */
  readonly region: string;
  /** Account of the distribution, 12 digits. */
  readonly accountId: string;
  readonly distributionArn: Input<string>;
  /** Days that logs are kept, 1–3,650. */
  readonly retentionDays: number;
  /** Refuse to delete the bucket. */
  readonly protect: boolean;
}

/**
 * Standard logging of the second version: the first one needs a bucket with access control lists. The bucket's policy is in
 * place before the delivery is made, or AWS would write one of its own.
 */
export class SiteLogs extends Component {
  readonly bucket: Output<string>;

  constructor(name: string, args: SiteLogsArgs, opts?: ComponentResourceOptions) {
    super("slipway:staticSite:SiteLogs", name, args, opts);
    const { accountId } = args;
    const region = cloudFrontRegion;
    // S3's own key: log delivery uses a customer key only when that key's policy names the delivery service.
    const logs = this.child(SiteBucket, name, { keyArn: undefined, expireDays: args.retentionDays, versionDays: 7, protect: args.protect });
    const ready = logs.grant([
      {
        sid: "CloudFrontLogs",
        service: "delivery.logs.amazonaws.com",
        actions: ["s3:PutObject"],
        on: { kind: "objects", prefix: `AWSLogs/${accountId}/CloudFront/` },
        condition: {
          StringEquals: { "aws:SourceAccount": accountId, "s3:x-amz-acl": "bucket-owner-full-control" },
          ArnLike: { "aws:SourceArn": `arn:aws:logs:${region}:${accountId}:delivery-source:*` },
        },
      },
    ]);
    const source = this.child(LogDeliverySource, name, { region, logType: "ACCESS_LOGS", resourceArn: args.distributionArn });
    const destination = this.child(LogDeliveryDestination, name, {
      region,
      outputFormat: "json",
      deliveryDestinationConfiguration: { destinationResourceArn: ready },
    });
    this.child(LogDelivery, name, { region, deliverySourceName: source.name, deliveryDestinationArn: destination.arn });
    this.bucket = logs.bucket;
    this.registerOutputs({ bucket: this.bucket });
  }
}
