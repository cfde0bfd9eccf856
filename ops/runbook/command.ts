/** `slipway runbook`: what to do about an alarm, with the stack's own values. */
import type { Command } from "commander";
import { ending, ofStack } from "../flags.ts";
import type { RunbookFlags } from "./runbook.ts";

/** Adds the command. */
export function addRunbook(program: Command): void {
  ofStack(program.command("runbook"))
    .description("print what to do about an alarm, with the stack's own values; without one, what rings and every page")
    .argument("[alarm or page]", "name of an alarm, whole or without the stack's part, or of a page")
    .option("--service <name>", "service that it is about, where the page alone does not tell")
    .option("--database <name>", "database that it is about, where the page alone does not tell")
    .option("--region <region>", "region that it is about; the stack's own by default")
    .action(ending(async (wanted: string | undefined, flags: RunbookFlags) => (await import("./runbook.ts")).runbook(wanted, flags)));
}
