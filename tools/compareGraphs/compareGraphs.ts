/**
 * `npm run compare-graphs -- <commit> [<commit>]`: what two commits declare differently for the shipped stacks, the second being
 * the files as they are when it is not given. Ends with 1 when anything differs. Both run with the packages that are installed.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differences, type Graph } from "./differences.ts";

const root = join(import.meta.dirname, "..", "..");
const mebibyte = 1024 * 1024;

/** What a commit declares, by stack. @param commit undefined for the files as they are */
function declaredAt(commit: string | undefined): Readonly<Record<string, Graph>> {
  if (commit === undefined) return declaredBelow(root);
  const folder = mkdtempSync(join(tmpdir(), "slipway-commit-"));
  try {
    const archive = execFileSync("git", ["archive", commit], { cwd: root, maxBuffer: 512 * mebibyte });
    execFileSync("tar", ["-x", "-C", folder], { input: archive });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    return declaredBelow(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function declaredBelow(folder: string): Readonly<Record<string, Graph>> {
  const script = join(import.meta.dirname, "declared.ts");
  const output = execFileSync(process.execPath, [script, folder], { encoding: "utf8", maxBuffer: 512 * mebibyte });
  return JSON.parse(output) as Record<string, Graph>;
}

const [first, second] = process.argv.slice(2);
if (first === undefined) throw new Error("Name a commit: npm run compare-graphs -- <commit> [<commit>]");
const before = declaredAt(first);
const after = declaredAt(second);
for (const stack of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
  const found = differences(before[stack] ?? {}, after[stack] ?? {});
  const { length } = Object.keys(after[stack] ?? {});
  console.log(`${stack}: ${length} resources, ${found.length === 0 ? "nothing differs" : `${found.length} differences`}`);
  for (const difference of found) console.log(`  ${difference}`);
  if (found.length > 0) process.exitCode = 1;
}
