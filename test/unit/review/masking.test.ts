/** No credential leaves a review, whether the engine marked it, its name tells, or its look. */

import { describe, expect, test } from "vitest";
import { maskPair, scrub } from "../../../ops/review/masking.ts";
import { reviewPreview } from "../../../ops/review/stackReview.ts";
import { fc } from "../../harness/campaign.ts";

const planted = "correct-horse-battery-staple";

/** Everything that is written down of a review. */
function written(before: Record<string, unknown>, after: Record<string, unknown>, diagnostics: readonly string[] = []): string {
  const type = "aws:lambda/function:Function";
  const digest = {
    steps: [
      {
        op: "update",
        urn: `urn:pulumi:s::p::${type}::f`,
        oldState: { type, inputs: before, outputs: before },
        newState: { type, inputs: after },
        detailedDiff: null,
      },
    ],
    diagnostics: diagnostics.map((message) => ({ severity: "error", message })),
  };
  return JSON.stringify(reviewPreview({ project: "p", stack: "s", exitCode: 0, stdout: JSON.stringify(digest), stderr: "" }));
}

describe("both sides are masked", () => {
  test.each([
    ["a property becomes secret", { url: planted }, { url: "[secret]" }],
    ["a secret becomes plain", { url: "[secret]" }, { url: planted }],
    ["a whole object becomes secret", { env: { A: planted } }, { env: "[secret]" }],
    ["inside of a list", { list: ["a", planted] }, { list: ["a", "[secret]"] }],
    ["by its name", { masterUserPassword: "x" }, { masterUserPassword: planted }],
    ["by its name, deep inside", { a: [{ authToken: planted }] }, { a: [{ authToken: `${planted}2` }] }],
  ])("%s", (_, before, after) => expect(written(before, after)).not.toContain(planted));

  test("also where the same text stands elsewhere: another property, a message of the engine", () => {
    const text = written({ url: planted, copy: `postgres://u:${planted}@h` }, { url: "[secret]", copy: "other" }, [
      `cannot reach ${planted}`,
    ]);
    expect(text).not.toContain(planted);
    expect(text).toContain("[secret]");
  });

  test("names of secrets stay readable", () => {
    const { before, after } = maskPair({ secretArn: "arn:1", tokenLifetime: 5 }, { secretArn: "arn:2", tokenLifetime: 6 });
    expect([before, after]).toEqual([
      { secretArn: "arn:1", tokenLifetime: 5 },
      { secretArn: "arn:2", tokenLifetime: 6 },
    ]);
  });

  test("whatever the shape", () => {
    const value = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<never>;
    fc.assert(
      fc.property(value, fc.array(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 3 }), (other, path) => {
        const wrap = (inner: unknown) => path.reduceRight<unknown>((at, key) => ({ [key]: at }), inner) as never;
        const { before, after } = maskPair(wrap({ here: planted, other }), wrap({ here: "[secret]", other }));
        expect(JSON.stringify([before, after])).not.toContain(planted);
      }),
    );
  });
});

test.each([
  ["an access key", "AKIAIOSFODNN7EXAMPLE"],
  ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"],
  ["a token of GitHub", `ghp_${"a1".repeat(18)}`],
  ["a token of Slack", "xoxb-1234567890-abcdef"],
  ["a hook of Slack", "https://hooks.slack.com/services/T0/B0/xyz"],
  ["a hook of PagerDuty", "https://events.pagerduty.com/integration/0123456789abcdef/enqueue"],
  ["a web token", `eyJhbGciOiJIUzI1NiJ9.${"e".repeat(20)}.${"s".repeat(20)}`],
  ["a key of OpenAI", `sk-proj-${"k".repeat(40)}`],
  ["a password in an address", "hunter2secret"],
])("%s is told by its look", (_, secret) => {
  const text = scrub(`before ${secret === "hunter2secret" ? `mongodb+srv://app:${secret}@cluster` : secret} after`);
  expect(text).not.toContain(secret);
  expect(text).toMatch(/^before .*\[secret\].* after$/s);
});
