/** `slipway waf`: what the firewall does to whom. */
import type { Command } from "commander";
import { duration, ending, ofStack } from "../flags.ts";
import type { BlockedFlags } from "./blocked.ts";

/** Adds the commands. */
export function addWaf(program: Command): void {
  const parent = program.command("waf").description("see what the web application firewall does");
  ofStack(parent.command("blocked"))
    .description("tell which rule kept how many requests out, of which countries and paths")
    .option("--since <length>", "how far back, such as 30m or 6h", duration, 3_600_000)
    .option("--addresses", "show clients' addresses whole; by default only how many there are")
    .action(ending(async (flags: BlockedFlags) => (await import("./blocked.ts")).blocked(flags)));
}
