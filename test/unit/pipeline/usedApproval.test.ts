/** Whether an approval was used, by what engines leave in a stack's history. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { appliedBy, approvalMessage } from "../../../ops/ci/usedApproval.ts";
import { reviewOf } from "../../harness/craftedReview.ts";

const at = "2026-12-01T02:00:00.000Z";
const approved = reviewOf({ jobs: { before: { delaySeconds: 0 }, after: { delaySeconds: 5 } } }, {}, { at });
const minute = 60_000;
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-used-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: slipway\nruntime: nodejs\n");
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  for (const name of ["PULUMI_BACKEND_URL", "GITHUB_RUN_ID"]) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** An update as engine 3.276.0 notes it; its file is named by when it ended. @returns the file */
function note(message: string, result: "succeeded" | "failed", after: number): string {
  const history = join(folder, ".slipway", "state", ".pulumi", "history", "slipway", "production");
  mkdirSync(history, { recursive: true });
  const name = `production-${BigInt(Date.parse(at) + after) * 1_000_000n}`;
  const entry = { kind: "update", startTime: 1796090269, message, environment: {}, config: {}, result, endTime: 1796090271, version: 0 };
  const file = join(history, `${name}.history.json`);
  writeFileSync(file, JSON.stringify(entry));
  writeFileSync(join(history, `${name}.checkpoint.json`), "{}");
  return file;
}

test("an update of this plan that succeeded has used it, whichever run made it", async () => {
  expect(await appliedBy(approved)).toBeUndefined();
  vi.stubEnv("GITHUB_RUN_ID", "42");
  vi.stubEnv("GITHUB_REPOSITORY", "acme/shop");
  note(approvalMessage(approved), "succeeded", minute);
  expect(approvalMessage(approved)).toMatch(
    /^change set [0-9a-f]{16}, planned 2026-12-01T02:00:00.000Z, https:\/\/github.com\/acme\/shop\/actions\/runs\/42$/,
  );
  vi.stubEnv("GITHUB_RUN_ID", undefined);
  expect(await appliedBy(approved)).toBe("2026-12-01T02:01:00.000Z");
});

test.each<[string, () => void]>([
  ["that failed", () => note(approvalMessage(approved), "failed", minute)],
  ["of another change set", () => note(approvalMessage({ ...approved, hash: "0".repeat(64) }), "succeeded", minute)],
  [
    "of the same change set, planned at another time",
    () => note(approvalMessage({ ...approved, at: "2026-12-01T01:00:00.000Z" }), "succeeded", minute),
  ],
  ["by hand", () => note("", "succeeded", minute)],
])("an update %s has not", async (_, leave) => {
  leave();
  expect(await appliedBy(approved)).toBeUndefined();
});

test("what is older than the plan is not read", async () => {
  writeFileSync(note("", "succeeded", -60 * minute), "{");
  expect(await appliedBy(approved)).toBeUndefined();
});
