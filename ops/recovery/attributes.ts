/**
 * Files beside the local state in which the engine's storage keeps content types. The state itself is replaced at once;
 * these are written in place, and an engine that is killed in that moment leaves one empty. Every later command then ends
 * with "failed to load checkpoint: EOF" (seen with 3.230). Without such a file the storage takes its defaults.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Backend, stateFolder } from "../engine/backend.ts";

/** Removes the damaged ones. @returns how many were removed */
export function removeDamagedAttributes(backend: Backend): number {
  if (backend.kind === "shared") return 0;
  const folder = stateFolder(backend);
  if (!existsSync(folder)) return 0;
  const damaged = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".attrs"))
    .map((file) => join(folder, file))
    .filter((file) => !isReadable(file));
  for (const file of damaged) rmSync(file, { force: true });
  return damaged.length;
}

function isReadable(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
