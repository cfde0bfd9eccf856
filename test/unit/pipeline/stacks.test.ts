/** The pipeline's list of stacks: the one of the documentation works, and everything wrong with another is told. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect, test, vi } from "vitest";
import { addCi } from "../../../ops/ci/command.ts";
import { changedStacks, onlyStack, readStacks, writeMatrices } from "../../../ops/ci/stacks.ts";
import { writeArtefact } from "../../../ops/review/review.ts";
import { reviewPreview, type StackReview } from "../../../ops/review/stackReview.ts";
import { FakeGitHub } from "../../harness/fakeGitHub.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "..", "docs", "ci.md"), "utf8");
const documented = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? "";

test("the list of docs/ci.md is taken", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-stacks-"));
  const file = join(folder, "output");
  writeMatrices(readStacks(documented), file);
  const outputs = Object.fromEntries(
    readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => [line.split("=")[0], JSON.parse(line.slice(line.indexOf("=") + 1)) as unknown]),
  );
  rmSync(folder, { recursive: true });
  expect(outputs.names).toEqual(["staging", "production"]);
  expect(outputs.all).toMatchObject([
    { stack: "staging" },
    { stack: "production", backup: true, health: ["https://api.coinestate.io/v1/health"] },
  ]);
});

const plan = (stack: string, status: string, returnsTraffic = false) => ({ stack, status, returnsTraffic }) as StackReview;

test.each<
  [string, readonly StackReview[], boolean, { readonly returns?: string[]; readonly staging: string[]; readonly production: string[] }]
>([
  ["both change", [plan("staging", "changes"), plan("production", "changes")], true, { staging: ["staging"], production: ["production"] }],
  ["one changes", [plan("staging", "same"), plan("production", "changes")], true, { staging: [], production: ["production"] }],
  ["a plan failed", [plan("staging", "failed"), plan("production", "changes")], true, { staging: [], production: ["production"] }],
  ["a plan is missing", [plan("staging", "changes")], true, { staging: ["staging"], production: [] }],
  ["an earlier run is at work", [plan("staging", "same"), plan("production", "failed")], false, { staging: ["staging"], production: [] }],
  [
    "traffic returns",
    [plan("staging", "changes"), plan("production", "changes", true)],
    true,
    { returns: ["production"], staging: ["staging"], production: [] },
  ],
])("V12 what is applied when %s", (_, reviews, isAlone, wanted) => {
  const waves = Object.entries(changedStacks(readStacks(documented), reviews, isAlone));
  const named = waves.map(([wave, stacks]) => [wave, stacks.map(({ stack }) => stack)]);
  expect(Object.fromEntries(named)).toEqual({ returns: [], ...wanted });
});

/** What the step of deploy.yml hands on for a plan of staging that changes nothing. @param running runs under way, this one among them */
async function handedOn(running: number, refused = false): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-stacks-"));
  const github = new FakeGitHub();
  github.running = running;
  if (refused) github.refusals = [{ path: /\/actions\/workflows\//, status: 403, message: "Resource not accessible by integration" }];
  const environment = { ...(await github.start()), SLIPWAY_STACKS: documented, GITHUB_OUTPUT: join(folder, "output") };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  try {
    const stdout = JSON.stringify({ steps: [], changeSummary: { same: 7 } });
    writeArtefact(join(folder, "in"), reviewPreview({ project: "p", stack: "staging", exitCode: 0, stdout, stderr: "" }));
    const program = new Command().enablePositionalOptions();
    addCi(program);
    await program.parseAsync(["ci", "changed", "--in", join(folder, "in")], { from: "user" });
    const line = readFileSync(join(folder, "output"), "utf8").match(/^staging=(.*)$/m);
    return (JSON.parse(line?.[1] ?? "") as { stack: string }[]).map(({ stack }) => stack);
  } finally {
    github.stop();
    rmSync(folder, { recursive: true });
  }
}

test("V12 a plan that changes nothing is applied beside an earlier run that still goes on, and where nobody can tell, and else not", async () => {
  expect(await handedOn(1)).toEqual([]);
  expect(await handedOn(2)).toEqual(["staging"]);
  expect(await handedOn(1, true)).toEqual(["staging"]);
});

const [staging] = JSON.parse(documented === "" ? "[{}]" : documented) as Record<string, unknown>[];

test.each([
  ["no JSON", "[", "SLIPWAY_STACKS is no JSON"],
  ["an empty list", "[]", "the list: "],
  ["a wave that is not", JSON.stringify([{ ...staging, wave: "canary" }]), "0.wave: "],
  ["a role that is none", JSON.stringify([{ ...staging, applyRole: "admin" }]), "0.applyRole: the ARN of a role"],
  ["a key too many", JSON.stringify([{ ...staging, token: "x" }]), "the list"],
  ["a name that would be a flag's end", JSON.stringify([{ ...staging, stack: "a; rm -r /" }]), "0.stack: a stack's name"],
  ["the same stack twice", JSON.stringify([staging, staging]), "names staging twice: one stack, one run"],
])("%s", (_, text, message) => {
  expect(() => readStacks(text)).toThrow(message === "the list" ? "token" : message);
});

test("one stack by name", () => {
  const stacks = readStacks(documented);
  expect(onlyStack(stacks, "production").map(({ stack }) => stack)).toEqual(["production"]);
  expect(() => onlyStack(stacks, "prod")).toThrow("SLIPWAY_STACKS has no prod: it has staging, production.");
});
