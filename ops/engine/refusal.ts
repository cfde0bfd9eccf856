/** Why the program refused an update: the last thing that its command says, below the outputs that the engine prints. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refusalVariable } from "../../infra/config/commandVariables.ts";
import { textIn } from "../../infra/config/textFile.ts";

/** Runs the engine, and takes what the program refused. @returns what the engine came to, and the reason where the program gave one */
export async function withRefusal<Result>(
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly reason: string | undefined }> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-refusal-"));
  const file = join(folder, "reason");
  process.env[refusalVariable] = file;
  try {
    const result = await run();
    return { result, reason: existsSync(file) ? textIn(file) : undefined };
  } finally {
    delete process.env[refusalVariable];
    rmSync(folder, { recursive: true, force: true });
  }
}
