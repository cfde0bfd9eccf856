/** People who are told: whether they have confirmed that they want mail, and whether the chat lets AWS in. */
import { chatEndpoint } from "../../components/notifications/contract.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";
import type { Line } from "./line.ts";

/** A topic of the stack. */
export interface Topic {
  readonly arn: string;
  readonly region: string;
}

/** Who is told by a topic, as SNS has it. */
export interface Subscriber {
  readonly topic: Topic;
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
  /** It is the chat application, which subscribes to topics by itself. */
  readonly chat: boolean;
}

/** Topics that the last update left. Pure. */
export function topicsIn({ resources }: State, region: string): Topic[] {
  return resources.flatMap(({ type, id, outputs, delete: leaving }) =>
    type !== "aws:sns/topic:Topic" || id === undefined || leaving === true ? [] : [{ arn: id, region: String(outputs?.region ?? region) }],
  );
}

/** Asks SNS. @throws UserError when it does not tell */
export async function subscribersOf(aws: Aws, topic: Topic): Promise<Subscriber[]> {
  const sns = await aws.client("sns", topic.region);
  const asked = Array.fromAsync(sns.paginateListSubscriptionsByTopic({ TopicArn: topic.arn }));
  const pages = await aws.told(`Subscriptions of ${topic.arn} cannot be read`, asked);
  return pages.flatMap(({ Subscriptions = [] }) =>
    Subscriptions.map(({ Protocol = "", Endpoint = "", SubscriptionArn = "" }) => ({
      ...{ topic, protocol: Protocol, endpoint: Endpoint, confirmed: SubscriptionArn.startsWith("arn:") },
      chat: Endpoint.startsWith(chatEndpoint),
    })),
  );
}

/**
 * Judges, a line for each address. A mail that nobody confirms within 48 hours is no subscription any more, so that the address is not
 * listed. Endpoints of PagerDuty carry its key and are never shown. Pure.
 */
export function mailLines(
  { notifications: { emails, pagerDuty } }: StackConfig,
  topics: readonly Topic[],
  all: readonly Subscriber[],
): Line[] {
  const who = Object.values(emails).map((address) => ({
    name: address,
    mine: all.filter(({ protocol, endpoint }) => protocol === "email" && endpoint === address),
  }));
  if (pagerDuty !== undefined) who.push({ name: "PagerDuty", mine: all.filter(({ protocol, chat }) => protocol === "https" && !chat) });
  return who.map(({ name, mine }): Line => {
    const line = { area: "people", what: name } as const;
    if (topics.length === 0) return { ...line, found: "is asked to confirm by the first update", verdict: "later" };
    const pending = mine.filter(({ confirmed }) => !confirmed);
    const [first] = pending;
    if (first !== undefined)
      return {
        ...{ ...line, found: `${pending.length} of ${mine.length} subscriptions wait to be confirmed`, verdict: "missing" },
        fix: `open the mail "AWS Notification - Subscription Confirmation"; to have it sent again: ${subscribing(first.topic, name)}`,
      };
    if (mine.length > 0) return { ...line, found: `${mine.length} subscriptions confirmed`, verdict: "good" };
    return {
      ...line,
      found: "no topic tells it: a subscription that nobody confirms is gone after 48 hours",
      verdict: "missing",
      fix: "slipway refresh, then slipway up",
    };
  });
}

function subscribing({ arn, region }: Topic, address: string): string {
  return `aws sns subscribe --region ${region} --topic-arn ${arn} --protocol email --notification-endpoint ${address}`;
}

/** Judges: AWS takes a channel only of a workspace that an administrator has let in. Pure. */
export function slackLine({ slack }: StackConfig["notifications"], { resources }: State): Line[] {
  if (slack === undefined) return [];
  const line = { area: "people", what: `Slack workspace ${slack.workspaceId}` } as const;
  const taken = resources.some(
    ({ type, outputs }) =>
      type === "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration" && outputs?.slackTeamId === slack.workspaceId,
  );
  if (taken) return [{ ...line, found: "let in: AWS took the channel", verdict: "good" }];
  const fix =
    "as an administrator of the workspace, once: https://console.aws.amazon.com/chatbot, Configure new client, Slack; in a private channel: /invite @Amazon Q";
  return [{ ...line, found: "whether it is let in shows only when the channel is made", verdict: "notAsked", fix }];
}
