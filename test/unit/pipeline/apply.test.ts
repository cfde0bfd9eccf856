/** What `ci apply` does around an update: what was approved, the backup before it, and that nothing moved meanwhile. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startBackup } from "../../../ops/backup/backup.ts";
import { applyStack, notApproved } from "../../../ops/ci/apply.ts";
import { engineCommand } from "../../../ops/engine/commands.ts";
import { reviewStack } from "../../../ops/review/preview.ts";
import { reviewPreview, type StackReview } from "../../../ops/review/stackReview.ts";
import { UserError } from "../../../ops/userError.ts";

vi.mock("../../../ops/backup/backup.ts", () => ({ startBackup: vi.fn() }));
vi.mock("../../../ops/engine/commands.ts", () => ({ engineCommand: vi.fn() }));
vi.mock("../../../ops/review/preview.ts", () => ({ reviewStack: vi.fn() }));

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
  const apply = () => applyStack({ stack: "production", approved, backup: true, health: [], healthSeconds: 0 }, []);

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
    vi.mocked(reviewStack).mockImplementation(async () => weightOf(5));
    vi.mocked(startBackup).mockImplementation(async () => order.push("backup") * 0);
    vi.mocked(engineCommand).mockImplementation(async () => order.push("update") * 0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  test("is taken with the change set and the run as its reason, in characters that a tag may have", async () => {
    expect(await apply()).toBe(0);
    expect(order).toEqual(["backup", "update"]);
    const [flags] = vi.mocked(startBackup).mock.lastCall!;
    expect(flags).toMatchObject({ stack: "production", store: [] });
    expect(flags.reason).toBe(`before change set ${weightOf(5).hash.slice(0, 12)}: https://github.com/acme/shop/actions/runs/42`);
    expect(flags.reason).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
  });

  test("takes its time: what would happen is asked again after it, and refused when it is no longer what was approved", async () => {
    vi.mocked(startBackup).mockImplementation(async () => {
      vi.mocked(reviewStack).mockImplementation(async () => weightOf(50));
      return order.push("backup") * 0;
    });
    expect(await apply()).toBe(notApproved);
    expect(order).toEqual(["backup"]);
  });

  test.each<[string, () => Promise<number>]>([
    ["has failed", async () => 1],
    ["was refused", () => Promise.reject(new UserError("AWS Backup refused start-backup-job"))],
  ])("stops the update when it %s", async (_, answer) => {
    vi.mocked(startBackup).mockImplementation(answer);
    await expect(apply()).rejects.toThrow(/backup before the update of production failed.*so nothing was changed/is);
    expect(order).toEqual([]);
  });
});
