/** What is new and what goes: with its properties, what it takes, and the feature's own consequence before that of its parts. */
import { expect, test } from "vitest";
import { commentText } from "../../../ops/review/comment.ts";
import { type CraftedStep, linesOf, reviewOf } from "../../harness/craftedReview.ts";

const comment = (steps: Readonly<Record<string, CraftedStep>>) => commentText({ project: "p", commit: "c", reviews: [reviewOf(steps)] });

test("V29 what is new and what goes is shown with its properties, without the provider's defaults", () => {
  const type = "aws:sqs/queue:Queue";
  const inputs = { visibilityTimeoutSeconds: 90, delaySeconds: 0, __defaults: ["delaySeconds"] };
  for (const text of [
    comment({ orders: { op: "create", type, after: inputs } }),
    comment({ orders: { op: "delete", type, before: inputs } }),
  ]) {
    expect(text).toContain("  - `visibilityTimeoutSeconds`: `90`\n");
    expect(text).not.toContain("delaySeconds");
  }
});

const rollback = (type: string, before: Record<string, unknown>, sources: Record<string, string[]> = {}): CraftedStep => {
  const urn = `urn:pulumi:production::slipway::slipway:rollback:AutoRollback$${type}::api-rollback`;
  const oldState = { type, custom: true, inputs: before, propertyDependencies: sources };
  return { op: "delete", type, more: { urn, oldState } };
};

test("V20 a rollback that is turned off is told as that, and its own logs and key are no data at stake", () => {
  const key = "urn:pulumi:production::slipway::aws:kms/key:Key::rollback-key";
  const review = reviewOf({
    function: rollback("aws:lambda/function:Function", {
      description: "production api: everything to the live colour when an alarm fires",
    }),
    logs: rollback("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 30 }, { kmsKeyId: [key] }),
    role: rollback("aws:iam/role:Role", {}),
    rule: rollback("aws:cloudwatch/eventRule:EventRule", {}),
    "rollback-key": { op: "delete", type: "aws:kms/key:Key" },
  });
  expect(linesOf(review)).toEqual([
    "guard api no longer rolls back by itself (a bad canary stays until somebody acts; 4 resources of it go)",
    "guard kms.key rollback-key goes (only logs and copies are encrypted with it)",
  ]);
});

test("V27 a grant under conditions is told with a space", () => {
  const statement = (sub: string) =>
    `{"Statement":[{"Effect":"Allow","Principal":{"Federated":"github"},"Action":"sts:AssumeRole","Condition":{"StringLike":{"sub":"${sub}"}}}]}`;
  const role: CraftedStep = {
    type: "aws:iam/role:Role",
    before: { assumeRolePolicy: statement("o/r") },
    after: { assumeRolePolicy: statement("*") },
  };
  expect(linesOf(reviewOf({ apply: role }))[0]).toBe("exposure github may now sts:AssumeRole (in apply, where StringLike sub *)");
});

test("V24 a review promises no policies that no command of this repository feeds", () => {
  expect(reviewOf({})).not.toHaveProperty("policies");
});
