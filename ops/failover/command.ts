/** `slipway failover`: what operators tell Route 53 about regions. */
import type { Command } from "commander";
import type { SwitchKind } from "../../components/environment/contract/failover.ts";
import { ending, ofStack } from "../flags.ts";
import type { FailoverFlags } from "./failover.ts";
import type { WriteFlags } from "./readOnly.ts";

/** Adds the commands. */
export function addFailover(program: Command): void {
  const parent = program.command("failover").description("let traffic leave a region, or keep it out");
  const statement = (name: string, kind: SwitchKind, on: boolean, description: string) =>
    ofStack(parent.command(name))
      .description(description)
      .option("--region <region>", "region that it is about; left out where there is only one")
      .requiredOption("--reason <text>", "why, for whoever reads it later")
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
    "take a region out of the answers until it is restored, whatever its health: before another takes writes; refused where no healthy one is left",
  ).option("--force", "withdraw it though no healthy region is left", false);
  statement(
    "restore",
    "withdraw",
    false,
    "let a withdrawn region answer again: the last step of a failback; refused while another region takes the same writes",
  ).option("--force", "restore it though another region takes the same writes", false);
  ofStack(parent.command("read-only"))
    .description("have the services of a region refuse writes, or take them, and start their tasks anew")
    .requiredOption("--region <region>", "region that it is about")
    .requiredOption("--writes <word>", "refused or taken")
    .requiredOption("--reason <text>", "why, for whoever reads it later")
    .option("--force", "have it take writes though another region does, too", false)
    .action(ending(async (flags: WriteFlags) => (await import("./readOnly.ts")).setWrites(flags)));
}
