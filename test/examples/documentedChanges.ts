/** The lists of docs/decisions/0007-data-and-config-changes.md: config keys whose change costs data, or is refused because it would. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const page = join(import.meta.dirname, "..", "..", "docs", "decisions", "0007-data-and-config-changes.md");

/** Cells by config key of the table under a heading. @throws Error when there is none */
function tableUnder(heading: string): ReadonlyMap<string, readonly string[]> {
  const section = readFileSync(page, "utf8").split(`\n## ${heading}\n`)[1]?.split("\n## ")[0];
  if (section === undefined) throw new Error(`${page} has no heading ${heading}`);
  const rows = [...section.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)];
  return new Map(rows.map(([, key = "", cells = ""]) => [key, cells.split(" | ")]));
}

/** Why each key cannot change, by key. */
export const refusedKeys = tableUnder("Refused before anything happens");

/** Type of what is lost, whether a protected stack refuses, and why, by key. */
export const costlyKeys = tableUnder("Goes through, at a price");
