/** SNS: a published message is kept, as nobody in the sandbox has a mailbox, and so nobody confirms that he wants mail. */
import type { SNS } from "@aws-sdk/client-sns";
import { CloudError } from "../cloud/catalogue.ts";
import { timeIn } from "../cloud/clock.ts";
import { here, type OperationsOf, pageOf } from "./operation.ts";

/** Messages that were published; no resource of the engine has this type. */
const messageType = "aws:sns/topic:Message";

export const topics = {
  Publish: ({ TopicArn = "", Subject = "", Message = "" }, { store, place }) => {
    if (!store.all("aws:sns/topic:Topic").some(({ id, properties }) => id === TopicArn || properties.arn === TopicArn))
      throw new CloudError("NotFound", "Topic does not exist");
    const id = crypto.randomUUID();
    const properties = { topicArn: TopicArn, subject: Subject, message: Message, publishedAt: timeIn(store).toISOString() };
    store.put({ type: messageType, id, scope: `${place.account}/${place.region}`, properties, createdFor: "Publish" });
    return { MessageId: id };
  },

  ListSubscriptionsByTopic: ({ TopicArn = "", NextToken }, asked) => {
    const all = here("aws:sns/topicSubscription:TopicSubscription", asked).filter(({ properties }) => properties.topic === TopicArn);
    const { items, next } = pageOf(all, NextToken, 100);
    const Subscriptions = items.map(({ id, properties: { protocol, endpoint, pendingConfirmation } }) => ({
      ...{ TopicArn, Protocol: String(protocol), Endpoint: String(endpoint), Owner: asked.place.account },
      SubscriptionArn: pendingConfirmation === true ? "PendingConfirmation" : id,
    }));
    return { Subscriptions, ...(next === undefined ? {} : { NextToken: next }) };
  },
} satisfies OperationsOf<SNS>;
