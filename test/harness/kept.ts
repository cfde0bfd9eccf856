/** What tests make once and keep in Slipway's cache, for as long as all that it was made of stays as it is. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../sandbox/engine/engine.ts";

const root = join(import.meta.dirname, "..", "..");

/** Days for which something is kept that nobody uses. */
const keptDays = 2;

/** A folder of the cache for things of one kind, made if it is not there. */
export function keptFolder(kind: string): string {
  const folder = join(cacheFolder(), kind);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Takes away what nobody has used lately. */
export function removeUnused(folder: string): void {
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    const used = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - used > keptDays * 86_400_000) rmSync(path, { recursive: true, force: true });
  }
}

/** A text that differs when a file differs, under Node.js of another version, and in another checkout: paths of function code are in states and graphs. */
export function hashOf(paths: readonly string[]): string {
  const hash = createHash("sha256").update(`${root}\n${process.version}\n`);
  const add = (path: string): void => {
    if (statSync(path).isDirectory())
      for (const entry of readdirSync(path).sort()) {
        hash.update(`${entry}\n`);
        add(join(path, entry));
      }
    else hash.update(readFileSync(path));
  };
  for (const path of paths) add(path);
  return hash.digest("hex").slice(0, 32);
}
