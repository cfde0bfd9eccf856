/** Links of the documentation lead somewhere. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const pages = globSync(["README.md", "docs/**/*.md", "examples/**/*.md"], { cwd: root }).sort();

/** Heading as an anchor, the way GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}

function brokenLinks(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file = "", anchor] = target.split("#");
    const path = file === "" ? join(root, page) : join(root, dirname(page), file);
    if (!existsSync(path)) return [`${page}: ${target}`];
    if (anchor === undefined || !path.endsWith(".md")) return [];
    const anchors = [...readFileSync(path, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
    return anchors.includes(anchor) ? [] : [`${page}: ${target}`];
  });
}

test("every link to a file or a heading of this repository leads there", () => {
  expect(pages.length).toBeGreaterThan(60);
  expect(pages.flatMap(brokenLinks)).toEqual([]);
});
