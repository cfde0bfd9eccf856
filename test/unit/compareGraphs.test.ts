/** What tools/compareGraphs calls a difference. */
import { expect, test } from "vitest";
import { differences } from "../../tools/compareGraphs/differences.ts";

test("a graph differs by resources that one side lacks, and by values with their paths; not by the order of keys", () => {
  const before = { gone: {}, same: { inputs: { a: 1, b: [{ c: 2 }] } }, other: { inputs: { tags: { Team: "a" }, ports: [1] } } };
  const after = { new: {}, same: { inputs: { b: [{ c: 2 }], a: 1 } }, other: { inputs: { tags: { Team: "b", Site: "x" }, ports: [2] } } };
  expect(differences(before, after)).toEqual([
    "- gone",
    "+ new",
    "~ other inputs.ports: [1] → [2]",
    '~ other inputs.tags.Site: undefined → "x"',
    '~ other inputs.tags.Team: "a" → "b"',
  ]);
});
