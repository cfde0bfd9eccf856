/** What `npm run scan` lets pass: few, each with a reason, and not one more without somebody deciding it. */
import { expect, test } from "vitest";
import type { Finding } from "../../scan/finding.ts";
import { readSkips, skips } from "../../scan/skips.ts";

const listed = readSkips();

test("the number of skips is frozen", () => {
  const count = (scanner: string) => listed.filter((skip) => skip.scanner === scanner).length;
  expect(
    Object.fromEntries(
      ["actionlint", "checkov", "kube-score", "kubeconform", "parliament", "zizmor"].map((scanner) => [scanner, count(scanner)]),
    ),
  ).toEqual({
    actionlint: 0,
    checkov: 37,
    "kube-score": 3,
    kubeconform: 2,
    parliament: 15,
    zizmor: 1,
  });
});

test("each has a reason in words, and none stands twice", () => {
  for (const { check, reason } of listed) expect(/^As [A-Z]/.test(reason) || reason.split(" ").length >= 8, check).toBe(true);
  const keys = listed.map(({ scanner, check, resource, detail }) => `${scanner} ${check} ${resource} ${detail}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test("a skip is for one check of one kind of resource", () => {
  for (const { resource, check } of listed) expect(resource, check).not.toBe("*");
  const finding: Finding = { scanner: "checkov", check: "CKV_AWS_145", resource: "aws_s3_bucket.use1-access-logs", detail: "encrypted" };
  const fits = (changes: Partial<Finding>) => listed.some((skip) => skips(skip, { ...finding, ...changes }));
  expect(fits({})).toBe(true);
  expect(fits({ resource: "aws_s3_bucket.use1-bucket-kyc" })).toBe(false);
  expect(fits({ check: "CKV_AWS_20" })).toBe(false);
  expect(fits({ scanner: "parliament" })).toBe(false);
});
