/** `slipway rollback`: traffic back at once, and the word of a person that releases may go on. */
import type { Command } from "commander";
import { ending, ofStack } from "../flags.ts";
import type { StackFlags } from "../project/stack.ts";
import type { RollbackFlags } from "./order.ts";

/** Adds the commands. */
export function addRollback(program: Command): void {
  const parent = program.command("rollback").description("take a service's traffic back, and let releases go on after that");
  ofStack(parent.command("now"))
    .description("give a service's traffic back to the colour before, at once: needs no lock, no engine and no alarm")
    .requiredOption("--service <name>", "service that is rolled back")
    .requiredOption("--reason <text>", "why, kept in latch and release record")
    .option("--when-ready", "ask for the tasks that everything needs, and move traffic once they answer", false)
    .option("--open-pull-request", "once traffic is back, open the pull request that makes config follow; needs GITHUB_TOKEN", false)
    .action(ending(async (flags: RollbackFlags) => (await import("./now.ts")).rollbackNow(flags)));
  ofStack(parent.command("acknowledge"))
    .description("say that somebody has looked: updates may give the candidate traffic again")
    .requiredOption("--service <name>", "service that was rolled back")
    .option("--reason <text>", "why, kept in the release record")
    .action(async (flags: StackFlags & { readonly service: string; readonly reason?: string }) => {
      const { acknowledgeRollback } = await import("./acknowledge.ts");
      await acknowledgeRollback(flags.service, flags);
    });
}
