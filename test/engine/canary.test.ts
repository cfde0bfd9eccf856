/** A canary on the real engine: every step is one update of one resource, and only its weights. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ChangeSet, summarisePaths } from "../../ops/engine/changes.ts";
import { onlyApi, scarcelyWatched, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const ruleType = "aws:lb/listenerRule:ListenerRule";
const candidateWeight = "services.api.release.candidateWeight";
const live = "services.api.release.live";

describe.each([
  ["bench/production", scarcelyWatched],
  ["staging", unwatched],
])("%s", (name, edits) => {
  const stack = new StackUnderTest(name, { ...edits, ...onlyApi });

  async function step(weight: number, weights: readonly number[]): Promise<void> {
    stack.set({ [candidateWeight]: weight });
    const isStep = ({ changes }: ChangeSet) =>
      expect(changes.map(({ op, type, paths }) => [op, type, summarisePaths(paths)])).toEqual([
        ["update", ruleType, "actions[0].forward.targetGroups[*].weight"],
      ]);
    if (weight === 5) isStep(await stack.preview()); // what is announced is what is done
    isStep(await stack.update());
    expect(stack.liveWeights("api")).toEqual(weights);
  }

  beforeAll(() => stack.prepare());
  afterAll(() => stack.remove());

  test("a second update right after changes nothing", async () => {
    const before = stack.live();
    const { stdout, exitCode } = await stack.up();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Resources:\n\s+\d+ unchanged/);
    expect(stack.live()).toEqual(before);
  });

  test.each([
    [5, [95, 5]],
    [25, [75, 25]],
    [50, [50, 50]],
    [100, [0, 100]],
  ])("to %i %%", async (weight, weights) => step(weight, weights));

  test("the labels swap at 100 % and nothing changes", async () => {
    stack.set({ [live]: "green", [candidateWeight]: 0 });
    const { changes, unchanged, total } = await stack.update();
    expect([changes, unchanged]).toEqual([[], total]);
    expect(stack.liveWeights("api")).toEqual([0, 100]);
  });

  if (name === "staging")
    test("the old colour may go when the simulated cloud's clock says that it was kept long enough", async () => {
      const capacity = "services.api.release.blue.capacity";
      stack.set({ [capacity]: "zero" });
      const refused = await stack.slipway("preview", "--stack", name, "--non-interactive");
      expect(refused.stdout + refused.stderr).toMatch(/full, and zero from 20\S+Z on/);
      expect(refused.exitCode).not.toBe(0);
      expect((await stack.slipway("sandbox", "clock", "advance", "24h")).stdout).toContain("1 d ahead of this machine");
      expect((await stack.preview()).changes.map(({ urn }) => urn).join()).toContain("blue");
      await stack.slipway("sandbox", "clock", "reset");
      stack.set({ [capacity]: undefined });
    });

  test("a rollback is one step, from wherever the canary is", async () => {
    await step(100, [100, 0]);
    stack.set({ [live]: "blue" });
    await step(50, [50, 50]);
    await step(0, [100, 0]);
  });

  test("destroy leaves nothing", async () => {
    if (name === "bench/production") {
      stack.set({ protect: false });
      expect((await stack.up()).exitCode).toBe(0);
    }
    const { exitCode, stdout, stderr } = await stack.destroy();
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stack.live()).toEqual([]);
  });
});
