/** What the real engine printed for each kind of change, and the comment that a reviewer reads. Update with `npx vitest -u`. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commentText } from "../../../ops/review/comment.ts";
import { plainText } from "../../../ops/review/phrase.ts";
import { reviewPreview } from "../../../ops/review/stackReview.ts";
import { type RecordedKind, recorded, recordedKinds } from "../../golden/review/recording.ts";

const golden = join(import.meta.dirname, "..", "..", "golden", "review");
const commit = "4f1c0de5a7b3e9d28c61f0b4a5d3e7c9b8a1f206";

function comment(...kinds: readonly RecordedKind[]): string {
  return `${commentText({ project: "slipway", commit, run: 7, reviews: kinds.map((kind) => reviewPreview(recorded(kind))) })}\n`;
}

/** First line of each review: gravest risk, then what it says. */
const firstLines: Readonly<Partial<Record<RecordedKind, readonly [string, string]>>> = {
  "canary-step": ["traffic", "api canary 5 % → 25 %"],
  rollback: ["traffic", "api rolled back: 5 % → 0 %"],
  "waf-rule-blocks": ["traffic", "WAF rule sql-injection log → block"],
  "aws-waf-rule-blocks": ["traffic", "WAF rule common log → block"],
  "backup-retention": ["guard", "backup retention of use1-db-main 35 → 14 days"],
  "iam-wildcard": [
    "exposure",
    "use1-api-execution, use1-api-execution-connections, use1-api-task-connections, use1-network-flow-logs, use1-web-execution may now s3:* on *",
  ],
  "protection-removed": ["guard", "protection of the whole stack is off, 10 resources"],
  capacity: ["guard", "capacity of use1-api-blue, use1-api-green 2–12 → 2–8 tasks"],
  image: ["routine", "image of use1-api-green changes"],
  "security-group-opened": ["exposure", "security group use1-alb opens 80 to the world"],
  "database-replaced": ["data-loss", "rds.instance use1-db-main is replaced: a new one, empty; the old one is deleted"],
  "versions-suspended": ["guard", "versions of objects of use1-access-logs, use1-bucket-metadata Enabled → Suspended"],
};

describe.each(Object.keys(recordedKinds) as RecordedKind[])("%s", (kind) => {
  test("the comment", async () => {
    await expect(comment(kind)).toMatchFileSnapshot(join(golden, `${kind}.md`));
  });
});

test.each(Object.entries(firstLines))("%s is told first, at its risk", (kind, [risk, line]) => {
  const { stories, risk: whole, status } = reviewPreview(recorded(kind as RecordedKind));
  expect([whole, stories[0]?.risk, plainText(stories[0]?.headline ?? []), status]).toEqual([risk, risk, line, "changes"]);
});

test("a deleted bucket and its key come before everything else", () => {
  const { stories, changes } = reviewPreview(recorded("bucket-deleted"));
  expect(stories.slice(0, 2).map(({ risk }) => risk)).toEqual(["data-loss", "data-loss"]);
  expect(changes.slice(0, 2).map(({ op, type }) => `${op} ${type}`)).toEqual(["delete kms.key", "delete s3.bucket"]);
});

test("a write to a bucket is told by action and bucket", () => {
  const [first] = reviewPreview(recorded("iam-broadening")).stories;
  expect(plainText(first?.headline ?? [])).toMatch(
    /^use1-api-task-connections may now s3:AbortMultipartUpload, s3:DeleteObject, s3:PutObject on arn:aws:s3:::use1-bucket-metadata-/,
  );
});

test("a preview that failed says why, and nothing else", () => {
  const review = reviewPreview(recorded("failed-preview"));
  expect([review.status, review.stories, review.changes]).toEqual(["failed", [], []]);
  expect(review.errors.join()).toContain("only the idle colour's image may change");
});

test("what became secret is in clear nowhere, on neither side", () => {
  const { stdout } = recorded("becomes-secret");
  expect(stdout).toContain("canary-in-clear-7f3a91"); // the engine itself shows what it was
  const review = reviewPreview(recorded("becomes-secret"));
  expect(JSON.stringify(review)).not.toMatch(/canary-in-(clear|secret)/);
  expect(comment("becomes-secret")).not.toMatch(/canary-in-(clear|secret)/);
  expect(review.changes[0]?.differences).toEqual([
    { path: "description", before: "[secret]", after: "[secret]", replaces: false, note: "secret" },
  ]);
});

test("several stacks in one comment: failures first seen, quiet ones in one line", async () => {
  const reviews = (["canary-step", "failed-preview", "nothing"] as const).map((kind) => ({
    ...reviewPreview(recorded(kind)),
    stack: kind,
  }));
  const text = commentText({
    project: "slipway",
    commit,
    run: 7,
    reviews,
    missing: ["lost"],
    reports: "https://github.com/o/r/actions/runs/1",
  });
  await expect(`${text}\n`).toMatchFileSnapshot(join(golden, "several-stacks.md"));
  expect(text).toContain(
    "## ⛔ failed-preview: refused: Pulumi.production.yaml has 1 problem; canary-step: traffic moves; 1 without a result",
  );
  expect(text).toContain("No change: nothing (195 resources).");
});
