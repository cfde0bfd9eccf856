/** How a built file of one package names a file of another. */
import { expect, test } from "vitest";
import { importedBy, packageOf, withPackageImports } from "../../../tools/packages/packages.ts";

const program = packageOf("infra");
const commandLine = packageOf("ops");

test.each([
  ['import { a } from "./config/stack.ts";', "infra/program.ts", 'import { a } from "./config/stack.js";'],
  ['import { a } from "../components/colours.ts";', "infra/program.ts", 'import { a } from "@slipway/components/colours";'],
  [
    'const a = require("../../components/contract/zod.js");',
    "infra/config/stack.ts",
    'const a = require("@slipway/components/contract/zod");',
  ],
  [
    'import("@slipway/components/contract/secret.ts").Secret',
    "infra/config/stack.ts",
    'import("@slipway/components/contract/secret").Secret',
  ],
  ['import { z } from "zod";', "infra/config/stack.ts", 'import { z } from "zod";'],
])("%s of the program", (source, file, built) => {
  expect(withPackageImports(source, program, file)).toBe(built);
});

test("the command line has the simulated cloud and the rehearsals in it, and the program beside it", () => {
  const text = 'import "../sandbox/sandbox.ts"; import "../rehearsal/commands.ts"; await import("../infra/config/problem.ts");';
  expect(withPackageImports(text, commandLine, "ops/main.ts")).toBe(
    'import "../sandbox/sandbox.js"; import "../rehearsal/commands.js"; await import("@slipway/program/config/problem");',
  );
});

test("an import that leads out of every package is refused", () => {
  expect(() => withPackageImports('import "../../tools/writeDocs.ts";', program, "infra/config/stack.ts")).toThrow(
    "infra/config/stack.ts imports ../../tools/writeDocs.ts, which is in no package",
  );
});

test("what a file imports is what its package has to declare, and no text that happens to look like it", () => {
  const text = 'import { a } from "zod"; import "node:fs"; import b from "./b.js"; say("taken from", "c"); x.from("d e");';
  expect(importedBy(text)).toEqual(["zod"]);
});

test("a folder without a package is refused with those that have one", () => {
  expect(() => packageOf("bench")).toThrow("bench is no workspace with a package; there are components, infra, ops");
});
