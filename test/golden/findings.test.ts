/** Each finding against real clouds is shown by a test, decided, or open; none is forgotten, and none stays open that is answered. */
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { commitsIn, type Findings, findingsPage, problemsOf, readFindings, testsIn } from "../../tools/findings.ts";

const findings = readFindings(join(import.meta.dirname, "..", ".."));

test("the findings of this tree, and of its history where the clone has it, have no problem", () => {
  if (findings.commits.length === 0) console.log("no commits of findings here (a shallow clone?): only the tree is looked at");
  expect(Object.keys(findings.catalogue).length).toBeGreaterThanOrEqual(119);
  expect(problemsOf(findings)).toEqual([]);
});

test("titles are read from a call, beside tables and over lines", () => {
  const source = `it.fails("A10 one", () => {}); test(\n  "case 01a two", x); test.fails.each([[1], [2]])("other systems 5.4 three %s", x); it("AWS four")`;
  expect(testsIn(source)).toEqual([
    { id: "A10", title: "A10 one", fails: true },
    { id: "case 01a", title: "case 01a two", fails: false },
    { id: "other systems 5.4", title: "other systems 5.4 three %s", fails: true },
  ]);
});

const log = (failure: string) =>
  [
    `\x1eaaaaaaaaaaaa\x1fA10 shown\n\n${failure}\x1f+it.fails("A10 one", () => {\n`,
    `\x1ebbbbbbbbbbbb\x1fMend A10\x1f-it.fails(\n+it(\n   "A10 one",\n`,
  ].join("");
const seen = (parts: Partial<Findings>): Findings => ({
  catalogue: { A10: { about: "something" } },
  tests: [{ id: "A10", title: "A10 one", fails: false }],
  outputs: {},
  decisions: {},
  commits: commitsIn(log("expected 2 to be 12")),
  ...parts,
});

describe("what is refused", () => {
  it.each<[why: string, parts: Partial<Findings>, problem: string | undefined]>([
    ["shown and answered", {}, undefined],
    ["decided", { tests: [], decisions: { "docs/decisions/0099.md": "Finding A10 stays." } }, undefined],
    ["open", { tests: [], catalogue: { A10: { about: "", open: true } } }, undefined],
    ["missing", { tests: [], decisions: { "docs/decisions/0099.md": "Finding A101." } }, "A10: no test, no decision record"],
    ["answered and open", { catalogue: { A10: { about: "", open: true } } }, "A10: answered, and open"],
    ["failing and not open", { tests: [{ id: "A10", title: "A10 one", fails: true }] }, "A10 one: fails still"],
    ["of no finding", { tests: [...seen({}).tests, { id: "A99", title: "A99 x", fails: false }] }, "A99 x: no finding of this id"],
    ["never seen failing", { commits: commitsIn(log("x").replace("A10 one", "A10 another")) }, "A10: no commit has a test of it"],
    [
      "a case whose script nobody ran",
      { catalogue: { "case 7": { about: "" } }, tests: [], decisions: { "d.md": "case 7" } },
      "case 7: tools/",
    ],
    ["failing for a module", { commits: commitsIn(log("Error: Cannot find module 'x'")) }, "A10: no commit has a test of it"],
  ])("%s", (_, parts, problem) => {
    expect(problemsOf(seen(parts))).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)]);
  });
});

test("the page has a finding's tests, its failure, and what answered it", () => {
  const row = "| A10 | something | A10 one passes | aaaaaaaaa: expected 2 to be 12 | bbbbbbbbb: Mend A10 |";
  expect(findingsPage(seen({}), new Set(["A10 one"]))).toContain(row);
  expect(findingsPage(seen({}), new Set())).toContain("A10 one DID NOT PASS");
});

test("the page has what a case's script said, then and now", () => {
  const outputs = { "case 7": { before: { commit: "aaaaaaa", said: "rc 0\n" }, now: { commit: "bbbbbbb", said: "rc 1\n" } } };
  const page = findingsPage(seen({ outputs }));
  expect(page).toContain("## case 7\n\nOn aaaaaaa:\n\n````text\nrc 0\n````\n\nOn bbbbbbb:\n\n````text\nrc 1\n````");
});
