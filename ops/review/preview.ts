/** The one engine run that a review is made from. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capturedCommand, type EngineCommandOptions } from "../engine/commands.ts";
import type { EngineResult } from "../engine/session.ts";
import { findProject } from "../project/project.ts";
import { readPolicyFindings } from "./digest.ts";
import { reviewPreview, type StackReview } from "./stackReview.ts";

/** Previews a stack and reviews the result. A preview that fails, whatever the reason, is a review that says so. */
export async function reviewStack(options: EngineCommandOptions): Promise<StackReview> {
  const project = findProject().name;
  const folder = mkdtempSync(join(tmpdir(), "slipway-review-"));
  const log = join(folder, "events.jsonl");
  // Policy findings are in the engine's event log alone, and its flag exists only beside this variable.
  const events = process.env.PULUMI_DEBUG_COMMANDS === "true" ? ["--event-log", log] : [];
  try {
    const result = await previewed(options, ["--json", "--show-replacement-steps", ...events]);
    const policies = existsSync(log) ? readPolicyFindings(readFileSync(log, "utf8")) : [];
    const secretsUnread = options.backend?.kind === "copy";
    return reviewPreview({ project, stack: options.stack ?? "", ...result, policies, secretsUnread });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function previewed(options: EngineCommandOptions, flags: readonly string[]): Promise<EngineResult> {
  try {
    return await capturedCommand("preview", options, flags);
  } catch (error) {
    return { exitCode: 1, stdout: "", stderr: error instanceof Error ? error.message : String(error) };
  }
}
