/** `slipway database`: what a database needs once, from inside its network. */
import type { Command } from "commander";
import { collect, ending, ofStack } from "../flags.ts";
import type { InitFlags } from "./init.ts";

/** Adds the commands. */
export function addDatabase(program: Command): void {
  const parent = program.command("database").description("make the users of databases, from inside their network");
  ofStack(parent.command("init"))
    .description(
      "make the application user of each PostgreSQL database, its grants and its password, or bring them to what they should be; does no harm again",
    )
    .option("--database <name>", "one database, such as main; repeat for more; all by default", collect, [])
    .action(ending(async (flags: InitFlags) => (await import("./init.ts")).initDatabases(flags)));
}
