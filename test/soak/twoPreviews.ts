/** Changes of the examples, drawn by a seed, each previewed twice by the real engine on the simulated cloud: both have one hash. */
import "../harness/quickSdk.ts"; // first: it changes the SDK that the others import
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatConfigPath } from "../../infra/config/problem.ts";
import { readReview } from "../../ops/review/review.ts";
import type { StackReview } from "../../ops/review/stackReview.ts";
import { fc } from "../harness/campaign.ts";
import { configOf, exampleStacks } from "../harness/config.ts";
import { type ConfigChange, changesOf, withChanges } from "../harness/configChanges.ts";
import { endHosts } from "../harness/host/commandProcess.ts";
import { StackUnderTest } from "../harness/stack.ts";

/** What came of the changes. */
export interface TwoPreviews {
  /** Changes whose two previews have one hash. */
  readonly same: number;
  /** Of these, changes that make or replace something, whose names are drawn at each preview. */
  readonly making: number;
  /** Changes of config of which no preview could be made, or which change no resource; others were drawn in their place. */
  readonly without: number;
  /** Stack and path of changes whose two previews differ. */
  readonly differing: readonly string[];
}

/** Stacks of one seed: the first update of each takes longer than many previews. */
const stacksOfSeed = 2;

/** Previews changes twice each until so many have changed a resource, or the minutes are over. */
export async function previewTwice(count: number, seed: number, minutes: number): Promise<TwoPreviews> {
  const until = performance.now() + minutes * 60_000;
  const stacks = drawn(exampleStacks, seed).slice(0, stacksOfSeed);
  const found = { same: 0, making: 0, without: 0, differing: [] as string[] };
  try {
    for (const [index, name] of stacks.entries()) {
      const wanted = Math.ceil((count * (index + 1)) / stacks.length);
      const stack = new StackUnderTest(name);
      try {
        await stack.prepare();
        const config = JSON.parse(JSON.stringify(configOf(name))) as Record<string, unknown>;
        for (const change of drawn(changesOf(config).changes, seed)) {
          if (found.same + found.differing.length >= wanted || performance.now() > until) break;
          const [one, other] = await reviews(stack, config, change);
          if (one?.status !== "changes" || other === undefined) found.without += 1;
          else if (one.hash !== other.hash) found.differing.push(`${name} ${formatConfigPath(change.path)}`);
          else {
            found.same += 1;
            if (one.changes.some(({ op }) => op === "create" || op === "replace")) found.making += 1;
          }
        }
      } finally {
        stack.remove();
      }
    }
  } finally {
    await endHosts();
  }
  return found;
}

function drawn<T>(all: readonly T[], seed: number): readonly T[] {
  return fc.sample(fc.shuffledSubarray([...all], { minLength: all.length }), { numRuns: 1, seed })[0] ?? [];
}

/** Two reviews of one change, each of a preview of its own; the stack's file is as it was afterwards. */
async function reviews(stack: StackUnderTest, config: Record<string, unknown>, change: ConfigChange): Promise<readonly StackReview[]> {
  const before = readFileSync(stack.file);
  const folder = mkdtempSync(join(tmpdir(), "slipway-two-previews-"));
  try {
    const [area = ""] = change.path;
    stack.set({ [area]: withChanges(config, [change])[area] });
    stack.push();
    stack.setSecrets();
    const found: StackReview[] = [];
    for (const out of ["one", "other"]) {
      const { exitCode } = await stack.slipway("review", "--stack", stack.stack, "--out", join(folder, out));
      if (exitCode !== 0) return found;
      found.push(readReview(join(folder, out, "review.json")));
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true });
    writeFileSync(stack.file, before);
  }
}
