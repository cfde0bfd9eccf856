/** The README of the components quotes programs that are checked and previewed; none is typed twice. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..", "..");
const programs = readdirSync(join(root, "test", "packages", "programs"));
const text = (name: string) => readFileSync(join(root, "test", "packages", "programs", name, "index.ts"), "utf8");

test.each(programs)("the program %s stands in the components' README as it is checked", (name) => {
  const readme = readFileSync(join(root, "components", "README.md"), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${text(name)}\`\`\`\n`);
});

test.each(programs)("the program %s calls no config of Slipway: components are enough", (name) => {
  const imports = [...text(name).matchAll(/from "([^"]+)"/g)].map(([, module]) => module);
  expect(imports).toEqual(["@slipway/components"]);
});

test("a service behind a load balancer takes at most fifteen lines", () => {
  expect(text("service").trimEnd().split("\n").length).toBeLessThanOrEqual(15);
});
