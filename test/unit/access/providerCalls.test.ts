/** The table of what the provider calls has a row for every type, and says of each what a refresh reads. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { providerCalls } from "../../harness/providerCalls.ts";
import { readsOfTypes } from "./readActions.ts";

test("every resource that a component can make has a row", () => {
  const root = join(import.meta.dirname, "..", "..", "..");
  const modules = globSync("{components,infra}/**/*.ts", { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/"@pulumi\/aws\/(\w+\/(?!get)\w+)\.js"/g)].map(([, module]) => `aws:${module}:`),
  );
  expect(modules.length).toBeGreaterThan(80);
  const rows = Object.keys(providerCalls);
  expect([...new Set(modules)].filter((module) => !rows.some((type) => type.startsWith(module)))).toEqual([]);
});

test("what a refresh reads of a type is among the calls of its row", () => {
  const called = (type: string) =>
    (providerCalls[type] ?? []).flatMap(({ actions }) => {
      const [service = "", verbs = ""] = actions.split(":");
      return verbs.split(" ").map((verb) => `${service}:${verb}`);
    });
  const lacking = Object.entries(readsOfTypes).flatMap(([type, reads]) =>
    reads.filter((read) => !called(type).includes(read)).map((read) => `${type}: ${read}`),
  );
  expect(lacking).toEqual([]);
});
