/** Every change of every example has one hash, whatever names are drawn at its preview; what is approved holds every part of it. */
import "../harness/quickSdk.ts"; // first: it changes the SDK that the others import
import { expect, test } from "vitest";
import { changeSetHash, isPartOf } from "../../ops/review/changeSet.ts";
import { reviewPreview, type StackReview } from "../../ops/review/stackReview.ts";
import { fc, soaking } from "../harness/campaign.ts";
import { configOf, exampleStacks, parse } from "../harness/config.ts";
import { type ConfigChange, changesOf, withChanges } from "../harness/configChanges.ts";
import { type PlannedStack, planned, previewed } from "../harness/plannedStack.ts";

type Config = Readonly<Record<string, unknown>>;

/** Two previews of the same, each with names of its own, and with steps in another order. */
async function twice(stack: string, config: Config, before: PlannedStack): Promise<readonly StackReview[]> {
  const reviews: StackReview[] = [];
  for (const seed of ["first", "second"]) {
    const { steps } = JSON.parse(previewed(before, await planned(parse(config, stack), seed, before))) as { readonly steps: unknown[] };
    const stdout = JSON.stringify({ steps: seed === "first" ? steps : steps.toReversed() });
    reviews.push(reviewPreview({ project: "slipway", stack, exitCode: 0, stdout, stderr: "" }));
  }
  return reviews;
}

/** URNs of what the two reviews tell differently. */
function differing([one, other]: readonly StackReview[]): string[] {
  const plans = [one, other].map((review) => new Map((review?.plan ?? []).map((change) => [change.urn, change])));
  const urns = new Set(plans.flatMap((plan) => [...plan.keys()]));
  const hash = (plan: (typeof plans)[number] | undefined, urn: string) => changeSetHash([plan?.get(urn) ?? []].flat());
  return [...urns].filter((urn) => hash(plans[0], urn) !== hash(plans[1], urn));
}

/** Changes of different objects, together: the n-th of each. */
function layersOf(changes: readonly ConfigChange[]): ConfigChange[][] {
  const byEntry = [...Map.groupBy(changes, ({ entry }) => entry).values()];
  const most = Math.max(...byEntry.map(({ length }) => length));
  return Array.from({ length: most }, (_, index) => byEntry.flatMap((some) => some.slice(index, index + 1)));
}

/** Previews what the program takes of these changes: where they are refused together, each half by itself. @returns how many it takes */
async function expectOneHash(stack: string, config: Config, before: PlannedStack, group: readonly ConfigChange[]): Promise<number> {
  const reviews = await twice(stack, withChanges(config, group), before).catch(() => undefined);
  if (reviews === undefined) {
    if (group.length < 2) return 0;
    const middle = Math.ceil(group.length / 2);
    const [first, second] = [group.slice(0, middle), group.slice(middle)];
    return (await expectOneHash(stack, config, before, first)) + (await expectOneHash(stack, config, before, second));
  }
  expect(differing(reviews), group.map(({ key }) => key).join("\n")).toEqual([]);
  expect(reviews[0]?.hash).toBe(reviews[1]?.hash);
  const { plan = [] } = reviews[0] ?? {};
  const parts = plan.filter((_, index) => index % 3 !== 0);
  expect(isPartOf(parts, plan)).toBe(true);
  expect(isPartOf(plan, parts)).toBe(plan.length === parts.length);
  return group.length;
}

const stacks = soaking ? exampleStacks : exampleStacks.filter((stack) => stack.endsWith("/production"));

test.each(stacks)("%s: made from nothing, and changed", { timeout: 3_600_000 }, async (stack) => {
  const config = JSON.parse(JSON.stringify(configOf(stack))) as Config;
  expect(differing(await twice(stack, config, new Map()))).toEqual([]);
  const before = await planned(configOf(stack), "before");
  const layers = layersOf(changesOf(config).changes);
  const [chosen = 0] = fc.sample(fc.nat(layers.length - 1), 1);
  let taken = 0;
  for (const layer of soaking ? layers : layers.slice(chosen, chosen + 1)) taken += await expectOneHash(stack, config, before, layer);
  expect(taken).toBeGreaterThan(0);
});
