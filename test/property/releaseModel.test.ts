/** The core of releases, driven by operators, pipelines, alarms and accidents against a model of ECS and the load balancer that shares no code with it. */
import { expect, test } from "vitest";
import { fc, soaking } from "../harness/campaign.ts";
import { core } from "../model/core.ts";
import { examples } from "../model/examples.ts";
import { calmSequence, play, sequence } from "../model/sequences.ts";

/** Plays sequences. @returns how writers ended */
function campaign(sequences: typeof sequence | typeof calmSequence): readonly string[] {
  const exits = new Set<string>();
  const one = (commands: Parameters<typeof play>[1]) => {
    for (const exit of Object.keys(play(core, commands))) exits.add(exit);
  };
  fc.assert(fc.property(sequences as fc.Arbitrary<Parameters<typeof play>[1]>, one), { numRuns: soaking ? 2000 : 200 });
  return [...exits];
}

/** What has to come about in any campaign: what never does is not judged. */
const ends = ["up good", "up failed", "advance good", "advance refused", "next good", "next refused", "promote good", "rollBack good"];

test("no sequence gives traffic to nobody, holds a rollback, loses a mark, or says deployed of what does not run", () => {
  expect(campaign(sequence)).toEqual(expect.arrayContaining([...ends, "plainUp good", "acknowledged good", "failed good"]));
});

test("where nobody is interrupted, what the law allows is allowed, and a good image is deployed at the next try", () => {
  expect(campaign(calmSequence)).toEqual(expect.arrayContaining([...ends, "labelsSwapped good", "acknowledged good", "failed good"]));
});

test.each(examples)("$title", ({ check }) => {
  expect(() => check(core)).not.toThrow();
});
