/** What an image registry is made with. */
import { accountId, distinct, mapByName, range } from "../contract/fields.ts";
import { holds } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";

export const repositoryName = z
  .string()
  .min(2)
  .max(256)
  .regex(/^[a-z0-9]+(?:[._/-][a-z0-9]+)*$/, { error: "repository name" });

/** How long one repository keeps images. */
export const repository = z.strictObject({
  keepImages: range(2, 1000, "images kept, deployed ones apart; older ones are removed").default(50),
  keepReleases: range(10, 1000, "deployed images kept, by their tags release-…, however many are pushed after them").default(100),
  untaggedDays: range(1, 365, "days that an image without a tag is kept").default(7),
});

/** How the tags of deployed images begin. Tags do not change, so each image has one of its own. */
export const releaseTagStart = "release-";

/** Tag of a deployed image. @param digest `sha256:` and 64 hexadecimal digits */
export function releaseTag(digest: string): string {
  return `${releaseTagStart}${digest.replace("sha256:", "").slice(0, 12)}`;
}

export const registry = z.strictObject({
  repositories: mapByName("image repositories by name: immutable tags, scanned on push", repositoryName, repository.prefault({}), {
    "coinestate-api": {},
  }),
  pullAccounts: distinct(accountId("account whose stacks run the images"))
    .default([])
    .describe("other accounts whose stacks run these images: build once, deploy the same digest")
    .meta({ examples: [["123456789012"]] }),
});

export const registryReplication = z
  .strictObject({
    region: z.string().describe("AWS region that images are pushed to"),
    regions: distinct(z.string()).min(1).describe("regions that get a copy; each has repositories of the same names already"),
    repositories: z.array(z.string()).min(1).describe("names of the repositories, or how they begin"),
  })
  .superRefine(
    holds(({ region, regions }) =>
      regions.includes(region)
        ? [{ path: ["regions"], found: `has ${region}, which images are pushed to`, allowed: `other regions than ${region}` }]
        : [],
    ),
  );
