/** `slipway cache`: what a person on call does to a cache. */
import type { Command } from "commander";
import { ending, ofStack } from "../flags.ts";
import type { GrowFlags } from "./grow.ts";

/** Adds the commands. */
export function addCache(program: Command): void {
  const parent = program.command("cache").description("give a cache more memory at once");
  ofStack(parent.command("grow"))
    .description(
      "give the nodes of a cache a larger type at once: the one that config asks for, else the next larger; an update leaves it to the maintenance window",
    )
    .requiredOption("--cache <name>", "cache, as slipway:caches names it")
    .requiredOption("--reason <text>", "why, for whoever reads it later")
    .option("--node-type <type>", "type to grow to, such as cache.r7g.large; by default config's, else the next larger")
    .option("--region <region>", "region that is meant; by default the stack's own")
    .option("--with-pending", "do what else waits for the window, too, with what it costs", false)
    .option("--dry-run", "print what would be done, and do nothing", false)
    .action(ending(async (flags: GrowFlags) => (await import("./grow.ts")).growCache(flags)));
}
