/**
 * The line of the config that a review names behind a change is one that causes it: of two lines that somebody changes together, held
 * against graphs that have each alone.
 */
import "../harness/quickSdk.ts"; // first: it changes the SDK that the others import
import { expect, test } from "vitest";
import { causesOf } from "../../ops/review/causes.ts";
import { changesIn } from "../../ops/review/change.ts";
import { configLines } from "../../ops/review/configLines.ts";
import { readDigest } from "../../ops/review/digest.ts";
import { fc, soaking } from "../harness/campaign.ts";
import { configOf, exampleStacks, parse } from "../harness/config.ts";
import { changesOf, withChanges } from "../harness/configChanges.ts";
import { type PlannedStack, planned, previewed } from "../harness/plannedStack.ts";

type Raw = Readonly<Record<string, unknown>>;

/** The part of changes for which a line is named that did not cause it: names and values cannot tell more. Measured: 9 of 915. */
const mostWrong = soaking ? 0.02 : 0.05;

const stacks = soaking ? ["production", ...exampleStacks.filter((one) => one.endsWith("/production"))] : ["smartduka/staging"];
const pairs = soaking ? 25 : 8;

const side = (raw: Raw) => ({ raw, originOf: () => undefined });
const changed = (from: PlannedStack, to: PlannedStack) => changesIn(readDigest(previewed(from, to)) ?? {}).changes;
const lies = (path: string, near: string) => path.startsWith(near) || near.startsWith(path);

/** One after the other, as the SDK's mocks have one stack at a time. @returns undefined where config or program refuse one: that is no review */
async function graphsOf(raws: readonly Raw[], graph: (raw: Raw) => Promise<PlannedStack>): Promise<PlannedStack[] | undefined> {
  const graphs: PlannedStack[] = [];
  try {
    for (const raw of raws) graphs.push(await graph(raw));
    return graphs;
  } catch {
    return undefined;
  }
}

test("the line that is named behind a change caused it", { timeout: 900_000 }, async () => {
  const judged = { exact: 0, several: 0, wrong: [] as string[] };
  for (const stack of stacks) {
    const config = JSON.parse(JSON.stringify(configOf(stack))) as Raw;
    const { changes } = changesOf(config);
    const graph = (raw: Raw) => planned(parse(raw, stack), "names");
    const before = await graph(config);
    for (const pair of fc.sample(fc.tuple(fc.constantFrom(...changes), fc.constantFrom(...changes)), pairs)) {
      const both = withChanges(config, pair);
      const graphs = await graphsOf([...pair.map((one) => withChanges(config, [one])), both], graph);
      if (graphs === undefined) continue;
      const after = graphs.at(-1) ?? before;
      const alone = graphs.slice(0, -1).map((one) => new Set(changed(before, one).map(({ urn }) => urn)));
      const lines = configLines(side(config), side(both));
      for (const change of changed(before, after)) {
        const causes = pair.flatMap(({ path }, index) => (alone[index]?.has(change.urn) ? [path.join(".")] : []));
        if (causes.length === 0) continue; // takes both
        const said = causesOf(change, lines).map((index) => lines[index]?.path.join(".") ?? "");
        const right = said.filter((path) => causes.some((cause) => lies(path, cause)));
        if (right.length === 0) judged.wrong.push(`${stack} ${change.name}: ${said}, and not ${causes}`);
        else if (right.length < said.length) judged.several += 1;
        else judged.exact += 1;
      }
    }
  }
  const all = judged.exact + judged.several + judged.wrong.length;
  console.log(
    `${all} changes: ${judged.exact} by their line alone, ${judged.several} by that among others, ${judged.wrong.length} by another`,
  );
  expect(all).toBeGreaterThan(soaking ? 300 : 10);
  expect(judged.wrong.length / all, judged.wrong.join("\n")).toBeLessThanOrEqual(mostWrong);
});
