/** What `slipway runbook` knows of a shipped stack, by its graph alone. */
import { join } from "node:path";
import { runbookPages } from "../../ops/runbook/page.ts";
import type { Known, RunbookFlags } from "../../ops/runbook/runbook.ts";
import { watchedAlarms } from "../../ops/runbook/watchedAlarm.ts";
import { configOf, type Edits } from "./config.ts";
import { declaredState } from "./declaredState.ts";

const root = join(import.meta.dirname, "..", "..");

/** Folder of Slipway's pages. */
export const runbookFolder = join(root, "docs", "runbooks");

/** @param stack as `sourceOf` names it */
export async function knownOf(stack: string, flags: Partial<RunbookFlags> = {}, edits: Edits = {}): Promise<Known> {
  const config = configOf(stack, edits);
  const state = await declaredState(config);
  const pages = runbookPages(root);
  return { config, flags: { stack: "production", ...flags }, state, alarms: watchedAlarms(state, config), pages };
}
