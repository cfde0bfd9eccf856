/** What `ci apply` does around an update: what was approved, the backup before it, and that nothing moved meanwhile. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ApplySteps, applyStack, notApproved } from "../../../ops/ci/apply.ts";
import { reviewPreview, type StackReview } from "../../../ops/review/stackReview.ts";
import { UserError } from "../../../ops/userError.ts";

const ruleType = "aws:lb/listenerRule:ListenerRule";
const groupType = "aws:cloudwatch/logGroup:LogGroup";

/** One resource of a preview, by type and name: its inputs before and after; without the latter it goes. */
type Steps = Readonly<Record<string, readonly [before: object, after: object | undefined]>>;

function reviewOf(steps: Steps): StackReview {
  const digest = {
    config: { "slipway:services": JSON.stringify({ api: { release: { live: "blue" } } }) },
    steps: Object.entries(steps).map(([typeAndName, [before, after]]) => {
      const [type = ""] = typeAndName.split("::");
      const state = (inputs: object) => ({ type, custom: true, inputs });
      const urn = `urn:pulumi:production::slipway::${typeAndName}`;
      if (after === undefined) return { op: "delete", urn, oldState: state(before) };
      return { op: "update", urn, oldState: state(before), newState: state(after) };
    }),
  };
  return reviewPreview({ project: "slipway", stack: "production", exitCode: 0, stdout: JSON.stringify(digest), stderr: "" });
}

/** What a preview says when one weight would change. */
function weightOf(weight: number, from = 0): StackReview {
  const rule = (green: number) => ({
    actions: [
      {
        forward: {
          targetGroups: [
            { arn: "use1-api-blue", weight: 100 - green },
            { arn: "use1-api-green", weight: green },
          ],
        },
      },
    ],
    tags: { Service: "api" },
  });
  return reviewOf({ [`${ruleType}::use1-api`]: [rule(from), rule(weight)] });
}

const retention = (name: string, days: number): Steps => ({
  [`${groupType}::${name}`]: [{ retentionInDays: 30 }, { retentionInDays: days }],
});

describe("an apply", () => {
  let folder = "";
  let approved = "";
  const order: string[] = [];
  const preview = vi.fn<ApplySteps["preview"]>();
  const backUp = vi.fn<ApplySteps["backUp"]>();
  const update = vi.fn<ApplySteps["update"]>();
  const newest = vi.fn<() => Promise<string | undefined>>();
  const errors: string[] = [];
  const health: string[] = [];
  const options = () => ({ stack: "production", approved, backup: true, health, healthSeconds: 0 });
  const apply = () => applyStack(options(), [], { preview, backUp, update, newest });
  const approve = (review: StackReview) => writeFileSync(approved, JSON.stringify(review));

  beforeEach(() => {
    order.length = 0;
    folder = mkdtempSync(join(tmpdir(), "slipway-apply-"));
    approved = join(folder, "review.json");
    approve(weightOf(5));
    errors.length = 0;
    health.length = 0;
    vi.spyOn(console, "log").mockReturnValue();
    vi.spyOn(console, "error").mockImplementation((text: string) => void errors.push(text));
    vi.stubEnv("GITHUB_SHA", "a".repeat(40));
    newest.mockImplementation(async () => "a".repeat(40));
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

  test("its backup is taken with the change set and the run as its reason, in characters that a tag may have", async () => {
    expect(await apply()).toBe(0);
    expect(order).toEqual(["backup", "update"]);
    const [flags] = backUp.mock.lastCall!;
    expect(flags).toMatchObject({ stack: "production", store: [] });
    expect(flags.reason).toBe(`before change set ${weightOf(5).hash.slice(0, 12)}: https://github.com/acme/shop/actions/runs/42`);
    expect(flags.reason).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
  });

  test("its backup takes its time: what would happen is asked again after it, and refused when it is no longer what was approved", async () => {
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
  ])("is not made when its backup %s", async (_, answer) => {
    backUp.mockImplementation(answer);
    await expect(apply()).rejects.toThrow(/backup before the update of production failed.*so nothing was changed/is);
    expect(order).toEqual([]);
  });

  test("V3 asks for health also when there is nothing to apply", async () => {
    health.push("http://127.0.0.1:1/health");
    preview.mockImplementation(async () => reviewOf({}));
    await expect(apply()).rejects.toThrow("http://127.0.0.1:1/health");
  });

  test("V4 of a commit that is no longer the branch's newest is not made", async () => {
    newest.mockImplementation(async () => "b".repeat(40));
    expect(await apply()).toBe(notApproved);
    expect(order).toEqual([]);
    expect(errors.join()).toContain(`superseded by ${"b".repeat(12)}`);
  });

  test("V4 is not made when the branch moves on during its backup", async () => {
    backUp.mockImplementation(async () => {
      newest.mockImplementation(async () => "b".repeat(40));
      return order.push("backup") * 0;
    });
    expect(await apply()).toBe(notApproved);
    expect(order).toEqual(["backup"]);
  });

  test("V11 makes what is left of what was approved", async () => {
    approve(reviewOf({ ...retention("one", 14), ...retention("other", 7) }));
    preview.mockImplementation(async () => reviewOf(retention("other", 7)));
    expect(await apply()).toBe(0);
    expect(order).toEqual(["backup", "update"]);
  });

  test("V11 refuses a part with another value, and what was not approved beside a part", async () => {
    approve(reviewOf({ ...retention("one", 14), ...retention("other", 7) }));
    for (const now of [retention("other", 1), { ...retention("other", 7), ...retention("third", 7) }]) {
      preview.mockImplementation(async () => reviewOf(now));
      expect(await apply()).toBe(notApproved);
    }
    expect(order).toEqual([]);
  });

  test("V12 that only returns traffic to the live colour waits for no backup and no newer commit", async () => {
    approve(weightOf(5, 25));
    preview.mockImplementation(async () => weightOf(5, 25));
    newest.mockImplementation(async () => "b".repeat(40));
    expect(await apply()).toBe(0);
    expect(order).toEqual(["update"]);
  });

  test("V12 waits for no backup either where only the return of traffic is left of what was approved", async () => {
    const [step] = weightOf(5, 25).plan;
    const whole = reviewOf(retention("one", 14));
    approve({ ...whole, plan: [...whole.plan, ...(step === undefined ? [] : [step])] });
    preview.mockImplementation(async () => weightOf(5, 25));
    expect(await apply()).toBe(0);
    expect(order).toEqual(["update"]);
  });

  test("V12 that gives a candidate more, or changes anything else, returns no traffic", () => {
    for (const review of [weightOf(25, 5), reviewOf({ ...retention("one", 14) })]) expect(review.returnsTraffic).toBe(false);
    expect(weightOf(5, 25).returnsTraffic).toBe(true);
  });

  test.fails("V9 of what may lose data is not made before somebody else has acknowledged it", async () => {
    const grave = reviewOf({ "aws:rds/instance:Instance::main": [{ deletionProtection: true, identifier: "main" }, undefined] });
    expect(grave.risk).toBe("data-loss");
    approve(grave);
    preview.mockImplementation(async () => grave);
    expect(await apply()).toBe(notApproved);
    expect(order).toEqual([]);
  });

  test("V18 of what another engine planned is not made", async () => {
    approve({ ...weightOf(5), engine: "3.260.0" });
    preview.mockImplementation(async () => ({ ...weightOf(5), engine: "3.261.0" }));
    expect(await apply()).toBe(notApproved);
    expect(errors.join()).toContain("was planned by engine 3.260.0, and this is 3.261.0");
  });
});
