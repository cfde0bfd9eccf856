/** How much a store of secrets takes is said once, and the same on each page. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..", "..");

it.each(["docs/components/secrets.md", "docs/config/secrets.md"])("case 58 %s says 4 KB of a parameter, and nothing else", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  expect(text).toContain("4 KB");
  expect(text).not.toContain("8 KB");
});
