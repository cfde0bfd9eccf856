/** How the bench holds its ratios against their limits, in full and in the short form that the gate runs. */
import { expect, test } from "vitest";
import { everything, short } from "../../../bench/extent.ts";
import { judge } from "../../../bench/limits.ts";

const limits = JSON.stringify({
  "slow / quick, time": { limit: { atMost: 2 } },
  "slow / quick, processor time": { limit: { atMost: 2 }, aim: { atMost: 1.2 } },
  "growth, processor time": { limit: { atMost: 1.3 } },
});
const failing = (figures: Readonly<Record<string, number>>, extent: typeof short) =>
  judge(figures, extent, limits).flatMap(({ name, kept }) => (kept ? [] : [name]));

test("a ratio beyond its limit is not kept, a limit that nobody measures is not either", () => {
  const figures = { "slow / quick, time": 1.5, "slow / quick, processor time": 2.1 };
  expect(failing(figures, everything)).toEqual(["slow / quick, processor time", "growth, processor time"]);
});

test("a ratio without a limit is not kept, in the short form too", () => {
  const figures = { "slow / quick, time": 1, "slow / quick, processor time": 1, "growth, processor time": 1, "new, memory": 1 };
  expect(failing(figures, everything)).toEqual(["new, memory"]);
  expect(failing(figures, short)).toEqual(["new, memory"]);
});

test("the short form judges what it has measured by the same limits, and no elapsed time", () => {
  const verdicts = judge({ "slow / quick, time": 9, "slow / quick, processor time": 2.1 }, short, limits);
  expect(verdicts.map(({ name, limit, kept }) => [name, limit, kept])).toEqual([["slow / quick, processor time", "≤ 2", false]]);
});
