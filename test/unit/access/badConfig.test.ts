/** Bad config of sites, secrets, pipeline roles and budget: each gives one readable problem, and a command that mends it. */
import { describe, expect, test } from "vitest";
import { examine } from "../../../infra/config/parse.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import { accessCases, github } from "../../harness/badConfigs/access.ts";
import { applyFix, errorOf, rawConfig } from "../../harness/config.ts";

describe("bad config", () => {
  test.each(accessCases)("$path: $says", ({ edits, path, says, noFix, write }) => {
    const raw = rawConfig("bench/production", edits);
    const { problems } = examine(raw);
    expect(problems.map((problem) => formatConfigPath(problem.path))).toEqual([path]);
    const error = errorOf(raw);
    expect(error).toContain(says);
    if (noFix) return;
    expect(error).toContain("fix:     pulumi config ");
    if (problems[0]!.choose) return expect(error).toMatch(/ VALUE {3}# with a value of yours$/m);
    applyFix(raw, problems[0]!.fix!, write);
    expect(examine(raw).problems).toEqual([]);
  });
});

test("V19 whoever may apply by a GitHub environment is held to a workflow of the deployed branch, as a token's subject names none", () => {
  const edits = github({ apply: { kind: "environment", environment: "staging" }, branch: "release" });
  const raw = rawConfig("bench/production", edits);
  const { problems } = examine(raw);
  expect(problems.map(({ path }) => formatConfigPath(path))).toEqual(["access.github.workflow"]);
  expect(errorOf(raw)).toContain("any branch");
  const workflow = "coinestate/infrastructure/.github/workflows/apply.yml@refs/heads/release";
  expect(problems[0]!.fix).toContain("coinestate/infrastructure/.github/workflows/….yml@refs/heads/release");
  applyFix(raw, problems[0]!.fix!, [workflow]);
  expect(examine(raw).config.access?.github?.workflow).toBe(workflow);
});
