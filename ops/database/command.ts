/** `slipway database`: what a database needs once from inside its network, and the ways back after a loss. */
import type { Command } from "commander";
import { collect, ending, ofStack } from "../flags.ts";
import type { StackFlags } from "../project/stack.ts";
import type { FollowFlags } from "./follow.ts";
import type { GrowFlags } from "./grow.ts";
import type { InitFlags } from "./init.ts";
import type { PromoteFlags } from "./promote.ts";
import type { RestoreFlags } from "./restore.ts";

/** Adds the commands. */
export function addDatabase(program: Command): void {
  const parent = program
    .command("database")
    .description("make the users of databases; bring a database back to a moment; have another region take writes");
  ofStack(parent.command("init"))
    .description(
      "make the application user of each PostgreSQL database, its grants and its password, or bring them to what they should be; does no harm again",
    )
    .option("--database <name>", "one database, such as main; repeat for more; all by default", collect, [])
    .action(ending(async (flags: InitFlags) => (await import("./init.ts")).initDatabases(flags)));
  const reason = ["--reason <text>", "why, for whoever reads it later"] as const;
  const dryRun = ["--dry-run", "print what would be done, and do nothing", false] as const;
  ofStack(parent.command("restore"))
    .description(
      "bring a PostgreSQL database back to a moment, under its own name, and keep the damaged server; the same command goes on where it was interrupted",
    )
    .requiredOption("--database <name>", "database, as slipway:databases names it")
    .requiredOption("--to <moment>", "latest, or a moment as 2027-01-02T11:59:59Z, one second before the damage")
    .requiredOption(...reason)
    .option(...dryRun)
    .action(ending(async (flags: RestoreFlags) => (await import("./restore.ts")).restoreDatabase(flags)));
  ofStack(parent.command("follow"))
    .description("make the PostgreSQL servers of regions anew as replicas of the server that takes writes, and keep the old ones")
    .option("--region <region>", "region whose servers follow; every one by default")
    .option("--database <name>", "one database; all by default")
    .requiredOption(...reason)
    .option(...dryRun)
    .action(ending(async (flags: FollowFlags) => (await import("./follow.ts")).followWriter(flags)));
  ofStack(parent.command("promote"))
    .description("have the PostgreSQL replicas of a region take writes, and tell its services; refused while another region takes them")
    .requiredOption("--region <region>", "region that takes writes")
    .requiredOption(...reason)
    .option(...dryRun)
    .option("--withdraw", "withdraw first each region that does not answer, so that it does not come back with its old data", false)
    .option("--force", "promote though a safety rule is against it", false)
    .action(ending(async (flags: PromoteFlags) => (await import("./promote.ts")).promoteRegion(flags)));
  ofStack(parent.command("grow"))
    .description(
      "give the servers of a PostgreSQL database the storage that config asks for, at once and without an outage; an update leaves it to the maintenance window",
    )
    .requiredOption("--database <name>", "database, as slipway:databases names it")
    .requiredOption(...reason)
    .option("--with-pending", "do what else waits for the window, too, with what it costs", false)
    .option(...dryRun)
    .action(ending(async (flags: GrowFlags) => (await import("./grow.ts")).growDatabase(flags)));
  ofStack(parent.command("adopt"))
    .description("tell the state the ids of PostgreSQL servers that have taken a declared name; nothing else of it is touched")
    .action(ending(async (flags: StackFlags) => (await import("./adopt.ts")).adoptServers(flags)));
}
