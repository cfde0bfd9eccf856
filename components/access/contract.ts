/** What the roles of a stack's pipeline are made with. */
import { flag, matching } from "../contract/fields.ts";
import { z } from "../contract/zod.ts";

const exact = (pattern: RegExp, error: string) => z.string().max(200).regex(pattern, { error });

/** Roles for GitHub Actions. */
export const pipelineAccess = z.strictObject({
  namePrefix: matching(
    /^[\w+=,.@-]{1,55}$/,
    "name prefix",
    "start of the names of roles and policies: up to 55 letters, digits and +=,.@_-; what the apply role may not change is told by it",
  ),
  repository: exact(/^[\w.-]+\/[\w.-]+$/, "repository")
    .describe("the only repository whose workflows may take the roles, owner/name")
    .meta({ examples: ["coinestate/infrastructure"] }),
  repositoryId: exact(/^\d{1,20}$/, "repository id")
    .optional()
    .describe("numeric id of the repository in quotes, which a re-created one of the same name does not have")
    .meta({ examples: ["123456789"] }),
  subjectPrefix: exact(/^repo:[\w.@/-]+$/, "subject prefix")
    .optional()
    .describe("start of the tokens' subject where it is not repo:owner/name; the repository's OIDC settings page shows it")
    .meta({ examples: ["repo:coinestate@1234/infrastructure@123456789"] }),
  workflow: exact(/^[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w.-]+\.ya?ml@refs\/heads\/[\w./-]+$/, "workflow")
    .optional()
    .describe("the only workflow file and branch that may apply; a stack whose apply names an environment must give it")
    .meta({ examples: ["coinestate/infrastructure/.github/workflows/deploy.yml@refs/heads/main"] }),
  provider: z
    .enum(["create", "existing"])
    .default("create")
    .describe("create GitHub's identity provider, of which an account has one, or use the existing one"),
  apply: z
    .discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("environment").describe("jobs that name a GitHub environment; its reviewers approve them"),
        environment: exact(/^[\w.-]{1,100}$/, "environment")
          .describe("GitHub environment")
          .meta({ examples: ["production"] }),
      }),
      z.strictObject({
        kind: z.literal("branch").describe("jobs on a branch that name no environment"),
        branch: exact(/^[\w./-]{1,100}$/, "branch")
          .describe("branch")
          .meta({ examples: ["main"] }),
      }),
    ])
    .describe("which jobs may apply")
    .meta({ examples: [{ kind: "environment", environment: "production" }] }),
  branch: exact(/^[\w./-]{1,100}$/, "branch")
    .default("main")
    .describe("branch that is deployed; its jobs may plan and look for drift"),
  readEnvironment: exact(/^[\w.-]{1,100}$/, "read environment")
    .optional()
    .describe("GitHub environment of jobs that plan and look for drift, which holds the token that reads Cloudflare; it needs workflow")
    .meta({ examples: ["slipway-read"] }),
  decryptInPreview: flag(false, "previews of pull requests may decrypt secrets in the state; never where the data is real"),
});

/** Where the engine keeps its state. */
export const pipelineState = z.strictObject({
  bucket: exact(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "bucket")
    .describe("bucket of the engine's state backend")
    .meta({ examples: ["coinestate-pulumi-state"] }),
  keyArn: exact(/^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]{36}$/, "key ARN")
    .optional()
    .describe("key of the secrets provider")
    .meta({ examples: ["arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"] }),
});
