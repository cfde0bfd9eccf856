/** Bases that cannot be used: what is wrong with each, with file and line, all at once. */
import { mkdirSync, symlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../infra/config/parse.ts";
import { ConfigError } from "../../../infra/config/problem.ts";
import { readStackFile } from "../../../infra/config/stackFile.ts";
import { ProjectFolder } from "../../harness/projectFolder.ts";

type Files = Readonly<Record<string, string>>;

/** What a person reads of a stack that cannot be used. */
function errorOf(files: Files, prepare: (folder: ProjectFolder) => void = () => undefined): string {
  using folder = new ProjectFolder(files);
  prepare(folder);
  const { raw, ...source } = readStackFile(folder.file("Pulumi.staging.yaml"));
  try {
    parseConfig(raw, source);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
}

/** Place, path and what was found, of each problem. */
function problemsIn(error: string): string[] {
  return [...error.matchAll(/^ {2}(\S.*line \d+|line \d+) +slipway:(\S+) {3,}(.*)$/gm)].map(([, ...parts]) =>
    parts.map((part) => part.trim()).join(" | "),
  );
}

const allowed = "allowed: the name of a YAML file in the folder of Pulumi.staging.yaml, or a list of them";

describe("a name that leads to no base", () => {
  test.each([
    ["bse.yaml", "does not exist"],
    ["../base.yaml", "is outside of the folder"],
    ["regions/../../base.yaml", "is outside of the folder"],
    ["/etc/hostname", "is outside of the folder"],
    ["Pulumi.production.yaml", "is a file of the engine"],
    ["Pulumi.yaml", "is a file of the engine"],
    ["regions", "is no file"],
    ["away.yaml", "leads out of the folder"],
  ])("%s %s", (name, why) => {
    const error = errorOf({ "base.yaml": "config: {}", "Pulumi.staging.yaml": `config:\n  slipway:base: ${name}\n` }, (folder) => {
      mkdirSync(folder.file("regions"));
      symlinkSync("/etc/hostname", folder.file("away.yaml"));
    });
    expect(problemsIn(error)).toEqual([`line 2 | base | is ${name}, which ${why}`]);
    expect(error).toContain(allowed);
    expect(error).toContain("fix:     pulumi config set --stack staging --path 'slipway:base' base.yaml");
  });

  test("of a folder without another file can only be taken away", () => {
    const error = errorOf({ "Pulumi.staging.yaml": "config: {slipway:base: bse.yaml}" });
    expect(error).toContain("fix:     pulumi config rm --stack staging --path 'slipway:base'");
  });
});

test("all names of a list and all files are judged at once, and nothing else: half a config has no other problems", () => {
  const error = errorOf({
    "twice.yaml": "config:\n  slipway:system: shop\n  slipway:system: shop\n",
    "open.yaml": "config:\n  slipway:tags: [\n",
    "empty.yaml": "",
    "list.yaml": "- config\n",
    "beside.yaml": "slipway:system: shop\nconfig: {slipway:system: shop}\n",
    "Pulumi.staging.yaml":
      "config:\n  slipway:base:\n    - twice.yaml\n    - open.yaml\n    - empty.yaml\n    - list.yaml\n    - beside.yaml\n    - beside.yaml\n    - 7\n",
  });
  expect(error).toMatch(/^Pulumi\.staging\.yaml has 7 problems:\n/);
  expect(problemsIn(error)).toEqual([
    "line 8 | base[5] | is named before",
    "line 9 | base[6] | is 7",
    "beside.yaml line 1 | base | has slipway:system: at its top",
    "empty.yaml line 1 | base | has no map below config:",
    "list.yaml line 1 | base | has no map below config:",
    expect.stringMatching(/^open\.yaml line \d \| base \| is no good YAML: /),
    "twice.yaml line 3 | base | is no good YAML: Map keys must be unique",
  ]);
});

test("what belongs to one stack, and what has no place of its own, is refused where it stands", () => {
  const error = errorOf({
    "base.yaml": [
      "config:",
      "  aws:region: us-east-1",
      "  slipway:base: other.yaml",
      "  slipway:nework: {cidr: 10.0.0.0/16}",
      "  slipway:tags: &tags {Team: shop}",
      "  slipway:network: *tags",
      "  slipway:notifications:",
      "    pagerDuty: {integrationKey: {secure: AAAB}}",
      "",
    ].join("\n"),
    "Pulumi.staging.yaml": "config: {slipway:base: base.yaml}",
    "Pulumi.production.yaml": "config: {slipway:base: [base.yaml]}",
    "Pulumi.alone.yaml": "config: {slipway:system: shop}",
  });
  expect(problemsIn(error).filter((text) => !text.includes("routes"))).toEqual([
    "base.yaml line 2 | base | has aws:region, which is no key of Slipway",
    'base.yaml line 3 | base | has a base of its own, "other.yaml"',
    "base.yaml line 4 | nework | is not a known key; did you mean network?",
    "base.yaml line 5 | tags | has an anchor, &tags",
    "base.yaml line 6 | network | is an alias, *tags",
    "base.yaml line 8 | notifications.pagerDuty.integrationKey | is encrypted",
  ]);
  for (const command of [
    "pulumi config rm --stack staging --config-file base.yaml aws:region",
    "pulumi config set --stack staging aws:region us-east-1",
    "pulumi config rm --stack staging --config-file base.yaml slipway:base",
    "pulumi config rm --stack staging --config-file base.yaml --path 'slipway:nework'",
    "pulumi config set --stack staging --secret --path 'slipway:notifications.pagerDuty.integrationKey'   # asks for the value",
    "pulumi config rm --stack staging --config-file base.yaml --path 'slipway:notifications.pagerDuty.integrationKey'",
  ])
    expect(error).toContain(command);
  expect(error).toMatch(/\n {2}base\.yaml is the base of production and staging: a change there changes each of them\.$/);
  expect(error).not.toContain("AAAB");
});
