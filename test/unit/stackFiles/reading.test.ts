/** A stack file is read as the engine reads it, or refused with its line, in commands and in the program alike. */
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../infra/config/parse.ts";
import { readStackFile, stackFileOf } from "../../../infra/config/stackFile.ts";
import { ProjectFolder } from "../../harness/projectFolder.ts";

/** What a person is told by a command, on one line; empty when nothing is wrong with how it is read. */
function told(text: string | Buffer): string {
  using folder = new ProjectFolder({ "Pulumi.yaml": "name: slipway\nruntime: nodejs\n" });
  const file = folder.file("Pulumi.staging.yaml");
  writeFileSync(file, text);
  try {
    const { raw, ...source } = readStackFile(file);
    parseConfig(raw, source);
    return "";
  } catch (error) {
    return String((error as Error).message).replaceAll(/\s+/g, " ");
  }
}

const service = (weight: string) => `config:\n  slipway:services:\n    api:\n      release: {live: blue, candidateWeight: ${weight}}\n`;

it("case 09b a weight with leading zeros is refused with its line", () => {
  const text = told(service("010"));
  expect(text).toMatch(/line 4 slipway:services\.api\.release\.candidateWeight is 010, which YAML reads as 8 and people as 10/);
  expect(text).toMatch(/config set --stack staging --path 'slipway:services\.api\.release\.candidateWeight' 10(?! --type)/);
});

it("case 09a an account with a leading zero and without quotes keeps its twelve digits in the fix", () => {
  const text = told("config:\n  slipway:aws:\n    accountId: 012345678901\n    region: us-east-1\n");
  expect(text).toContain("config set --stack staging --path 'slipway:aws.accountId' 012345678901 --type string");
});

it("case 09b under the engine as well: the program reads the file that the values are from", () => {
  using folder = new ProjectFolder({ "Pulumi.staging.yaml": service("010") });
  const given = { services: { api: { release: { live: "blue", candidateWeight: 8 } } } };
  const { problems } = stackFileOf(given, folder.file("Pulumi.staging.yaml"), "Pulumi.staging.yaml");
  expect(problems.map(({ found }) => found)).toEqual(["is 010, which YAML reads as 8 and people as 10"]);
});

it("case 32 an expression without quotes in a map on one line is refused, and taken where it is read", () => {
  const rule = (text: string) => told(`config:\n  slipway:backup:\n    plans: ${text}\n`);
  expect(rule('{a: {rules: {b: {schedule: "cron(0 7 * * ? *)", deleteAfterDays: 7}}}}')).not.toContain("cron");
  expect(rule("\n      a:\n        rules:\n          b:\n            schedule: cron(0 7 * * ? *)")).not.toContain("in quotes");
  expect(rule("{a: {rules: {b: {schedule: cron(0 7 * * ? *), deleteAfterDays: 7}}}}")).toMatch(
    /line 3 slipway:backup\.plans\.a\.rules\.b\.schedule has a \? .*in quotes/,
  );
});

describe("forms that two readers of YAML take differently", () => {
  it.each([
    ["{w: .inf}", "number"],
    ["{w: 1_000.5}", "number"],
    ["{w: 0x1_0}", "number"],
    ["{w: -0o17}", "number"],
    ["{w: 2024-01-02}", "point in time"],
    ["{w: 12345678901234567890}", "number"],
    ["{w: !!binary aGk=}", "has the tag"],
    ["{w: !!str 12}", "has the tag"],
    ["{? [a]: b}", "has a key"],
    ["{1: a}", "has a key"],
    ["{~: a}", "has a key"],
  ])("case 09b %s is refused: %s", (value, says) => {
    expect(told(`config:\n  slipway:tags: ${value}\n`)).toMatch(new RegExp(`line 2 slipway:tags.*${says}`));
  });
});

it.each([
  ["an empty file", "", "is empty"],
  ["comments only", "# nothing\n", "is empty"],
  ["config without a value", "config:\n", "has nothing under config:"],
  ["a list under config", "config: []\n", "no map"],
  ["a text", "x\n", "no map"],
  ["UTF-16", Buffer.from("\uFEFFconfig:\n  slipway:system: a\n", "utf16le"), "UTF-8"],
  ["bytes of Latin-1", Buffer.from([0x63, 0x3a, 0x20, 0xe4, 0x0a]), "UTF-8"],
  ["another version of YAML", "%YAML 1.1\n---\nconfig: {}\n", "%YAML"],
] as const)("case 45 %s is told in one sentence", (_, text, says) => {
  const message = told(text);
  expect(message).toContain(says);
  expect(message).not.toContain("is missing");
});

it("aliases that grow without end are told", () => {
  const bomb = Array.from({ length: 12 }, (_, level) => `  k${level}: &a${level} [${Array(9).fill(level === 0 ? "x" : `*a${level - 1}`)}]`);
  expect(told(`config:\n${bomb.join("\n")}\n`)).toMatch(/Pulumi\.staging\.yaml.*alias/i);
});
