/** What an encryption key is made with. */
import { distinct, range, text } from "../contract/fields.ts";
import { z } from "../contract/zod.ts";

/** AWS services that publish to topics by themselves. */
export const topicPublishers = ["cloudwatch", "events", "backup", "budgets"] as const;

export const encryptionKey = z.strictObject({
  description: text(1, 8192, "what is encrypted with it, in a few words"),
  users: distinct(z.enum(["logs", "cloudfront", "deadLetters", ...topicPublishers]))
    .default([])
    .describe(
      "AWS services that use the key by themselves, each with the narrowest condition that works; by default none, only IAM policies",
    ),
  deletionDays: range(7, 30, "days between the deletion of the key and the loss of what it encrypts").default(30),
});
