/** The limits of processor time that `npm test` is held against. */
import { expect, test } from "vitest";
import limits from "../limits.json" with { type: "json" };

test("the limits of steps and projects add up to that of the whole, which is 14 minutes", () => {
  const { all, "one quick file": _, ...parts } = limits;
  expect(all).toBe(14 * 60);
  expect(Object.values(parts).reduce((sum, seconds) => sum + seconds, 0)).toBe(all);
});
