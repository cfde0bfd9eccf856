/** A right that a policy takes away is told, as a guard's matter, whatever else the policy changes: whoever needs it misses it at work. */
import { expect, test } from "vitest";
import { plainText } from "../../ops/review/phrase.ts";
import { reviewPreview } from "../../ops/review/stackReview.ts";
import { fc } from "../harness/campaign.ts";
import { digestOf } from "../review/trials.ts";

const some = <T>(...from: readonly T[]) => fc.subarray([...from], { minLength: 1 });
const statement = fc.record({
  Effect: fc.constantFrom("Allow", "Deny"),
  Action: some("s3:GetObject", "s3:PutObject", "s3:*", "kms:Decrypt", "logs:PutLogEvents", "*"),
  Resource: some("*", "arn:aws:s3:::files/*", "arn:aws:s3:::logs/*"),
});
const statements = fc.array(statement, { minLength: 1, maxLength: 4 });
type Statements = typeof statements extends fc.Arbitrary<infer Some> ? Some : never;

/** Actions that statements allow, each with a resource. */
function allowed(some: Statements): Set<string> {
  const allowing = some.filter(({ Effect }) => Effect === "Allow");
  return new Set(allowing.flatMap(({ Action, Resource }) => Action.flatMap((action) => Resource.map((on) => `${action} on ${on}`))));
}

test.each(["aws:iam/rolePolicy:RolePolicy", "aws:s3/bucketPolicy:BucketPolicy"])("%s: a right that goes is a guard's", (type) => {
  fc.assert(
    fc.property(statements, statements, fc.constantFrom("update" as const, "replace" as const), (before, after, op) => {
      const policy = (Statement: Statements) => ({ policy: JSON.stringify({ Statement }) });
      const change = { op, type, name: "x", before: policy(before), after: policy(after) };
      const { stories } = reviewPreview({ project: "p", stack: "s", exitCode: 0, stdout: digestOf([change]), stderr: "" });
      const taken = stories.filter(({ headline, detail = [] }) => plainText([...headline, ...detail]).includes("may no longer"));
      const left = allowed(after);
      const goes = [...allowed(before)].some((grant) => !left.has(grant));
      expect(taken.map(({ risk }) => risk)).toEqual(goes ? ["guard"] : []);
    }),
  );
});
