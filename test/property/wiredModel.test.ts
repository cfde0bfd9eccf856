/** The product as it is wired, driven by operators, alarms and accidents against the model of ECS: what `up`, the rollback function and a person's word do to each other. */
import { beforeEach, expect, test, vi } from "vitest";
import { fc, soaking } from "../harness/campaign.ts";
import { product } from "../model/wired/product.ts";
import { playWired, wiredSequence } from "../model/wired/sequences.ts";

beforeEach(() => void vi.spyOn(console, "log").mockImplementation(() => {}));

test.each(["ecs", "kubernetes"] as const)(
  "on %s no sequence undoes a rollback, holds one, loses a mark, gives traffic to nobody, or leaves a record that is not so",
  async (compute) => {
    const exits = new Set<string>();
    const one = async (commands: Parameters<typeof playWired>[1]) => {
      for (const exit of Object.keys(await playWired(product, commands, compute))) exits.add(exit);
    };
    await fc.assert(fc.asyncProperty(wiredSequence, one), { numRuns: soaking ? 2000 : 200 });
    // What never comes about is not judged.
    expect([...exits]).toEqual(
      expect.arrayContaining(["up good", "up refused", "up failed", "alarm good", "alarm failed", "acknowledge good", "taken back"]),
    );
  },
);
