/** Config areas `access` and `budget`: who may change the stack from a pipeline, and what it may cost. */

import { pipelineAccess, pipelineState } from "../../access/contract.ts";
import { budget as monthlyBudget } from "../../budget/contract.ts";
import { settings } from "../../contract/fields.ts";
import { z } from "../../contract/zod.ts";

export const access = settings("roles that a pipeline takes by OIDC, without stored keys", {
  github: pipelineAccess
    .omit({ namePrefix: true })
    .optional()
    .describe("roles for GitHub Actions")
    .meta({ examples: [{ repository: "coinestate/infrastructure", apply: { kind: "branch", branch: "main" } }] }),
  state: pipelineState
    .optional()
    .describe("where the engine keeps its state, when that is in the same account")
    .meta({ examples: [{ bucket: "coinestate-pulumi-state" }] }),
});

export const budget = settings("what the stack may cost", {
  monthly: monthlyBudget
    .extend({
      scope: z
        .enum(["account", "stack"])
        .default("account")
        .describe("the whole account, or what carries the stack's System tag, which must be active for cost allocation"),
    })
    .optional()
    .describe("monthly cost budget; none when left out")
    .meta({ examples: [{ usd: 2000, emails: ["platform@coinestate.io"] }] }),
});
