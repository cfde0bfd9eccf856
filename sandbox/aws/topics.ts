/** SNS: a published message is kept, as nobody in the sandbox has a mailbox, and so nobody confirms that he wants mail. */
import type { SNS } from "@aws-sdk/client-sns";
import { CloudError } from "../cloud/catalogue.ts";
import { timeIn } from "../cloud/clock.ts";
import { type Asked, here, type OperationsOf, pageOf } from "./operation.ts";

/** Messages that were published; no resource of the engine has this type. */
const messageType = "aws:sns/topic:Message";

export const topics = {
  Publish: ({ TopicArn = "", Subject = "", Message = "", MessageStructure }, { store, place }) => {
    if (!store.all("aws:sns/topic:Topic").some(({ id, properties }) => id === TopicArn || properties.arn === TopicArn))
      throw new CloudError("NotFound", "Topic does not exist");
    // SNS API reference, Publish: ASCII, no line breaks, fewer than 100 characters, begins with a letter, digit or mark.
    if (Subject !== "" && !/^[!-~][ -~]{0,98}$/.test(Subject)) throw new CloudError("InvalidParameter", "Invalid parameter: Subject");
    if (Buffer.byteLength(Message) > 262_144) throw new CloudError("InvalidParameter", "Invalid parameter: Message too long");
    if (MessageStructure === "json") refuseBadBodies(Message);
    const id = crypto.randomUUID();
    const properties = { topicArn: TopicArn, subject: Subject, message: Message, publishedAt: timeIn(store).toISOString() };
    store.put({ type: messageType, id, scope: `${place.account}/${place.region}`, properties, createdFor: "Publish" });
    return { MessageId: id };
  },

  GetTopicAttributes: ({ TopicArn = "" }, asked) => {
    const topic = here("aws:sns/topic:Topic", asked).find(({ id, properties }) => id === TopicArn || properties.arn === TopicArn);
    if (topic === undefined) throw new CloudError("NotFound", "Topic does not exist");
    const all = here("aws:sns/topicSubscription:TopicSubscription", asked).filter(({ properties }) => properties.topic === TopicArn);
    const pending = all.filter(({ properties }) => properties.pendingConfirmation === true).length;
    const confirmed = all.length - pending + ofChats(TopicArn, asked).length;
    return { Attributes: { TopicArn, SubscriptionsConfirmed: String(confirmed), SubscriptionsPending: String(pending) } };
  },

  ListSubscriptionsByTopic: ({ TopicArn = "", NextToken }, asked) => {
    const all = here("aws:sns/topicSubscription:TopicSubscription", asked).filter(({ properties }) => properties.topic === TopicArn);
    const declared = all.map(({ id, properties: { protocol, endpoint, pendingConfirmation } }) => ({
      ...{ TopicArn, Protocol: String(protocol), Endpoint: String(endpoint), Owner: asked.place.account },
      SubscriptionArn: pendingConfirmation === true ? "PendingConfirmation" : id,
    }));
    const { items, next } = pageOf([...declared, ...ofChats(TopicArn, asked)], NextToken, 100);
    return { Subscriptions: [...items], ...(next === undefined ? {} : { NextToken: next }) };
  },
} satisfies OperationsOf<SNS>;

/** A message for each protocol is JSON with texts and a default (SNS guide, "Publishing with customized payloads"). */
function refuseBadBodies(message: string): void {
  let bodies: unknown;
  try {
    bodies = JSON.parse(message);
  } catch {
    throw new CloudError("InvalidParameter", "Invalid parameter: Message Structure - JSON message body failed to parse");
  }
  if (typeof bodies !== "object" || bodies === null || !("default" in bodies) || typeof bodies.default !== "string")
    throw new CloudError("InvalidParameter", "Invalid parameter: Message Structure - No default entry in JSON message body");
}

/** A chat's configuration subscribes to its topics by itself, wherever they are. */
function ofChats(TopicArn: string, { store, place: { account } }: Asked) {
  return store
    .all("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration")
    .filter(({ properties: { snsTopicArns } }) => Array.isArray(snsTopicArns) && snsTopicArns.includes(TopicArn))
    .map(({ id }) => ({
      ...{ TopicArn, Protocol: "https", Endpoint: "https://global.sns-api.chatbot.amazonaws.com", Owner: account },
      SubscriptionArn: `${TopicArn}:${id.split("/").at(-1)}`,
    }));
}
