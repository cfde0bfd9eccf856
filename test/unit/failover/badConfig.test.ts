/** Bad config of failover: each gives one readable problem that names the key, and a command that mends it. */
import { describe, expect, test } from "vitest";
import { examine } from "../../../infra/config/parse.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import { failoverCases } from "../../harness/badConfigs/failover.ts";
import { applyFix, errorOf, rawConfig } from "../../harness/config.ts";
import { threeRegions } from "../../harness/failoverStack.ts";

describe("bad config of failover", () => {
  test("the stack that the cases start from is good", () => expect(examine(rawConfig("staging", threeRegions)).problems).toEqual([]));

  test.each(failoverCases)("$path: $says", ({ edits, path, says, noFix, write }) => {
    const raw = rawConfig("staging", edits);
    const { problems } = examine(raw);
    const own = problems.filter((problem) => formatConfigPath(problem.path) === path);
    expect(problems.map((problem) => formatConfigPath(problem.path))).toContain(path);
    const error = errorOf(raw, "staging");
    expect(error).toContain(`slipway:${path}`);
    expect(error).toContain(says);
    if (noFix) return;
    expect(problems.length).toBe(own.length);
    for (const problem of problems) applyFix(raw, problem.fix!, write);
    expect(examine(raw).problems).toEqual([]);
  });
});
