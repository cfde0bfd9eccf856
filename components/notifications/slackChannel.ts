/** A Slack channel that is notified through Amazon Q Developer in chat applications, once named AWS Chatbot. */

import { SlackChannelConfiguration, type SlackChannelConfigurationArgs } from "@pulumi/aws/chatbot/slackChannelConfiguration.js";
import type { Role } from "@pulumi/aws/iam/role.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { allow } from "../aws/policy.ts";
import { serviceRole } from "../aws/role.ts";
import { Component, type InAccount, type Tagged, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { slackChannel } from "./contract.ts";

/** Arguments of `SlackChannel`, in the account whose alarms the channel shows; a private channel has to invite the app. Those of its contract, and these. */
export interface SlackChannelArgs
  extends Given<typeof slackChannel>,
    Tagged,
    InAccount,
    Transformable<{ channel: SlackChannelConfigurationArgs }> {
  /** Topics of any regions. */
  readonly topicArns: readonly Input<string>[];
}

/** One of the four regions in which the service has an endpoint; it takes topics of all. */
export const slackRegion = "us-east-2";

/**
 * The channel reads metrics, for the graphs beside alarms, and can do nothing else: without a guardrail AWS would let the
 * channel's members do whatever the role may.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class SlackChannel extends Component {
  /** The real resources. */
  readonly nodes: { readonly channel: SlackChannelConfiguration; readonly role: Role };
  readonly arn: Output<string>;

  constructor(name: string, args: SlackChannelArgs, opts?: ComponentResourceOptions) {
    const { configurationName, workspaceId, channelId } = accepted(name, slackChannel, args);
    super("slipway:notifications:SlackChannel", name, args, opts);
    const { topicArns, accountId } = args;
    const { role, arn } = serviceRole(this, name, {
      description: `${configurationName}: what the Slack channel may read`,
      service: "chatbot",
      statements: [
        // Metrics have no ARN.
        allow("GraphsOfAlarms", ["cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics"], "*"),
        allow("StatesOfAlarms", ["cloudwatch:DescribeAlarms"], `arn:aws:cloudwatch:*:${accountId}:alarm:*`),
      ],
    });
    const channel = this.child(
      SlackChannelConfiguration,
      name,
      {
        region: slackRegion,
        configurationName,
        iamRoleArn: arn,
        slackTeamId: workspaceId,
        slackChannelId: channelId,
        snsTopicArns: [...topicArns],
        guardrailPolicyArns: ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"],
        loggingLevel: "ERROR",
        userAuthorizationRequired: false,
      },
      { transform: args.transform?.channel },
    );
    this.nodes = { channel, role };
    this.arn = channel.chatConfigurationArn;
    this.registerOutputs({ arn: this.arn });
  }
}
