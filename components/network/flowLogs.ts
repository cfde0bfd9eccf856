/** Record of the connections in a VPC. */
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { FlowLog } from "@pulumi/aws/ec2/flowLog.js";
import { type ComponentResourceOptions, type Input, interpolate } from "@pulumi/pulumi";
import { onlyFrom, serviceRole } from "../aws/role.ts";
import { Component, type InAccount, type Regional } from "../component.ts";
import type { Accepted } from "../contract/accepted.ts";
import type { network } from "./contract.ts";

/** Arguments of `FlowLogs`. */
export interface FlowLogsArgs extends Accepted<typeof network.shape.flowLogs>, Regional, InAccount {
  readonly vpcId: Input<string>;
  /** Key that encrypts them. @default AWS's own */
  readonly keyArn?: Input<string> | undefined;
}

/** Flow logs into an encrypted log group, written through a role that can write there and nowhere else. */
export class FlowLogs extends Component {
  constructor(name: string, args: FlowLogsArgs, opts?: ComponentResourceOptions) {
    super("slipway:network:FlowLogs", name, args, opts);
    const group = this.child(LogGroup, name, {
      retentionInDays: args.retentionDays,
      ...(args.keyArn === undefined ? {} : { kmsKeyId: args.keyArn }),
    });
    const role = serviceRole(this, name, {
      description: "Writes VPC flow logs",
      service: "vpc-flow-logs",
      when: onlyFrom(args.accountId, `arn:aws:ec2:${args.region}:${args.accountId}:vpc-flow-log/*`),
      statements: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: [group.arn, interpolate`${group.arn}:log-stream:*`],
        },
      ],
    });
    this.child(
      FlowLog,
      name,
      {
        vpcId: args.vpcId,
        trafficType: args.traffic,
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 600,
      },
      { dependsOn: [...role.ready] },
    );
    this.registerOutputs();
  }
}
