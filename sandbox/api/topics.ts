/** SNS: a published message is kept, as nobody in the sandbox has a mailbox. */
import { CloudError } from "../cloud/catalogue.ts";
import type { QueryOperation } from "./server.ts";

/** Messages that were published; no resource of the engine has this type. */
export const messageType = "aws:sns/topic:Message";

/** Operations by name. */
export const topics: Readonly<Record<string, QueryOperation>> = {
  Publish: (parameters, { store, place }) => {
    const topicArn = parameters.get("TopicArn") ?? "";
    if (!store.all("aws:sns/topic:Topic").some(({ id, properties }) => id === topicArn || properties.arn === topicArn))
      throw new CloudError("NotFound", "Topic does not exist");
    const id = crypto.randomUUID();
    const properties = {
      topicArn,
      subject: parameters.get("Subject") ?? "",
      message: parameters.get("Message") ?? "",
      publishedAt: new Date().toISOString(),
    };
    store.put({ type: messageType, id, scope: `${place.account}/${place.region}`, properties, createdFor: "Publish" });
    return `<MessageId>${id}</MessageId>`;
  },
};
