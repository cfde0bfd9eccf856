/** A copy of the project's simulated cloud that a drill may break. */
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxOf } from "../../ops/engine/backend.ts";
import { findProject } from "../../ops/project/project.ts";
import { UserError } from "../../ops/userError.ts";
import type { LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";

/** Runs a drill on a copy that is gone afterwards. @throws UserError when there is nothing to copy: the stack is not up */
export async function onCopiedCloud<T>(stack: string, run: (live: LiveStore, folder: string) => T | Promise<T>): Promise<T> {
  const source = join(sandboxOf(findProject()).folder, "live");
  if (!existsSync(source)) throw new UserError(`${stack} is not in the simulated cloud. Make it first: slipway up --stack ${stack}`);
  const folder = mkdtempSync(join(tmpdir(), "slipway-drill-"));
  try {
    cpSync(source, join(folder, "live"), { recursive: true });
    return await run(openLiveStore(folder), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
