/** A preview without secrets has a word for each, in the state as in the config: it cannot tell whether one differs. */
import { expect, test } from "vitest";
import { reviewPreview } from "../../../ops/review/stackReview.ts";

const subscription = "aws:sns/topicSubscription:TopicSubscription";
const secrets = { endpoint: "[secret]", protocol: "https" };

/** A step of one resource from inputs to inputs. */
function step(op: string, type: string, before: object, after: object, diff: Readonly<Record<string, string>>) {
  const detailedDiff = Object.fromEntries(Object.entries(diff).map(([path, kind]) => [path, { kind }]));
  return {
    op,
    urn: `urn:pulumi:s::p::${type}::one`,
    oldState: { type, custom: true, inputs: before },
    newState: { type, custom: true, inputs: after },
    detailedDiff: Object.keys(detailedDiff).length === 0 ? null : detailedDiff,
  };
}

/** What a review of a preview without secrets tells of a step. */
function told(one: ReturnType<typeof step>): unknown[] {
  const steps = one.op === "replace" ? ["create-replacement", "replace", "delete-replaced"].map((op) => ({ ...one, op })) : [one];
  const output = { project: "p", stack: "s", exitCode: 0, stdout: JSON.stringify({ steps }), stderr: "" };
  return reviewPreview({ ...output, secretsUnread: true }).changes.map(({ op, differences }) => [op, differences.map(({ path }) => path)]);
}

test("case 19 a preview without secrets does not tell of a secret that it did not read", () => {
  expect([
    told(step("replace", subscription, secrets, secrets, { endpoint: "UPDATE_REPLACE" })),
    told(step("update", "pulumi:providers:kubernetes", { kubeconfig: "[secret]" }, { kubeconfig: "[secret]" }, {})),
  ]).toEqual([[], []]);
});

test("what differs beside a secret is told, and does not replace for the secret's sake", () => {
  const after = { ...secrets, protocol: "email" };
  const both = step("replace", subscription, secrets, after, { endpoint: "UPDATE_REPLACE", protocol: "UPDATE" });
  expect(told(both)).toEqual([["update", ["protocol"]]]);
});

test.each([
  ["a value that becomes a secret", { url: "https://a" }, { url: "[secret]" }, "url"],
  ["a secret that becomes a value", { url: "[secret]" }, { url: "https://a" }, "url"],
])("%s is told", (_, before, after, path) => {
  expect(told(step("update", "aws:lambda/function:Function", before, after, { [path]: "UPDATE" }))).toEqual([["update", [path]]]);
});

test("an update without a difference or a secret stays a change", () => {
  expect(told(step("update", "aws:lambda/function:Function", { a: 1 }, { a: 1 }, {}))).toEqual([["update", []]]);
});
