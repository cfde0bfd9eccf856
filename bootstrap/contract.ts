/** What an account is prepared with. */
import { pipelineState } from "../components/access/contract.ts";
import { flag, keyName, mapByName, matching, range } from "../components/contract/fields.ts";
import { holds } from "../components/contract/rule.ts";
import { z } from "../components/contract/zod.ts";
import { aws, environment, regions, system } from "../components/environment/contract/account.ts";

/** Newest earlier versions that stay however old they are: a state that nobody changed for a year can be gone back from, too. */
export const versionsKept = 20;

const stack = z.strictObject({
  system,
  environment,
  regions: z.array(z.enum(regions)).min(1).describe("every AWS region of the stack"),
});

/** Config key `bootstrap:account`. */
export const account = z
  .strictObject({
    accountId: aws.shape.accountId,
    region: aws.shape.region.describe("AWS region of the state and of its key"),
    replicaRegion: z.enum(regions).describe("AWS region that has a copy of both, for the loss of the first"),
    bucket: pipelineState.shape.bucket.describe("name of the bucket for states; its copy has the other region behind it"),
    keyAlias: matching(/^alias\/(?!aws\/)[\w/-]{1,240}$/, "key alias", "alias of the key for secrets in states, in both regions").default(
      "alias/slipway",
    ),
    versionDays: range(1, 3650, `days that earlier versions of a state are kept; the newest ${versionsKept} stay`).default(90),
    github: flag(true, "make GitHub's identity provider, of which an account has one; stacks then say `access.github.provider: existing`"),
    stacks: mapByName("stacks of the account by name", keyName(40, "stack name"), stack, {
      production: { system: "coinestate", environment: "prod", regions: ["us-east-1"] },
    }),
    operators: mapByName(
      "people on call by the name of their sessions, each with the IAM user or role that takes the role",
      matching(/^[\w+=,.@-]{2,64}$/, "session name", "session name"),
      matching(/^arn:aws:iam::\d{12}:(?:user|role)\/[\w+=,.@/-]+$/, "ARN", "IAM user or role; of a user a second factor is asked for"),
      { jo: "arn:aws:iam::123456789012:user/jo" },
    ),
  })
  .superRefine(
    holds(({ region, replicaRegion }) =>
      replicaRegion === region ? [{ path: ["replicaRegion"], found: `is ${region}, as region`, allowed: "another region" }] : [],
    ),
  );
