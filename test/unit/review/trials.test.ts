/** Pull requests with consequences that were known beforehand: what the first lines of their review say, and what it never says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recordingOf } from "../../review/recordings.ts";
import { commentOf, leastRight, says, scoreOf, shownLines, summary } from "../../review/score.ts";
import { trials } from "../../review/trials.ts";

const root = join(import.meta.dirname, "..", "..", "..");

const edits = Object.entries(trials.edits);
const single = Object.entries(trials.digests);
const scores = () => [
  ...edits.map(([name, edit]) => scoreOf(commentOf(recordingOf(name)), edit)),
  ...single.map(([, { changes, ...expected }]) => scoreOf(commentOf(changes), expected)),
];

test("41 pull requests and 33 single changes: their reviews say what they must, and none the contrary", () => {
  const { right, said, text } = summary(scores());
  expect([edits.length, single.length]).toEqual([41, 33]);
  expect(right, text).toBeGreaterThanOrEqual(leastRight);
  expect(said, text).toBe(0);
}, 60_000);

test("places of sources that trials edit are there, once each", () => {
  const places = edits.flatMap(([, edit]) => ("code" in edit ? edit.code : []));
  const times = places.map(({ file, from }) => readFileSync(join(root, file), "utf8").split(from).length - 1);
  expect(times).toEqual(places.map(() => 1));
});

describe("how phrases are found", () => {
  test.each([
    ["api canary 5 % → 25 %", "5 %", true],
    ["api canary 15 % → 25 %", "5 %", false],
    ["old versions of `files` are deleted", "delete…", true],
    ["2231 to the world", "22", false],
    ["nobody is told", "no one|nobody", true],
    ["may `logs:*`", "logs:*", true],
    ["No\n downtime", "no downtime", true],
  ])("%s: %s", (text, phrase, found) => {
    expect(says(text, phrase)).toBe(found);
  });

  test("in the first three lines that a reader sees, and what must not be said in all but the legend", () => {
    const legend = "<details><summary>How to read it</summary>\n\n- `routine`: no downtime\n\n</details>";
    const comment = `<!-- marker -->\n\n### production: **x** &#40;1&#41;\n\n- \`a\`\n\n\`\`\`text\nb\n\`\`\`\n- no change\n\n${legend}`;
    expect(shownLines(comment)).toEqual(["production: x (1)", "- a", "b", "- no change"]);
    expect(scoreOf(comment, { must: ["a", "no change"], mustNot: ["no downtime", "no change"] })).toEqual({
      missed: ["no change"],
      said: ["no change"],
    });
  });
});
