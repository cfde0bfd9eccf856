/** Bad configs of the edge: one readable problem each, naming the key, with a command that mends it. */
import { describe, expect, test } from "vitest";
import { examine } from "../../../infra/config/parse.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import { edgeCases, kept, match, planned, rate } from "../../harness/badConfigs/edge.ts";
import { applyFix, type Edits, rawConfig } from "../../harness/config.ts";
import { cloudflareEdge } from "../../harness/edge/declared.ts";

describe("bad config of the edge", () => {
  test.each(edgeCases)("$path: $says", ({ edits, path, says, noFix, write }) => {
    const raw = rawConfig("bench/production", edits);
    const { problems } = examine(raw);
    expect(problems.map((problem) => formatConfigPath(problem.path))).toEqual([path]);
    const [{ found, allowed = "", fix }] = problems as [(typeof problems)[number]];
    expect(`${found} ${allowed}`).toContain(says);
    if (noFix) return;
    expect(fix).toBeDefined();
    applyFix(raw, fix!, write);
    expect(examine(raw).problems).toEqual([]);
  });

  test("A24 the bot score is refused without the add-on that has it", () => {
    const bots = planned("enterprise", { a: { type: "match", priority: 1, when: { botScoreBelow: 30 } } });
    const problems = (edits: Edits) => examine(rawConfig("bench/production", edits)).problems;
    const refused = problems(bots);
    expect(refused.map(({ path }) => formatConfigPath(path))).toEqual(["edge.rules.a.when"]);
    expect(refused[0]!.found).toContain("which needs botManagement in entitlements");
    expect(problems({ ...bots, "edge.entitlements": ["botManagement"] })).toEqual([]);
  });

  test("every plan can have a small edge", () => {
    for (const [plan, rules] of Object.entries({
      free: { a: { ...rate, periodSeconds: 10, blockSeconds: 10 }, b: match(1) },
      pro: { a: rate, b: match(1) },
    }))
      expect(examine(rawConfig("bench/production", planned(plan, rules))).problems).toEqual([]);
  });

  test("a cache rule may have the plan's shortest times, or keep nothing", () => {
    const shortest = { free: 7200, pro: 3600, business: 1, enterprise: 1 };
    for (const [plan, seconds] of Object.entries(shortest))
      for (const each of [seconds, 0])
        expect(examine(rawConfig("bench/production", planned(plan, {}, kept(each, each)))).problems).toEqual([]);
  });

  test("the requested figures are taken as they stand", () =>
    expect(cloudflareEdge.rules["api-rate"]).toMatchObject({ requests: 100, periodSeconds: 60 }));
});
