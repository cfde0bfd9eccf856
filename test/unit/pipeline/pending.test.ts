/** What a database does later is no drift; whatever else differs is. */
import { expect, test } from "vitest";
import { withoutPending } from "../../../ops/ci/pending.ts";
import { reviewPreview } from "../../../ops/review/stackReview.ts";

const urn = "urn:pulumi:s::p::slipway:database:Postgres$aws:rds/instance:Instance::main";
const state = (inputs: object) => ({ type: "aws:rds/instance:Instance", custom: true, inputs });
const live = (before: object, after: object) =>
  reviewPreview({
    ...{ project: "p", stack: "s", exitCode: 0, stderr: "" },
    stdout: JSON.stringify({
      steps: [{ op: "update", urn, oldState: state(before), newState: state(after) }],
      changeSummary: { update: 1 },
    }),
  });
const waits = [{ urn, properties: ["instanceClass"], lines: [] }];

test("a class that waits is taken out; one that nobody waits with, or beside another difference, stays", () => {
  const waiting = live({ instanceClass: "b" }, { instanceClass: "a" });
  expect(waiting).toMatchObject({ status: "changes", changes: [{ name: "main" }] });
  expect(withoutPending(waiting, waits)).toMatchObject({ status: "same", changes: [], stories: [] });
  expect(withoutPending(waiting, [{ ...waits[0]!, properties: ["multiAz"] }])).toEqual(waiting);
  expect(withoutPending(waiting, [{ ...waits[0]!, urn: urn.replace("::main", "::other") }])).toEqual(waiting);
  const more = live({ instanceClass: "b", publiclyAccessible: false }, { instanceClass: "a", publiclyAccessible: true });
  expect(withoutPending(more, waits)).toEqual(more);
});
