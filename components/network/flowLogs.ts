/** Record of the connections in a VPC. */
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { FlowLog } from "@pulumi/aws/ec2/flowLog.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { ComponentResource, type ComponentResourceOptions, type Input, interpolate, jsonStringify } from "@pulumi/pulumi";
import type { Regional } from "../regional.ts";
import { named } from "../tags.ts";

/** Arguments of `FlowLogs`. */
export interface FlowLogsArgs extends Regional {
  /** Account, 12 digits. */
  readonly accountId: string;
  readonly vpcId: Input<string>;
  /** Which connections are recorded. @default "ALL" */
  readonly traffic?: "ALL" | "ACCEPT" | "REJECT";
  /** Days that they are kept, one of CloudWatch's steps. */
  readonly retentionDays: number;
  /** Key that encrypts them. */
  readonly keyArn: Input<string>;
}

/** Flow logs into an encrypted log group, written through a role that can write there and nowhere else. */
export class FlowLogs extends ComponentResource {
  constructor(name: string, args: FlowLogsArgs, opts?: ComponentResourceOptions) {
    super("slipway:network:FlowLogs", name, {}, opts);
    const { region, tags } = args;
    const group = new LogGroup(
      name,
      { region, retentionInDays: args.retentionDays, kmsKeyId: args.keyArn, tags: named(name, tags) },
      { parent: this },
    );
    const role = new Role(
      name,
      {
        description: "Writes VPC flow logs",
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "sts:AssumeRole",
              Principal: { Service: "vpc-flow-logs.amazonaws.com" },
              Condition: {
                StringEquals: { "aws:SourceAccount": args.accountId },
                ArnLike: { "aws:SourceArn": `arn:aws:ec2:${region}:${args.accountId}:vpc-flow-log/*` },
              },
            },
          ],
        }),
        tags: named(name, tags),
      },
      { parent: this },
    );
    const policy = new RolePolicy(
      name,
      {
        role: role.name,
        policy: jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
              Resource: [group.arn, interpolate`${group.arn}:log-stream:*`],
            },
          ],
        }),
      },
      { parent: this },
    );
    new FlowLog(
      name,
      {
        region,
        vpcId: args.vpcId,
        trafficType: args.traffic ?? "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 600,
        tags: named(name, tags),
      },
      { parent: this, dependsOn: [policy] },
    );
    this.registerOutputs();
  }
}
