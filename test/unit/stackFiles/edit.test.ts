/** Values that `slipway up --set` puts into a stack file: all or none, comments kept. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { ConfigError, parseConfigPath } from "../../../infra/config/problem.ts";
import { withValue } from "../../../infra/config/yamlEdit.ts";
import { setFlag, setInStackFile } from "../../../ops/config/edit.ts";
import { UserError } from "../../../ops/userError.ts";
import { ProjectFolder } from "../../harness/projectFolder.ts";

const staging = join(import.meta.dirname, "..", "..", "..");
const files = {
  "base.yaml": readFileSync(join(staging, "base.yaml"), "utf8"),
  "Pulumi.staging.yaml": readFileSync(join(staging, "Pulumi.staging.yaml"), "utf8"),
};
const maximum = "slipway:services.api.scaling.maximum";

test("a value is set, and nothing else of the file is another", () => {
  using folder = new ProjectFolder(files);
  const file = folder.file("Pulumi.staging.yaml");
  const before = readFileSync(file, "utf8").split("\n");
  expect(setInStackFile(file, [`${maximum}=4`])).toEqual([`${maximum} is 4, was 2`]);
  const after = readFileSync(file, "utf8").split("\n");
  expect(after.filter((line, index) => line !== before[index])).toEqual(["        maximum: 4"]);
  expect(setInStackFile(file, [`${maximum}=4`])).toEqual([]);
});

test.each([
  ["a value that the config refuses", [`${maximum}=4`, "slipway:services.api.release.candidateWeight=250"], ConfigError, "is 250"],
  ["a path that nothing has", ["slipway:services.api.scaling.most=4"], ConfigError, "is not a known key"],
  ["no path", ["4"], UserError, "Give a path of the config and a value"],
  ["an element of a list that only the base has", ["slipway:services.web.route.paths[0]=/x/*"], UserError, "is a list of base.yaml"],
])("%s: the file is as it was", (_, settings, kind, said) => {
  using folder = new ProjectFolder(files);
  const file = folder.file("Pulumi.staging.yaml");
  const act = () => setInStackFile(file, settings);
  expect(act).toThrow(kind);
  expect(act).toThrow(said);
  expect(readFileSync(file, "utf8")).toBe(files["Pulumi.staging.yaml"]);
});

test.each([
  [4, `--set '${maximum}=4'`],
  ["cache.t4g.medium", `--set '${maximum}=cache.t4g.medium'`],
  ["12", `--set '${maximum}="12"'`],
  [["s3", "dynamodb"], `--set '${maximum}=["s3","dynamodb"]'`],
])("the flag of %j is what a shell takes", (value, flag) => {
  expect(setFlag(parseConfigPath("services.api.scaling.maximum"), value)).toBe(flag);
});

test.each([
  ["a value in a flow", ["a", "b"], 4, "# top\na: {b: 4, c: 2} # why\nd: 3\n"],
  ["a key in a flow", ["a", "x"], 4, "# top\na: {x: 4, b: 1, c: 2} # why\nd: 3\n"],
  ["a whole flow", ["a"], [1, "yes"], "# top\na: [1, yes] # why\nd: 3\n"],
  ["a key at the top, with maps that are not there", ["x", "y", "z"], "12", '# top\nx: {y: {z: "12"}}\na: {b: 1, c: 2} # why\nd: 3\n'],
])("%s: every other character stays", (_, path, value, after) => {
  expect(withValue("# top\na: {b: 1, c: 2} # why\nd: 3\n", path, value)).toBe(after);
});

test("every value of a stack file can be set to another, and the rest stays", () => {
  for (const file of shipped) {
    const text = readFileSync(file, "utf8");
    for (const path of leavesOf(parse(text))) {
      const changed = withValue(text, path, "another");
      expect(changed.split("\n").length).toBeGreaterThanOrEqual(text.split("\n").length - 20);
      expect([...changed.matchAll(/(?:^|\s)# .*/gm)].length, `${file} ${path.join(".")}`).toBe([...text.matchAll(/(?:^|\s)# .*/gm)].length);
    }
  }
});

/** Those with the most comments and flows; all of them take a long time. */
const shipped = ["Pulumi.staging.yaml", "examples/smartduka/Pulumi.production.yaml"].map((file) => join(staging, file));

function leavesOf(value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [at];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...at, Array.isArray(value) ? Number(key) : key]));
}
