/** Rules that hold a secret are secret as a whole, and a review sees nothing of what changes among them. */
import { expect, test } from "vitest";
import { reviewPreview } from "../../../ops/review/stackReview.ts";

const type = "cloudflare:index/ruleset:Ruleset";

/** Risk and headline of what a review says of a ruleset that goes from inputs to inputs. */
function told(before: object, after: object): unknown[] {
  const state = (inputs: object, outputs: object) => ({
    type,
    custom: true,
    inputs: { phase: "http_request_late_transform", ...inputs },
    outputs,
  });
  const step = {
    ...{ op: "update", urn: `urn:pulumi:s::p::${type}::edge-zone-http_request_late_transform`, detailedDiff: null },
    diffReasons: ["rules", "lastUpdated", "version"],
    oldState: state(before, { lastUpdated: "2026-11-30T05:07:27Z", version: "3" }),
    newState: state(after, {}),
  };
  const { stories } = reviewPreview({ project: "p", stack: "s", exitCode: 0, stdout: JSON.stringify({ steps: [step] }), stderr: "" });
  return stories.map(({ risk, headline }) => [risk, JSON.stringify(headline)]);
}

test("C9 a change among rules that hold a secret is told as one of traffic", () => {
  const secret = { rules: "[secret]" };
  expect(told(secret, secret)).toEqual([["traffic", expect.stringContaining("edge-zone-http_request_late_transform")]]);
});
