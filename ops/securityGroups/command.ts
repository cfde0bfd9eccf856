/** `slipway security-group`: a rule that somebody added by hand, taken away. */
import type { Command } from "commander";
import { ending, ofStack } from "../flags.ts";
import type { RevokeFlags } from "./revoke.ts";

/** Adds the command. */
export function addSecurityGroups(program: Command): void {
  const parent = program.command("security-group").description("close what somebody opened by hand");
  ofStack(parent.command("revoke"))
    .description("take a rule out of one of the stack's security groups that its state does not hold; slipway status --deep names them")
    .requiredOption("--rule <id>", "id of the rule, sgr-…")
    .requiredOption("--reason <text>", "why, for whoever reads it later")
    .option("--region <region>", "region of the rule; the stack's own by default")
    .action(ending(async (flags: RevokeFlags) => (await import("./revoke.ts")).revoke(flags)));
}
