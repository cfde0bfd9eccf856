/**
 * Stacks after their first update, made once and kept in Slipway's cache: what a test starts from that is not about the first
 * update. test/engine/prepared.test.ts holds one against a stack that is made anew.
 */
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { baseNames } from "../../infra/config/baseFiles.ts";
import { hashOf, keptFolder, removeUnused } from "./kept.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = keptFolder("prepared");

/** What decides how a stack looks after its first update, beside its stack file and that file's bases. */
const sources = ["components", "infra", "ops", "sandbox", "test/harness", "package-lock.json"];

/** Seconds after which nobody is believed to be making a stack any more: a first update takes ten. */
const lockedSeconds = 300;

/** What of `.slipway` a stack starts from; the rest are the engine's own records of how it came about. */
const parts = ["state/.pulumi/meta.yaml", "state/.pulumi/stacks", "stacks", "live"];

let sourceHash: string | undefined;

/**
 * Fills a stack's `.slipway` with what its first update leaves.
 * @param projectFolder folder with the stack's files
 * @param stack name of the stack in that folder
 * @param make runs the first update in the folder; called when nobody has made this stack before
 */
export async function prepare(projectFolder: string, stack: string, make: () => Promise<void>): Promise<void> {
  const kept = join(folder, keyOf(projectFolder, stack));
  const sandbox = join(projectFolder, ".slipway");
  const lock = `${kept}.lock`;
  if (!(await isOursToMake(kept, lock))) {
    utimesSync(kept, new Date(), new Date());
    return cpSync(kept, sandbox, { recursive: true });
  }
  const draft = join(folder, `draft-${randomUUID()}`);
  try {
    await make();
    for (const part of parts) cpSync(join(sandbox, part), join(draft, part), { recursive: true });
    if (!existsSync(kept)) renameSync(draft, kept); // whole or not at all
  } finally {
    for (const path of [draft, lock]) rmSync(path, { recursive: true, force: true });
  }
  removeUnused(folder);
}

/** Takes the stack as one's own to make; one that somebody else makes is waited for. @returns false when it is there */
async function isOursToMake(kept: string, lock: string): Promise<boolean> {
  while (!existsSync(kept)) {
    if (mkdirSync(lock, { recursive: true }) !== undefined) return true;
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > lockedSeconds * 1000) rmSync(lock, { recursive: true, force: true }); // left by one that was killed
    await setTimeout(200);
  }
  return false;
}

function keyOf(projectFolder: string, stack: string): string {
  sourceHash ??= hashOf(sources.map((source) => join(root, source)));
  const own = join(projectFolder, `Pulumi.${stack}.yaml`);
  const files = [own, ...["Pulumi.yaml", ...baseNames(readFileSync(own, "utf8"))].map((file) => join(projectFolder, file))];
  return `${sourceHash}-${hashOf(files)}`;
}
