/** Runbooks: the index is whole, every page has its sections, every link and every command of ours exists. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { decisions, runbookIndex, runbookSections, runbooksIn } from "../../ops/runbooks/runbookIndex.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = join(root, "docs", "runbooks");
const pages = runbooksIn(folder);
const commandLine = readFileSync(join(root, "ops", "slipway.ts"), "utf8");

test("the index is the one that the pages give; `npm run schema` writes it", async () => {
  await expect(runbookIndex(pages)).toMatchFileSnapshot(join(folder, "README.md"));
});

test("each decision has its page", () => {
  for (const [question, slug] of decisions) expect(existsSync(join(folder, `${slug}.md`)), question).toBe(true);
});

describe.each(pages)("$slug", ({ slug, title }) => {
  const file = join(folder, `${slug}.md`);
  const text = readFileSync(file, "utf8");

  test("has a title and the five sections, in order", () => {
    expect(title).toMatch(/^[A-Z]/);
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([...runbookSections]);
  });

  test("links lead somewhere, and commands are ones that slipway has", () => {
    const targets = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !target.startsWith("http"));
    expect(targets.filter((target) => !existsSync(join(dirname(file), target)))).toEqual([]);
    const commands = [...text.matchAll(/npx slipway ([a-z]+)/g)].map(([, command = ""]) => command);
    expect(commands.filter((command) => !hasCommand(command))).toEqual([]);
  });
});

function hasCommand(name: string): boolean {
  return commandLine.includes(`command("${name}`) || new RegExp(`\\b${name}: "`).test(commandLine);
}
