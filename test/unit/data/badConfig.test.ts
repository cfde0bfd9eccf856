/** Bad config of data stores: each gives one readable problem that names the key, and a command that mends it. */
import { describe, expect, test } from "vitest";
import { examine } from "../../../infra/config/parse.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import { dataCases } from "../../harness/badConfigs/data.ts";
import { applyFix, errorOf, rawConfig } from "../../harness/config.ts";
import { dataStores } from "../../harness/dataStack.ts";

describe("bad config of data stores", () => {
  test("the stack that the cases start from is good", () =>
    expect(examine(rawConfig("bench/production", dataStores)).problems).toEqual([]));

  test.each(dataCases)("$path: $says", ({ edits, path, says, noFix, write }) => {
    const raw = rawConfig("bench/production", edits);
    const { problems } = examine(raw);
    // A network without a way out has a problem of its own, whatever is connected to.
    const ofData = problems.filter((problem) => problem.path[0] !== "network");
    expect(ofData.map((problem) => formatConfigPath(problem.path))).toEqual([path]);
    const error = errorOf(raw);
    expect(error).toContain(`slipway:${path}`);
    expect(error).toContain(says);
    if (noFix) return;
    expect(error).toContain("fix:     pulumi config ");
    if (problems[0]!.choose) return expect(error).toMatch(/ VALUE {3}# with a value of yours$/m);
    applyFix(raw, problems[0]!.fix!, write);
    expect(examine(raw).problems).toEqual([]);
  });

  test("a stack without data stores needs none of it", () => {
    expect(examine(rawConfig("bench/production")).problems).toEqual([]);
  });
});
