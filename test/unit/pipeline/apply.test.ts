/** What `ci apply` does around an update: what was approved, the backup before it, and that nothing moved meanwhile. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { deployedBackups } from "../../../ops/backup/vaults.ts";
import { type ApplySteps, applyStack, notApproved } from "../../../ops/ci/apply.ts";
import { wordOn } from "../../../ops/ci/gate.ts";
import { reviewPreview, type StackReview } from "../../../ops/review/stackReview.ts";
import { UserError } from "../../../ops/userError.ts";
import { FakeGitHub } from "../../harness/fakeGitHub.ts";

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
  const word = vi.fn<ApplySteps["word"]>();
  const used = vi.fn<ApplySteps["used"]>();
  const free = vi.fn<ApplySteps["free"]>();
  const errors: string[] = [];
  const said: string[] = [];
  const health: string[] = [];
  const options = () => ({ stack: "production", approved, backup: true, health, healthSeconds: 0, lockSeconds: 7 });
  const apply = () => applyStack(options(), [], { preview, backUp, update, newest, word, used, free });
  const approve = (review: StackReview) => writeFileSync(approved, JSON.stringify(review));

  beforeEach(() => {
    order.length = 0;
    folder = mkdtempSync(join(tmpdir(), "slipway-apply-"));
    approved = join(folder, "review.json");
    approve(weightOf(5));
    errors.length = 0;
    said.length = 0;
    health.length = 0;
    vi.spyOn(console, "log").mockImplementation((text: string) => void said.push(text));
    vi.spyOn(console, "error").mockImplementation((text: string) => void errors.push(text));
    vi.stubEnv("GITHUB_SHA", "a".repeat(40));
    newest.mockImplementation(async () => "a".repeat(40));
    word.mockImplementation(async () => ({ kind: "given", lines: [] }));
    used.mockImplementation(async () => undefined);
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

  test("V1 is made without a backup where the stack backs nothing up yet, and says so", async () => {
    backUp.mockImplementation(async () => Object.keys(deployedBackups({ resources: [], pendingOperations: [] }, "production")).length);
    expect(await apply()).toBe(0);
    expect(order).toEqual(["update"]);
    expect(said.join("\n")).toContain("production backs nothing up yet");
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

  test("V9 of what may lose data is not made before somebody else has acknowledged it", async () => {
    const grave = reviewOf({ "aws:rds/instance:Instance::main": [{ deletionProtection: true, identifier: "main" }, undefined] });
    expect(grave.risk).toBe("data-loss");
    approve(grave);
    preview.mockImplementation(async () => grave);
    word.mockImplementation(wordOn);
    const github = new FakeGitHub();
    for (const [name, value] of Object.entries(await github.start())) vi.stubEnv(name, value);
    newest.mockImplementation(async () => github.head);
    try {
      expect(await apply()).toBe(notApproved);
      expect(order).toEqual([]);
      expect(errors.join()).toContain("production: data is at stake, and nobody who wrote no part of it has acknowledged that.");
      expect(errors.join()).toContain(`ack ${grave.hash.slice(0, 12)}\n`);
      github.seed("grace", `ack ${grave.hash.slice(0, 12)}`);
      expect(await apply()).toBe(0);
      expect(order).toEqual(["backup", "update"]);
    } finally {
      github.stop();
    }
  });

  test("tells the engine which approval it uses, and one that was used is good for nothing more", async () => {
    expect(await apply()).toBe(0);
    const [, , flags] = update.mock.lastCall!;
    const message = `change set ${weightOf(5).hash.slice(0, 16)}, planned , https://github.com/acme/shop/actions/runs/42`;
    expect(flags.slice(flags.indexOf("--message"))).toEqual(["--message", message]);
    order.length = 0;
    used.mockImplementation(async () => "2026-11-30T22:00:00.000Z");
    expect(await apply()).toBe(notApproved);
    expect(order).toEqual([]);
    expect(errors.join()).toContain("was applied at 2026-11-30T22:00:00.000Z, and its approval is good for that one apply");
    // Where nothing is left to change, a second run of the job is as good as the first.
    preview.mockImplementation(async () => reviewOf({}));
    expect(await apply()).toBe(0);
    expect(order).toEqual([]);
  });

  describe("whose plan said no change, beside an earlier run", () => {
    beforeEach(() => approve(reviewOf({})));

    test("makes what gives traffic back, of the newest commit alone", async () => {
      preview.mockImplementation(async () => weightOf(5, 50));
      expect(await apply()).toBe(0);
      expect(order).toEqual(["update"]);
      newest.mockImplementation(async () => "b".repeat(40));
      expect(await apply()).toBe(notApproved);
      expect(order).toEqual(["update"]);
    });

    test("makes what the pull request's reviewers read, and nothing that nobody did", async () => {
      preview.mockImplementation(async () => reviewOf(retention("one", 14)));
      expect(await apply()).toBe(0);
      order.length = 0;
      word.mockImplementation(async () => ({ kind: "missing", lines: ["nobody has read it"] }));
      expect(await apply()).toBe(notApproved);
      word.mockImplementation(async () => undefined); // outside of GitHub nobody has
      expect(await apply()).toBe(notApproved);
      expect(order).toEqual([]);
    });
  });

  test("V18 of what another engine planned is not made", async () => {
    approve({ ...weightOf(5), engine: "3.260.0" });
    preview.mockImplementation(async () => ({ ...weightOf(5), engine: "3.261.0" }));
    expect(await apply()).toBe(notApproved);
    expect(errors.join()).toContain("was planned by engine 3.260.0, and this is 3.261.0");
  });
});
