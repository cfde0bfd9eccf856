/** What a one-off task is made with: one container that runs to its end. */
import { logRetentionDays, pinnedImage } from "../contract/fields.ts";
import { holds } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";
import { fargateSize, serviceFields } from "../service/contract.ts";
import { environmentRules } from "../service/environmentContract.ts";

/** What the component is made with. */
export const task = z
  .strictObject({
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
  })
  .superRefine(holds(({ environment }) => environmentRules(environment)));
