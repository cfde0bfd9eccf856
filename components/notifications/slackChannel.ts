/** A Slack channel that is notified through Amazon Q Developer in chat applications, once named AWS Chatbot. */
import { SlackChannelConfiguration, type SlackChannelConfigurationArgs } from "@pulumi/aws/chatbot/slackChannelConfiguration.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { allow } from "../aws/policy.ts";
import { serviceRole } from "../aws/role.ts";
import { Component } from "../component.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import type { Tagged } from "../regional.ts";
import type { Transform } from "../transform.ts";

/** Arguments of `SlackChannel`. */
export interface SlackChannelArgs extends Tagged {
  /** Name of the configuration, unique in the account: letters, digits, hyphens and underscores, at most 128. */
  readonly configurationName: string;
  /** Workspace that an administrator has let in once, in the AWS console: `T0123456789`. */
  readonly workspaceId: string;
  /** Channel, `C0123456789`; a private one has to invite the app. */
  readonly channelId: string;
  /** Topics of any regions. */
  readonly topicArns: readonly Input<string>[];
  /** Account whose alarms the channel shows. */
  readonly accountId: string;
  /** Changes to single children. @default none */
  readonly transform?: { readonly channel?: Transform<SlackChannelConfigurationArgs> };
}

/** One of the four regions in which the service has an endpoint; it takes topics of all. */
export const slackRegion = "us-east-2";

/** Everything wrong with plain arguments. */
export function slackChannelProblems({ configurationName, workspaceId, channelId }: SlackChannelArgs): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  const check = (propertyPath: string, value: string, pattern: RegExp, allowed: string) => {
    if (!pattern.test(value)) problems.push({ propertyPath, reason: `is ${JSON.stringify(value)}; give ${allowed}` });
  };
  check("configurationName", configurationName, /^[A-Za-z0-9_-]{1,128}$/, "letters, digits, hyphens and underscores, at most 128");
  check("workspaceId", workspaceId, /^[0-9A-Z]{1,255}$/, "a Slack workspace id, such as T0123456789");
  check("channelId", channelId, /^[0-9A-Z]{1,255}$/, "a Slack channel id, such as C0123456789");
  return problems;
}

/**
 * The channel reads metrics, for the graphs beside alarms, and can do nothing else: without a guardrail AWS would let the
 * channel's members do whatever the role may.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class SlackChannel extends Component {
  readonly arn: Output<string>;

  constructor(name: string, args: SlackChannelArgs, opts?: ComponentResourceOptions) {
    super("slipway:notifications:SlackChannel", name, args, opts, slackChannelProblems(args));
    const { configurationName, workspaceId, channelId, topicArns, accountId } = args;
    const role = serviceRole(this, name, {
      description: `${configurationName}: what the Slack channel may read`,
      service: "chatbot",
      statements: [
        // Metrics have no ARN.
        allow("GraphsOfAlarms", ["cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics"], "*"),
        allow("StatesOfAlarms", ["cloudwatch:DescribeAlarms"], `arn:aws:cloudwatch:*:${accountId}:alarm:*`),
      ],
    });
    this.arn = this.child(
      SlackChannelConfiguration,
      name,
      {
        region: slackRegion,
        configurationName,
        iamRoleArn: role.arn,
        slackTeamId: workspaceId,
        slackChannelId: channelId,
        snsTopicArns: [...topicArns],
        guardrailPolicyArns: ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"],
        loggingLevel: "ERROR",
        userAuthorizationRequired: false,
      },
      { transform: args.transform?.channel },
    ).chatConfigurationArn;
    this.registerOutputs({ arn: this.arn });
  }
}
