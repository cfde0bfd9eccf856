/** What `ci apply` does around an update: what was approved, the backup before it, and that nothing moved meanwhile. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ApplySteps, applyStack, notApproved } from "../../../ops/ci/apply.ts";
import { reviewPreview, type StackReview } from "../../../ops/review/stackReview.ts";
import { UserError } from "../../../ops/userError.ts";

/** What a preview says when one weight would change. */
function weightOf(weight: number): StackReview {
  const state = (value: number) => ({ type: "aws:lb/listenerRule:ListenerRule", custom: true, inputs: { weight: value } });
  const urn = "urn:pulumi:production::slipway::aws:lb/listenerRule:ListenerRule::use1-api";
  const digest = { steps: [{ op: "update", urn, oldState: state(0), newState: state(weight) }] };
  return reviewPreview({ project: "slipway", stack: "production", exitCode: 0, stdout: JSON.stringify(digest), stderr: "" });
}

describe("the backup before an update", () => {
  let folder = "";
  let approved = "";
  const order: string[] = [];
  const preview = vi.fn<ApplySteps["preview"]>();
  const backUp = vi.fn<ApplySteps["backUp"]>();
  const update = vi.fn<ApplySteps["update"]>();
  const options = () => ({ stack: "production", approved, backup: true, health: [], healthSeconds: 0 });
  const apply = () => applyStack(options(), [], { preview, backUp, update });

  beforeEach(() => {
    order.length = 0;
    folder = mkdtempSync(join(tmpdir(), "slipway-apply-"));
    approved = join(folder, "review.json");
    writeFileSync(approved, JSON.stringify(weightOf(5)));
    vi.spyOn(console, "log").mockReturnValue();
    vi.spyOn(console, "error").mockReturnValue();
    vi.stubEnv("GITHUB_STEP_SUMMARY", "");
    vi.stubEnv("GITHUB_SERVER_URL", "https://github.com");
    vi.stubEnv("GITHUB_REPOSITORY", "acme/shop");
    vi.stubEnv("GITHUB_RUN_ID", "42");
    preview.mockImplementation(async () => weightOf(5));
    backUp.mockImplementation(async () => order.push("backup") * 0);
    update.mockImplementation(async () => order.push("update") * 0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  test("is taken with the change set and the run as its reason, in characters that a tag may have", async () => {
    expect(await apply()).toBe(0);
    expect(order).toEqual(["backup", "update"]);
    const [flags] = backUp.mock.lastCall!;
    expect(flags).toMatchObject({ stack: "production", store: [] });
    expect(flags.reason).toBe(`before change set ${weightOf(5).hash.slice(0, 12)}: https://github.com/acme/shop/actions/runs/42`);
    expect(flags.reason).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
  });

  test("takes its time: what would happen is asked again after it, and refused when it is no longer what was approved", async () => {
    backUp.mockImplementation(async () => {
      preview.mockImplementation(async () => weightOf(50));
      return order.push("backup") * 0;
    });
    expect(await apply()).toBe(notApproved);
    expect(order).toEqual(["backup"]);
  });

  test.each<[string, () => Promise<number>]>([
    ["has failed", async () => 1],
    ["was refused", () => Promise.reject(new UserError("AWS Backup refused start-backup-job"))],
  ])("stops the update when it %s", async (_, answer) => {
    backUp.mockImplementation(answer);
    await expect(apply()).rejects.toThrow(/backup before the update of production failed.*so nothing was changed/is);
    expect(order).toEqual([]);
  });
});
