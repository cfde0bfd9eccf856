/** SNS: a published message is kept, as nobody in the sandbox has a mailbox. */
import type { SNS } from "@aws-sdk/client-sns";
import { CloudError } from "../cloud/catalogue.ts";
import type { OperationsOf } from "./operation.ts";

/** Messages that were published; no resource of the engine has this type. */
const messageType = "aws:sns/topic:Message";

export const topics = {
  Publish: ({ TopicArn = "", Subject = "", Message = "" }, { store, place }) => {
    if (!store.all("aws:sns/topic:Topic").some(({ id, properties }) => id === TopicArn || properties.arn === TopicArn))
      throw new CloudError("NotFound", "Topic does not exist");
    const id = crypto.randomUUID();
    const properties = { topicArn: TopicArn, subject: Subject, message: Message, publishedAt: new Date().toISOString() };
    store.put({ type: messageType, id, scope: `${place.account}/${place.region}`, properties, createdFor: "Publish" });
    return { MessageId: id };
  },
} satisfies OperationsOf<SNS>;
