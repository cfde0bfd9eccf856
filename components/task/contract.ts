/** What a one-off task is made with: one container that runs to its end. */
import { logRetentionDays, matching } from "../contract/fields.ts";
import { z } from "../contract/zod.ts";
import { fargateSize, serviceFields } from "../service/contract.ts";

/** An image by what is in it: with a tag alone, another one may run tomorrow. */
export const pinnedImage = matching(
  /^[a-z0-9][a-z0-9.-]*(?::\d+)?\/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$/,
  "image",
  "image by registry, repository and digest",
).meta({ examples: [`123456789012.dkr.ecr.us-east-1.amazonaws.com/psql@sha256:${"0a".repeat(32)}`] });

/** What the component is made with. */
export const task = z.strictObject({
  image: pinnedImage,
  command: z
    .array(z.string())
    .min(1)
    .describe("command in place of the image's own")
    .meta({ examples: [["node", "migrate.js"]] }),
  environment: serviceFields.environment,
  architecture: serviceFields.architecture,
  user: serviceFields.user,
  writablePaths: serviceFields.writablePaths,
  egress: serviceFields.egress,
  ...fargateSize,
  logRetentionDays,
});
