/** `slipway rollback`: what an alarm rolled back, and the word of a person that releases may go on. */
import type { Command } from "commander";
import { ofStack } from "../flags.ts";
import type { StackFlags } from "../project/stack.ts";

/** Adds the commands. */
export function addRollback(program: Command): void {
  const parent = program.command("rollback").description("let releases go on after a rollback");
  ofStack(parent.command("acknowledge"))
    .description("say that somebody has looked: updates may give the candidate traffic again")
    .requiredOption("--service <name>", "service that was rolled back")
    .option("--reason <text>", "why, kept in the release record")
    .action(async (flags: StackFlags & { readonly service: string; readonly reason?: string }) => {
      const { acknowledgeRollback } = await import("./acknowledge.ts");
      await acknowledgeRollback(flags.service, flags);
    });
}
