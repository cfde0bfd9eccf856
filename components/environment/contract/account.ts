/** Config areas `system`, `environment`, `protect`, `tags` and `aws`: whose stack this is and where it runs. */
import { accountId, flag, group, keyName, matching } from "../../contract/fields.ts";
import { z } from "../../contract/zod.ts";

/** Regions of the partition `aws`; the ARNs of the others begin differently. */
export const regions = [
  ...["af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2"],
  ...["ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-7"],
  ...["ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1"],
  ...["eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1"],
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2"],
] as const;

export const system = keyName(20, "system name")
  .describe("name of the system that this stack runs, such as coinestate: lower-case letters, digits and hyphens, at most 20 characters")
  .meta({ examples: ["coinestate"], choose: true });

export const environment = keyName(20, "environment name")
  .describe(
    "short name of the environment, part of secret paths and tags, such as prod or staging: lower-case letters, digits and hyphens, at most 20 characters",
  )
  .meta({ examples: ["prod"], choose: true });

export const protect = flag(
  false,
  "refuse to delete stateful resources (keys, log and image stores, databases), in the engine and at AWS",
).meta({ examples: [true] });

export const tags = z
  .record(
    z
      .string()
      .min(1)
      .max(128)
      .regex(/^(?!aws:)[\p{L}\p{N} _.:/=+@-]+$/iu, {
        error: "tag key: letters, digits, spaces and _ . : / = + - @, not beginning with aws:",
      }),
    matching(
      /^[\p{L}\p{N} _.:/=+@-]*$/u,
      "tag value",
      "letters, digits, spaces and _ . : / = + - @, at most 256: what all of AWS's services take",
    ).max(256),
  )
  .refine((own) => Object.keys(own).length <= 40, { error: "at most 40 tags" })
  .default({})
  .describe("tags put on every resource that can carry them, at most 40, besides System, Environment and ManagedBy")
  .meta({ examples: [{ Team: "platform" }] });

export const aws = group("AWS account and region", {
  accountId: accountId("the only AWS account that this stack may touch").meta({
    examples: ["123456789012"],
    choose: true,
  }),
  region: z
    .enum(regions)
    .describe("AWS region that the stack runs in, such as us-east-1")
    .meta({ examples: ["us-east-1"], choose: true }),
});
