/** What judges a way from 0 to 100 and back, and the one that docs/components/rollback.md shows. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rampProblems, rampTable, type Sample, samplesIn } from "../../harness/ramp.ts";

const page = readFileSync("docs/components/rollback.md", "utf8");
const shown = page.split("<!-- ramp:")[1]?.split("<!-- end of ramp -->")[0] ?? "";

const good: readonly Sample[] = [
  { seconds: 0, weight: 0, green: 2, blue: 12, blueWanted: 12 },
  { seconds: 5, weight: 0, green: 12, blue: 12, blueWanted: 12 },
  { seconds: 6, weight: 100, green: 12, blue: 12, blueWanted: 12 },
  { seconds: 7, weight: 100, green: 12, blue: 2, blueWanted: 2 },
  { seconds: 8, weight: 100, green: 12, blue: 2, blueWanted: 12 },
  { seconds: 9, weight: 0, green: 12, blue: 2, blueWanted: 12 },
  { seconds: 20, weight: 0, green: 12, blue: 12, blueWanted: 12 },
];
const changed = (index: number, change: Partial<Sample>) => good.map((sample, at) => (at === index ? { ...sample, ...change } : sample));

describe("0 to 100 and back at twelve tasks", () => {
  test("the table of the page is such a way", () => {
    const samples = samplesIn(shown);
    expect(samples.map(({ weight }) => weight)).toEqual(expect.arrayContaining([0, 25, 100]));
    expect(rampProblems(samples, 12)).toEqual([]);
    expect(shown).toContain(rampTable(samples));
  });

  test("a good way has no problem", () => expect(rampProblems(good, 12)).toEqual([]));

  test.each<[what: string, samples: readonly Sample[], says: string]>([
    ["a share before its targets", changed(2, { green: 11 }), "100 % at 11 of 12 healthy targets"],
    ["a way back that asks for nothing", changed(5, { blueWanted: 2 }), "back to 0 % with 2 of 12 tasks asked for"],
    ["a way back that waits", changed(5, { blue: 12 }), "the way back to 0 % waited for 12 targets"],
    ["tasks that never come", changed(6, { blue: 2 }), "blue ends with 2 healthy targets"],
    ["traffic that never moves", good.map((sample) => ({ ...sample, weight: 0 })), "no way from 0 to 100 and back"],
  ])("%s is named", (_, samples, says) => expect(rampProblems(samples, 12).join("\n")).toContain(says));
});
