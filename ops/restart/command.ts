/** `slipway restart`: tasks of a service started anew, so that they read what has changed since. */
import type { Command } from "commander";
import { ending, ofStack } from "../flags.ts";
import type { RestartFlags } from "./restart.ts";

/** Adds the command. */
export function addRestart(program: Command): void {
  ofStack(program.command("restart"))
    .description(
      "start the tasks of a service anew, new ones first, and wait until they run: for values of secrets and parameters, or a leak",
    )
    .requiredOption("--service <name>", "service, as slipway:services names it")
    .requiredOption("--reason <text>", "why, for whoever reads it later")
    .option("--colour <colour>", "blue or green; by default each that runs tasks")
    .option("--region <region>", "region that is meant; by default the stack's own")
    .action(ending(async (flags: RestartFlags) => (await import("./restart.ts")).restart(flags)));
}
