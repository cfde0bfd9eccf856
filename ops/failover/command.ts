/** `slipway failover`: what operators tell Route 53 about regions. */
import type { Command } from "commander";
import type { SwitchKind } from "../../components/environment/contract/failover.ts";
import { ofStack } from "../flags.ts";
import type { FailoverFlags } from "./failover.ts";

/** Adds the commands. */
export function addFailover(program: Command): void {
  const parent = program.command("failover").description("let traffic leave a region, or keep it out");
  const statement = (name: string, kind: SwitchKind, on: boolean, description: string) =>
    ofStack(parent.command(name))
      .description(description)
      .option("--region <region>", "region that it is about; left out where there is only one")
      .option("--reason <text>", "why, for whoever reads it later")
      .action(async (flags: FailoverFlags) => (await import("./failover.ts")).setSwitch(kind, on, flags));
  statement("approve", "approve", true, "let traffic leave a region with manual approval while it is down").option(
    "--hours <number>",
    "hours until the approval lapses",
  );
  statement("revoke", "approve", false, "take an approval back");
  statement(
    "withdraw",
    "withdraw",
    true,
    "take a region out of the answers until it is restored, whatever its health: before another takes writes",
  );
  statement("restore", "withdraw", false, "let a withdrawn region answer again: the last step of a failback");
}
