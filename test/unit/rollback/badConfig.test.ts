/** Bad config of the automatic rollback: each gives one readable problem, and a command that mends it. */
import { describe, expect, test } from "vitest";
import { examine } from "../../../infra/config/parse.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import { rollbackCases } from "../../harness/badConfigs/rollback.ts";
import { applyFix, rawConfig } from "../../harness/config.ts";

describe("bad config", () => {
  test.each(rollbackCases)("$path: $says", ({ edits, path, says, stack, noFix, write }) => {
    const raw = rawConfig(stack!, edits);
    const { problems } = examine(raw);
    const found = problems.filter((problem) => formatConfigPath(problem.path) === path);
    expect(problems.map((problem) => formatConfigPath(problem.path))).toContain(path);
    const [problem] = found;
    expect(`${problem!.found} ${problem!.reason ?? ""} ${problem!.allowed ?? ""}`).toContain(says);
    if (noFix === true || problem!.fix === undefined) return;
    applyFix(raw, problem!.fix, write);
    expect(examine(raw).problems.map((one) => formatConfigPath(one.path))).not.toContain(path);
  });
});
