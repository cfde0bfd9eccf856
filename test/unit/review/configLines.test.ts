/** Lines of the config that a review names: what differs from the target branch, where it stands, and which change it caused. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { causesOf } from "../../../ops/review/causes.ts";
import type { Change } from "../../../ops/review/change.ts";
import { commentText } from "../../../ops/review/comment.ts";
import { type ConfigLine, lineText } from "../../../ops/review/configLines.ts";
import { reviewPreview } from "../../../ops/review/stackReview.ts";
import { linesSince, targetBranchFolder } from "../../../ops/review/targetBranch.ts";
import { terminalText } from "../../../ops/review/terminal.ts";

const root = join(import.meta.dirname, "..", "..", "..");
let folder = "";
const file = () => join(folder, "Pulumi.production.yaml");
const git = (...words: string[]) =>
  execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.com", ...words], { stdio: "pipe" });
const edit = (name: string, from: string | RegExp, to: string) => {
  const path = join(folder, name);
  const text = readFileSync(path, "utf8");
  expect(text.search(from)).not.toBe(-1);
  writeFileSync(path, text.replace(from, to));
};
const told = async () => (await linesSince(file()))?.map((line) => `${line.at} ${lineText(line)}`);
const lineOf = (name: string, text: string | RegExp) =>
  readFileSync(join(folder, name), "utf8")
    .split("\n")
    .findIndex((line) => line.search(text) !== -1) + 1;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-lines-"));
  for (const name of ["Pulumi.yaml", "Pulumi.production.yaml", "base.yaml"]) cpSync(join(root, name), join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("what differs from the target branch", () => {
  const committed = () => {
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("commit", "-qm", "one");
  };

  test("is what was edited since the last commit, in the file that holds it; comments are no line", async () => {
    committed();
    expect(await told()).toBe(undefined); // no commit before, and none that it left the main branch at
    edit("base.yaml", "tail: {}", "tail: {statistic: p99}");
    edit("base.yaml", "slipway:autoRollback: #", "slipway:autoRollback: # another word,");
    expect(await told()).toEqual([`base.yaml:${lineOf("base.yaml", "tail:")} autoRollback.api.tail.statistic not set → p99`]);
  });

  test("is what the commit did, on the main branch; on another, what all its commits did", async () => {
    committed();
    edit("base.yaml", "percent: 5, minutes: 5", "percent: 4, minutes: 5");
    git("commit", "-qam", "two");
    const line = `base.yaml:${lineOf("base.yaml", "percent: 4")} autoRollback.api.errorRate.percent 5 → 4`;
    expect(await told()).toEqual([line]);
    git("update-ref", "refs/remotes/origin/main", "HEAD^");
    edit("base.yaml", "percent: 5, minutes: 5", "percent: 6, minutes: 5");
    git("commit", "-qam", "three");
    expect(await told()).toEqual([line, `base.yaml:${lineOf("base.yaml", "percent: 6")} autoRollback.web.errorRate.percent 5 → 6`]);
  });

  test("is held against the pipeline's checkout of the target branch where there is one; what went is named where it stood", async () => {
    mkdirSync(join(folder, targetBranchFolder));
    for (const name of ["Pulumi.yaml", "Pulumi.production.yaml", "base.yaml"])
      cpSync(join(folder, name), join(folder, targetBranchFolder, name));
    expect(await told()).toEqual([]);
    const at = lineOf("base.yaml", "^ {4}web: .errorRate");
    edit("base.yaml", /^ {4}web: .errorRate.*\n/m, "");
    expect(await told()).toEqual([expect.stringMatching(new RegExp(`^base.yaml:${at} before autoRollback.web .* → not set$`))]);
    expect(readFileSync(join(root, ".github", "workflows", "pr.yml"), "utf8")).toContain(`path: ${targetBranchFolder}`);
  });

  test("a secret's value is not told, whatever it was", async () => {
    committed();
    edit("Pulumi.production.yaml", /^config:\n/m, "config:\n  slipway:secrets: {a: {secure: AAABAKz7}}\n");
    expect(JSON.stringify(await told())).not.toContain("AAABAKz7");
  });

  test("is not told where nobody can read it", async () => {
    expect(await told()).toBe(undefined); // no checkout of git
    committed();
    edit("base.yaml", "tail: {}", "tail: {");
    expect(await told()).toBe(undefined);
  });
});

const line = (path: string, before: unknown, after: unknown, names: readonly string[] = [], at = "base.yaml:7"): ConfigLine => ({
  ...{ path: path.split("."), before, after, names, at },
});
const urn = (name: string) => `urn:pulumi:production::slipway::aws:lb/listenerRule:ListenerRule::${name}`;
const weights = (blue: number, green: number) => ({
  actions: [
    {
      forward: {
        targetGroups: [
          { arn: "blue", weight: blue },
          { arn: "green", weight: green },
        ],
      },
    },
  ],
});
const step = (name: string, old: object, next: object) => ({
  ...{ op: "update", urn: urn(name), oldState: { type: "aws:lb/listenerRule:ListenerRule", custom: true, inputs: old } },
  newState: { type: "aws:lb/listenerRule:ListenerRule", custom: true, inputs: next },
});

describe("which line caused a change", () => {
  const change = (name: string, before: unknown, after: unknown) =>
    ({ op: "update", urn: urn(name), name, differences: [{ path: "p", before, after, replaces: false }] }) as unknown as Change;
  const api = line("services.api.release.candidateWeight", 5, 25, ["api"]);
  const web = line("services.web.release.candidateWeight", 5, 50, ["web"]);
  const days = line("logs.retentionDays", 30, 90);

  test.each([
    ["the only one there is", change("anything", 1, 2), [days], [0]],
    ["the one of its name and its value", change("shop-use1-api", 5, 25), [web, days, api], [2]],
    ["the one of its value, where names tell nothing", change("shop-use1-log", 30, 90), [api, days], [1]],
    ["each of several that tell as much", change("shop-use1-other", 1, 2), [api, web], [0, 1]],
  ] as const)("is %s", (_, of, lines, causes) => {
    expect(causesOf(of, lines)).toEqual(causes);
  });
});

describe("a review", () => {
  const stdout = JSON.stringify({ steps: [step("shop-use1-api", weights(95, 5), weights(75, 25))] });
  const of = (lines?: readonly ConfigLine[]) =>
    reviewPreview({ project: "slipway", stack: "production", exitCode: 0, stdout, stderr: "", ...(lines === undefined ? {} : { lines }) });
  const comment = (lines?: readonly ConfigLine[]) => commentText({ project: "slipway", commit: "c", reviews: [of(lines)] });
  const api = line("services.api.release.candidateWeight", 5, 25, ["api"], "Pulumi.production.yaml:41");

  test("names the line behind each story, and lists them all with their values", () => {
    const text = comment([api, line("logs.retentionDays", 30, 90)]);
    expect(text).toMatch(/^- .*<sub>Pulumi\.production\.yaml:41<\/sub>$/m);
    expect(text).toContain("2 lines of the config");
    expect(text).toContain("- `Pulumi.production.yaml:41` `services.api.release.candidateWeight 5 → 25`");
    expect(terminalText(of([api]))).toMatch(/ {2}Pulumi\.production\.yaml:41$/m);
  });

  test("says that no line is behind a change where none differs, and nothing where nobody has looked", () => {
    expect(comment([])).toContain("No value of the config that can be read differs");
    expect(comment()).not.toMatch(/of the config/);
    expect(of([]).hash).toBe(of([api]).hash);
  });
});
