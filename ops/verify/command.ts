/** `slipway verify`: whether a deployment, a rollback or a restoration has left what users need. */
import type { Command } from "commander";
import { collect, ending, ofStack, oneOf, seconds } from "../flags.ts";
import { type Target, targets } from "./target.ts";
import type { VerifyFlags } from "./verify.ts";

/** Adds the command. */
export function addVerify(program: Command): void {
  ofStack(program.command("verify"))
    .description("check what users need after a deployment, a rollback or a restoration; ends with 1 when anything fails")
    .argument("<target>", targets.join(", "), oneOf(targets))
    .option("--wait <seconds>", "wait before the first check", seconds)
    .option("--watch <seconds>", "ask the endpoints again and again for so long", seconds)
    .option("--every <seconds>", "seconds between two rounds of --watch; 10 by default", seconds)
    .option("--timeout <seconds>", "seconds that an endpoint may take to answer; 10 by default", seconds)
    .option("--connect <host>=<address:port>", "ask a host there, with http:// without TLS; repeat for more", collect, [])
    .action(ending(async (target: Target, flags: VerifyFlags) => (await import("./verify.ts")).verify(target, flags)));
}
