/** What somebody changed behind the engine's back, and what a fault leaves, is seen and put right by the next update. */
import { existsSync } from "node:fs";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changesOf } from "../../ops/engine/changes.ts";
import type { Session } from "../../ops/engine/session.ts";
import { copyState } from "../../ops/engine/stateCopy.ts";
import { findEngine } from "../../sandbox/engine/engine.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const rule = "aws:lb/listenerRule:ListenerRule";

describe("a running stack", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  const ruleId = () => stack.live(rule).find(({ createdFor }) => createdFor.endsWith("::coinestate-staging-use1-api"))!.id;

  beforeAll(() => stack.prepare());
  afterAll(() => stack.remove());

  test("weights moved in the console: the preview reads what is live, the update puts them back", async () => {
    const moved = await stack.slipway("sandbox", "set", ruleId(), "actions[0].forward.targetGroups[1].weight", "40");
    expect(moved.exitCode, moved.stderr).toBe(0);
    const preview = await stack.slipway("preview", "--stack", "staging", "--json", "--non-interactive");
    expect(preview.exitCode).toBe(0);
    expect(preview.stderr).toContain("The live traffic weights are not those in the state");
    expect(changesOf(preview).changes.map(({ op, name }) => `${op} ${name}`)).toEqual(["update coinestate-staging-use1-api"]);
    expect(stack.liveWeights("api")).toEqual([100, 40]);
    const up = await stack.up();
    expect(up.exitCode).toBe(0);
    expect(up.stderr).toContain("the state said 100/0, live is 100/40");
    expect(stack.liveWeights("api")).toEqual([100, 0]);
  });

  test("weights moved in the console and a read that fails once: the update tries again and puts them back", async () => {
    await stack.slipway("sandbox", "set", ruleId(), "actions[0].forward.targetGroups[1].weight", "40");
    const up = await stack.up("--fault", `fail read ${rule} 1`);
    expect(up.exitCode, up.stderr).toBe(0);
    expect(stack.liveWeights("api")).toEqual([100, 0]);
  });

  test("weights that cannot be read at all stop the update, loudly", async () => {
    await stack.slipway("sandbox", "set", ruleId(), "actions[0].forward.targetGroups[1].weight", "40");
    const faults = Array.from({ length: 40 }, (_, index) => ["--fault", `fail read ${rule} ${index + 1}`]).flat();
    const up = await stack.up(...faults);
    expect(up.exitCode).toBe(1);
    expect(up.stderr).toContain("The live traffic weights could not be read in 3 tries, so nothing was changed");
    expect((await stack.up()).exitCode).toBe(0);
    expect(stack.liveWeights("api")).toEqual([100, 0]);
  });

  test("a rule deleted in the console is made again", async () => {
    stack.forget(ruleId());
    expect(stack.liveWeights("api")).toEqual([]);
    const { exitCode, stdout, stderr } = await stack.up();
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stack.liveWeights("api")).toEqual([100, 0]);
  });

  test("anything else that drifted is read by refresh and put back by the next update", async () => {
    const group = stack.live("aws:lb/targetGroup:TargetGroup")[0]!;
    await stack.slipway("sandbox", "set", group.id, "healthCheck.path", '"/nowhere"');
    expect((await stack.refresh()).exitCode).toBe(0);
    const { changes } = await stack.update();
    expect(changes.map(({ op, type, paths }) => [op, type, paths])).toEqual([
      ["update", "aws:lb/targetGroup:TargetGroup", ["healthCheck.path"]],
    ]);
    expect(stack.live("aws:lb/targetGroup:TargetGroup").find(({ id }) => id === group.id)!.properties).toEqual(group.properties);
  });

  test("a call that fails leaves an error, and the next update finishes", async () => {
    stack.set({ "services.api.release.candidateWeight": 5 });
    const failed = await stack.up("--fault", `fail update ${rule} 1 before`);
    expect(failed.exitCode).not.toBe(0);
    expect(failed.stdout).toContain("injected: update of aws:lb/listenerRule:ListenerRule fails before the live write");
    expect(stack.liveWeights("api")).toEqual([100, 0]);
    expect((await stack.up()).exitCode).toBe(0);
    expect(stack.liveWeights("api")).toEqual([95, 5]);
  });

  test("a call that fails after its write is the same drift", async () => {
    stack.set({ "services.api.release.candidateWeight": 25 });
    expect((await stack.up("--fault", `fail update ${rule} 1 after`)).exitCode).not.toBe(0);
    expect(stack.liveWeights("api")).toEqual([75, 25]);
    stack.set({ "services.api.release.candidateWeight": 0 });
    expect((await stack.up()).exitCode).toBe(0);
    expect(stack.liveWeights("api")).toEqual([100, 0]);
  });

  test("a copy of what a shared backend exports is the same state to the engine", async () => {
    const capture = async (args: readonly string[]) => stack.slipway("pulumi", "--stack", "staging", ...args);
    const shared = { backend: { kind: "shared", url: "gs://state" }, project: { name: "slipway" }, stack: "staging", capture };
    const copy = await copyState(shared as unknown as Session);
    try {
      const { pulumi } = await findEngine(() => {});
      const env = { ...copy.environment, PULUMI_CONFIG_PASSPHRASE: "sandbox" };
      const { stdout } = await execa(pulumi, ["stack", "export", "--stack", "staging", "--show-secrets"], { cwd: stack.folder, env });
      const original = await capture(["stack", "export", "--show-secrets"]);
      const resources = (text: string) => (JSON.parse(text) as { deployment: { resources: unknown[] } }).deployment.resources;
      expect(resources(stdout).length).toBeGreaterThan(50);
      expect(resources(stdout)).toEqual(resources(original.stdout));
    } finally {
      copy.remove();
    }
    expect(existsSync(new URL(copy.environment.PULUMI_BACKEND_URL ?? ""))).toBe(false);
  });

  test("a slow call only takes its time", async () => {
    stack.set({ "services.api.release.candidateWeight": 50 });
    const started = performance.now();
    expect((await stack.up("--fault", `delay update ${rule} 1 before 4s`)).exitCode).toBe(0);
    expect(performance.now() - started).toBeGreaterThan(4000);
    expect(stack.liveWeights("api")).toEqual([50, 50]);
  });
});
