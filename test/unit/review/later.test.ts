/** Config that changes no resource and takes effect later is told beside "no change". */
import { expect, test } from "vitest";
import { commentText } from "../../../ops/review/comment.ts";
import { linesOf, reviewOf } from "../../harness/craftedReview.ts";

const bakes = (...weights: number[]) => weights.map((weight) => ({ weight, bakeMinutes: 10 }));

const reviewed = (before: object, after: object) => {
  const type = "pulumi:pulumi:Stack";
  const state = { type, custom: false, outputs: { rollout: before } };
  const step = {
    op: "same",
    urn: `urn:pulumi:production::slipway::${type}::slipway-production`,
    oldState: state,
    newState: { type, custom: false },
  };
  return reviewOf({}, { steps: [step], config: { "slipway:rollout": JSON.stringify(after) } });
};

test("V23 a rollout that has fewer steps from now on is told, though no resource changes", () => {
  const canary = { strategy: "canary", steps: bakes(5, 25, 100), retainOldMinutes: 60 };
  const review = reviewed(canary, { steps: bakes(100) });
  expect(review.status).toBe("same");
  expect(linesOf(review)).toEqual(["guard rollout.steps 5/25/100 % → 100 % (nothing changes now; it counts from the next step on)"]);
  expect(commentText({ project: "p", commit: "c", reviews: [review] })).toContain("rollout.steps");
});

test("V23 a longer way back is told as what it is, and what stays is not", () => {
  const before = { strategy: "canary", steps: bakes(5, 100), retainOldMinutes: 60 };
  expect(linesOf(reviewed(before, { steps: bakes(5, 100), retainOldMinutes: 600 }))).toEqual([
    "routine rollout.retainOldMinutes 60 → 600 (nothing changes now; it counts from the next step on)",
  ]);
  expect(linesOf(reviewed(before, { steps: bakes(5, 100) }))).toEqual([]);
  const hurried = bakes(5, 100).map(({ weight }) => ({ weight, bakeMinutes: 1 }));
  expect(linesOf(reviewed(before, { steps: hurried }))[0]).toMatch(/^guard rollout\.steps 5 % for 10 min, .* → 5 % for 1 min, /);
});
