/** What places for secrets are made with. */
import { matching, range } from "../contract/fields.ts";
import { z } from "../contract/zod.ts";

/** Name that both stores accept: three to fifteen parts, each with a slash in front. */
export const secretName = z
  .string()
  .max(512)
  .regex(/^(?:\/[A-Za-z0-9_.-]+){3,15}$/, { error: "secret name: /<system>/<environment>/… with letters, digits, dots, hyphens" });

/** One secret. What else is said of it is for whoever sets its value. */
export const secret = z.object({
  // An SSM parameter cannot exist without a value, so only its name, key and readers are declared.
  store: z
    .enum(["parameter", "secretsManager"])
    .describe("parameter is an SSM SecureString, cheap, up to 4 KB; secretsManager is an entry of its own, up to 64 KB")
    .meta({ examples: ["parameter"] }),
  description: z
    .string()
    .max(200)
    .optional()
    .describe("what it is for")
    .meta({ examples: ["signs sessions"] }),
});

/** What the component is made with. */
export const secrets = z.strictObject({
  keyAlias: matching(
    /^alias\/(?!aws\/)[\w/-]{1,250}$/,
    "alias",
    "alias of the key, by which whoever sets a value names it: alias/ and letters, digits, hyphens, slashes, not alias/aws/",
  ),
  secrets: z.record(secretName, secret).describe("secrets by name"),
  recoveryDays: z
    .union([z.literal(0), range(7, 30, "days")])
    .default(30)
    .describe("days in which a deleted entry can be restored, 7 to 30, or 0 to delete at once; its name is taken until then"),
});

/** ARN of an SSM parameter, known before it exists. @param name with its leading slash */
export function parameterArn(region: string, accountId: string, name: string): string {
  return `arn:aws:ssm:${region}:${accountId}:parameter${name}`;
}
