/** Bad config of backups: each gives one readable problem that names the key, and a command that mends it. */
import { describe, expect, test } from "vitest";
import { examine } from "../../../infra/config/parse.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import { backupCases, everything, without } from "../../harness/badConfigs/backup.ts";
import { applyFix, errorOf, rawConfig } from "../../harness/config.ts";
import { dataStores } from "../../harness/dataStack.ts";

describe("bad config of backups", () => {
  test("the stack that the cases start from is good", () =>
    expect(examine(rawConfig("bench/production", dataStores)).problems).toEqual([]));

  test.each(backupCases)("$path: $says", ({ edits, path, says, noFix, write }) => {
    const raw = rawConfig("bench/production", edits);
    const { problems } = examine(raw);
    expect([...new Set(problems.map((problem) => formatConfigPath(problem.path)))]).toContain(path);
    const error = errorOf(raw);
    expect(error).toContain(`slipway:${path}`);
    expect(error).toContain(says);
    if (noFix) return;
    expect(problems.map((problem) => formatConfigPath(problem.path))).toEqual([path]);
    expect(error).toContain("fix:     pulumi config ");
    if (problems[0]!.choose) return expect(error).toMatch(/ VALUE {3}# with a value of yours$/m);
    applyFix(raw, problems[0]!.fix!, write);
    expect(examine(raw).problems).toEqual([]);
  });

  test("a protected stack without plans is told each of its stores, and one way out of all", () => {
    const raw = rawConfig("bench/production", { ...structuredClone(dataStores), backup: undefined });
    const { problems } = examine(raw);
    expect(problems.map((problem) => formatConfigPath(problem.path))).toEqual([
      ...everything.databases.map((name) => `databases.${name}`),
      ...everything.buckets.map((name) => `buckets.${name}`),
      "fileSystems.uploads",
    ]);
    applyFix(raw, problems[0]!.fix!, ["cron(0 7 * * ? *)", 7, "governance", 7]);
    expect(examine(raw).problems).toEqual([]);
  });

  test("other systems 5.17 the commands of one plan for all stores are printed once", () => {
    const error = errorOf(rawConfig("bench/production", { ...structuredClone(dataStores), backup: undefined }));
    expect(error.match(/backup\.plans\.main\.rules\.daily\.schedule/g)).toHaveLength(1);
    expect(error.match(/fix: {5}as for slipway:\S+ above$/gm)).toHaveLength(everything.databases.length + everything.buckets.length);
  });

  test("a reason in the config takes the place of a plan", () => {
    const edits = { ...without("buckets", "media"), "backup.exempt.buckets.media": "made again from the originals on demand" };
    expect(examine(rawConfig("bench/production", { ...structuredClone(dataStores), ...edits })).problems).toEqual([]);
  });

  test("compliance asks for a protected stack, which could never be destroyed otherwise", () => {
    const lock = { mode: "compliance", minimumDays: 7, changeableForDays: 7 };
    const raw = rawConfig("staging", { "backup.lock": lock });
    expect(errorOf(raw)).toContain("the stack could never be destroyed");
    applyFix(raw, examine(raw).problems[0]!.fix!, ["governance"]);
    expect(examine(raw).problems).toEqual([]);
    expect(examine(rawConfig("bench/production", { "backup.lock": lock })).problems).toEqual([]);
  });

  test("a stack without backups and without protection needs none of it", () => {
    expect(examine(rawConfig("staging", { backup: undefined })).problems).toEqual([]);
  });
});
