/** A table of bad configs: each gives one readable problem that names the key, and a command that mends it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { examine } from "../../infra/config/parse.ts";
import { formatConfigPath } from "../../infra/config/problem.ts";
import { betweenAreasCases } from "../harness/badConfigs/betweenAreas.ts";
import { environmentCases } from "../harness/badConfigs/environment.ts";
import { applyFix, errorOf, parsePath, rawConfig, sourceOf } from "../harness/config.ts";

describe("bad config", () => {
  test("the table has more than forty environmentCases", () => expect(environmentCases.length).toBeGreaterThan(40));

  test.each(environmentCases)("$path: $says", ({ edits, path, says, noFix, choose, write }) => {
    const raw = rawConfig("bench/production", edits);
    const { problems } = examine(raw);
    expect(problems.map((problem) => formatConfigPath(problem.path))).toEqual([path]);
    const error = errorOf(raw);
    expect(error).toContain("Pulumi.production.yaml has 1 problem:");
    expect(error).toContain(`slipway:${path}`);
    expect(error).toContain(says);
    if (noFix) return;
    expect(error).toContain("fix:     pulumi config ");
    const commands = [...error.matchAll(/pulumi config (?:set|rm) --stack production( --config-file base\.yaml)? --path ('[^']+'|\S+)/g)];
    expect(commands.length).toBeGreaterThan(0);
    for (const [command, inBase, word = ""] of commands)
      expect(inBase !== undefined, command).toBe(isOfBase(word.replaceAll(/'|slipway:/g, ""), path));
    if (choose ?? problems[0]!.choose) {
      expect(error).toContain(`--path 'slipway:${path}' VALUE   # with a value of yours`);
      expect(problems[0]!.fix).toBeUndefined();
      return;
    }
    applyFix(raw, problems[0]!.fix!, write);
    expect(examine(raw).problems).toEqual([]);
  });
});

test("names that the guides use as stand-ins are refused wherever they are", () => {
  const error = errorOf(rawConfig("bench/production", { "dns.zone": "yourdomain.com" }));
  expect(error).toMatch(/slipway:dns\.zone +is "yourdomain\.com", a placeholder that belongs to somebody else/);
});

/** Text of a file of the project. */
function projectFile(name: string): string {
  return readFileSync(join(sourceOf("bench/production").folder, name), "utf8");
}

/** Whether a file has a path, or the list that it is an element of. */
function holds(file: string, path: string): boolean {
  const { config } = parseYaml(projectFile(file)) as { config: unknown };
  const [area, ...rest] = parsePath(path);
  const value = [`slipway:${area}`, ...rest].reduce(
    (at, part) => (Array.isArray(at) ? at : (at as Record<string, unknown> | undefined)?.[part]),
    config,
  );
  return value !== undefined;
}

/** Whether a command on a path has to be about the base: the stack file has nothing there, and the base has; so for what neither has. */
function isOfBase(path: string, problem: string): boolean {
  if (holds("Pulumi.production.yaml", path)) return false;
  return holds("base.yaml", path) || (path !== problem && isOfBase(problem, problem));
}

/** First line of a file that holds the text. */
function lineWith(text: string, file = "Pulumi.production.yaml"): number {
  return (
    projectFile(file)
      .split("\n")
      .findIndex((line) => line.includes(text)) + 1
  );
}

describe("several problems", () => {
  test("are all told at once, in the order of the file, each with its line", () => {
    const raw = rawConfig("bench/production", {
      "services.api.release.candidateWeight": 250,
      "network.natGateways": "perzone",
      "aws.region": undefined,
    });
    const error = errorOf(raw);
    expect(error).toContain("has 3 problems:");
    const lines = [...error.matchAll(/^ {2}(base\.yaml )?line (\d+) +slipway:(\S+)/gm)].map(([, base, line, path]) => [
      base,
      Number(line),
      path,
    ]);
    expect(lines).toEqual([
      [undefined, lineWith("natGateways:"), "network.natGateways"],
      [undefined, lineWith("candidateWeight:"), "services.api.release.candidateWeight"],
      ["base.yaml ", lineWith("region:", "base.yaml"), "aws.region"],
    ]);
  });

  test("rules between areas speak although another area is broken", () => {
    const { problems } = examine(rawConfig("bench/production", { "network.cidr": "nonsense", "services.api.scaling.maximum": 1 }));
    expect(problems.map(({ path }) => formatConfigPath(path)).sort()).toEqual(["network.cidr", "services.api.scaling.maximum"]);
  });

  test("rules between areas speak although fields of one area break a rule together", () => {
    const edits = {
      "services.api.healthCheck.intervalSeconds": 5,
      "services.api.healthCheck.timeoutSeconds": 9,
      "services.api.repository": "nowhere",
    };
    const { problems } = examine(rawConfig("bench/production", edits));
    expect(problems.map(({ path }) => formatConfigPath(path)).sort()).toEqual([
      "services.api.healthCheck.timeoutSeconds",
      "services.api.repository",
    ]);
  });

  test("a secret value is never printed", () => {
    const raw = rawConfig("bench/production", { system: "s3cr3t value" });
    const { problems } = examine(raw, { secretKeys: new Set(["system"]) });
    expect(JSON.stringify(problems)).not.toContain("s3cr3t");
    expect(problems[0]!.found).toBe("is [secret]");
  });
});

test.each(betweenAreasCases)("$path: $says", ({ stack = "bench/production", edits, path, says, write }) => {
  const raw = rawConfig(stack, edits);
  const problem = examine(raw).problems.find((one) => formatConfigPath(one.path) === path);
  expect([problem?.found, problem?.reason, problem?.allowed].join(" ")).toContain(says);
  applyFix(raw, problem!.fix!, write);
  expect(examine(raw).problems.map((one) => formatConfigPath(one.path))).not.toContain(path);
});
