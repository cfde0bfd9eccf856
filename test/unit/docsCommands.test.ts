/** Every `slipway …` that a page names exists, with its flags: on call, nobody should find out that it does not. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { commandLine } from "../../ops/commandLine.ts";
import { rehearsals } from "../../rehearsal/commands.ts";

const root = join(import.meta.dirname, "..", "..");

const program: Command = commandLine(rehearsals);

/** Commands that hand what they do not know to pulumi. */
const handOn = new Set(["preview", "up", "refresh", "destroy", "pulumi"]);

/** What code spans and blocks of a page say after `slipway`, each up to the end of that command. */
function mentions(page: string): string[] {
  const code = [...page.matchAll(/```[a-z]*\n([\s\S]*?)```|`([^`\n]+)`/g)].map(([, block, span]) => block ?? span ?? "");
  return code.flatMap((text) =>
    [...text.replaceAll(/\\\n/g, " ").matchAll(/(?:^|[\s(])slipway ([a-z][^\n;#&]*)/g)].map(
      ([, rest = ""]) => rest.split(/ {2,}| \| /)[0] ?? "",
    ),
  );
}

/** What is wrong with a mention; undefined when nothing is. @param pasted whether it has to work as it stands @default false */
function wrong(mention: string, pasted = false): string | undefined {
  const named = (parent: Command, name: string) => parent.commands.find((command) => command.name() === name);
  let command = program;
  const words = mention.trim().split(/\s+/);
  for (const word of words) {
    if (command.commands.length === 0 || !/^[a-z][a-z|-]*$/.test(word)) break;
    const names = word.split("|");
    const unknown = names.find((name) => named(command, name) === undefined);
    if (unknown !== undefined) return `there is no ${unknown}`;
    if (names.length > 1) return undefined;
    command = named(command, word) ?? command;
  }
  if (pasted && command.options.some(({ long }) => long === "--stack") && !words.includes("--stack")) return "it names no stack";
  if (handOn.has(words[0] ?? "")) return undefined;
  const flags = new Set([...command.options.map(({ long }) => long), "--help"]);
  const unknown = words.filter((word) => word.startsWith("--")).find((flag) => !flags.has(flag.replace(/=.*/, "")));
  return unknown === undefined ? undefined : `it has no ${unknown}`;
}

test("the commands in the pages exist", () => {
  const pages = globSync(["*.md", "docs/**/*.md", "examples/**/*.md"], { cwd: root });
  const found = pages.flatMap((page) => mentions(readFileSync(join(root, page), "utf8")).map((mention) => ({ page, mention })));
  expect(found.length).toBeGreaterThan(150);
  const bad = found.flatMap(({ page, mention }) => {
    const what = wrong(mention, page.startsWith("docs/runbooks/"));
    return what === undefined ? [] : [`${page}: slipway ${mention}: ${what}`];
  });
  expect(bad).toEqual([]);
});

test("a runbook's commands name the stack", () => {
  expect(wrong("status", true)).toBe("it names no stack");
  expect(wrong("up", true)).toBe("it names no stack");
  expect(wrong("status --stack production", true)).toBeUndefined();
});

test.each([
  ["failover aprove --region x", "there is no aprove"],
  ["failover approve|revok", "there is no revok"],
  ["secrets status --stack production --rael aws", "it has no --rael"],
])("slipway %s would be found", (mention, what) => {
  expect(wrong(mention)).toBe(what);
});
