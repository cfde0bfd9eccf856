/** The core of releases, driven by operators, pipelines, alarms and accidents against a model of ECS and the load balancer that shares no code with it. */
import { expect, test } from "vitest";
import { fc, soaking } from "../harness/campaign.ts";
import { core } from "../model/core.ts";
import { examples } from "../model/examples.ts";
import { play, sequence } from "../model/sequences.ts";

test("no sequence gives traffic to nobody, holds a rollback, loses a mark, or says deployed of what does not run", () => {
  const exits: Record<string, number> = {};
  const one = (commands: Parameters<typeof play>[1]) => {
    for (const [exit, times] of Object.entries(play(core, commands))) exits[exit] = (exits[exit] ?? 0) + times;
  };
  fc.assert(fc.property(sequence, one), { numRuns: soaking ? 2000 : 200 });
  // What never comes about is not judged.
  const wanted = [
    "up good",
    "up failed",
    "advance good",
    "next good",
    "promote good",
    "plainUp good",
    "rollBack good",
    "acknowledged good",
  ];
  expect(Object.keys(exits)).toEqual(expect.arrayContaining([...wanted, "next refused", "labelsSwapped good", "failed good"]));
});

test.each(examples)("$title", ({ check }) => {
  expect(() => check(core)).not.toThrow();
});
