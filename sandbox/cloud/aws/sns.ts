/** SNS topics and their subscribers, and the Slack channels that subscribe through Amazon Q Developer (AWS Chatbot). */

import { CloudError, onBoth, type ServiceTables } from "../catalogue.ts";

const topic = "aws:sns/topic:Topic";
const subscription = "aws:sns/topicSubscription:TopicSubscription";
const slack = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration";

/** What SNS gives a topic without a policy: its own account may do everything with it. */
function defaultPolicy(topicArn: string, account: string): string {
  const actions = ["GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic", "Subscribe"];
  return JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [...actions, "ListSubscriptionsByTopic", "Publish"].map((action) => `SNS:${action}`),
        Resource: topicArn,
        Condition: { StringEquals: { "AWS:SourceOwner": account } },
      },
    ],
  });
}

export const sns: ServiceTables = {
  identities: {
    [topic]: {
      id: ({ name }, { account, region }) => `arn:aws:sns:${region}:${account}:${String(name)}`,
      compute: ({ id, policy: given }, { account }) => ({
        policy: typeof given === "string" && given !== "" ? given : defaultPolicy(String(id), account),
      }),
    },
    [subscription]: {
      id: ({ topic: of }) => `${String(of)}:${crypto.randomUUID()}`,
      // An e-mail address stays pending until somebody clicks; an endpoint that confirms by itself does not.
      compute: ({ id, protocol, endpointAutoConfirms }, { account }) => ({
        arn: id ?? "",
        ownerId: account,
        pendingConfirmation: String(protocol).startsWith("email"),
        confirmationWasAuthenticated: endpointAutoConfirms !== true,
      }),
    },
    [slack]: {
      id: ({ configurationName }, { account }) =>
        `arn:aws:chatbot::${account}:chat-configuration/slack-channel/${String(configurationName)}`,
    },
  },
  rules: {
    [subscription]: onBoth(({ protocol, endpoint }) => {
      const address = String(endpoint);
      if ((protocol === "https" && !address.startsWith("https://")) || (protocol === "http" && !address.startsWith("http://")))
        throw new CloudError("InvalidParameter", "Invalid parameter: Endpoint must match the specified protocol");
      if (protocol === "email" && !address.includes("@")) throw new CloudError("InvalidParameter", "Invalid parameter: Email address");
    }),
  },
};
