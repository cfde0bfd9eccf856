/** `slipway status`: what is going on with a stack, and what to run next. */
import type { Command } from "commander";
import { ending, ofStack, seconds } from "../flags.ts";
import type { StatusFlags } from "./status.ts";

/** Adds the command. */
export function addStatus(program: Command): void {
  ofStack(program.command("status"))
    .description(
      "tell what is going on, and what to run next; ends with 1 when there is something to do, 2 when something could not be asked",
    )
    .option("--watch [seconds]", "look again and again, every 10 seconds by default, until Ctrl-C", seconds)
    .option("--deep", "look at what somebody made or deleted by hand, too: security groups, records, policies of roles; and at quotas")
    .option("--json", "print what was read as JSON")
    .action(ending(async (flags: StatusFlags) => (await import("./status.ts")).status(flags)));
}
