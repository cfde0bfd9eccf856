/** Bad config of notifications, alarms and promises: one readable problem each, and a command that mends it where one can. */
import { describe, expect, test } from "vitest";
import { examine } from "../../../infra/config/parse.ts";
import { ConfigError, formatConfigPath } from "../../../infra/config/problem.ts";
import { stackFileOf } from "../../../infra/config/stackFile.ts";
import { alarmsCases } from "../../harness/badConfigs/alarms.ts";
import { applyFix, parse, rawConfig } from "../../harness/config.ts";

describe.each(alarmsCases)("$path: $says", ({ edits, path, says, noFix, write }) => {
  const raw = rawConfig("bench/production", edits);
  const { problems } = examine(raw);

  test("is one problem that names the key", () => {
    expect(problems.map((problem) => formatConfigPath(problem.path))).toEqual([path]);
    const { message } = new ConfigError(problems, stackFileOf({}, undefined, "Pulumi.production.yaml"));
    expect(message).toContain(says);
  });

  test(noFix === true ? "has no single command" : "is mended by its command", () => {
    const { fix, choose } = problems[0]!;
    if (choose) return expect(fix).toBeUndefined();
    if (noFix === true) return expect(fix).toBeUndefined();
    expect(fix).toBeDefined();
    applyFix(raw, fix!, write);
    expect(() => parse(raw)).not.toThrow();
  });
});
