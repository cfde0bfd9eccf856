/** `slipway alarms`: whether messages of alarms reach people. */
import type { Command } from "commander";
import { collect, durationOrNone, ending, ofStack } from "../flags.ts";
import type { StackFlags } from "../project/stack.ts";
import type { AlarmsTestFlags } from "./alarmsTest.ts";

/** Adds the commands. */
export function addAlarms(program: Command): void {
  const parent = program.command("alarms").description("see that messages of alarms reach people");
  ofStack(parent.command("test"))
    .description("send one message of each severity, marked as a test, and wait until people say that it came")
    .option("--region <region>", "region whose topics send; the stack's own when left out")
    .option(
      "--wait <duration>",
      "how long to wait for the codes that the messages carry, such as 5m; 0s sends only",
      durationOrNone,
      300_000,
    )
    .option("--confirm <code>", "code of a message that came, such as P0-123456; repeat for more. Sends nothing", collect, [])
    .option("--dry-run", "name topics and who is subscribed, and send nothing", false)
    .action(ending(async (flags: AlarmsTestFlags) => (await import("./alarmsTest.ts")).testAlarms(flags)));
  ofStack(parent.command("heartbeat"))
    .description(
      "tell the address in SLIPWAY_HEARTBEAT_URL that messages of alarms have somebody to reach; what waits there rings when it does not come",
    )
    .action(ending(async (flags: StackFlags) => (await import("./heartbeat.ts")).heartbeat(flags)));
}
