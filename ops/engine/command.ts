/** `slipway preview|up|refresh|destroy|pulumi`: the engine, wrapped. */
import type { Command } from "commander";
import { collect, ending, ofStack } from "../flags.ts";
import type { StackFlags } from "../project/stack.ts";
import { type FaultFlags, takingFaults } from "./faultFlag.ts";

const engineCommands = {
  preview: "show what an update would change",
  up: "update the stack; first finishes what a crash left and reads the live traffic weights",
  refresh: "read what is live into the state",
  destroy: "delete everything that the stack holds",
} as const;

type Parsed = StackFlags & FaultFlags & { readonly set?: readonly string[] };

/** Adds the commands. */
export function addEngine(program: Command): void {
  for (const name of Object.keys(engineCommands) as (keyof typeof engineCommands)[]) {
    const command = takingFaults(ofStack(program.command(name)))
      .description(engineCommands[name])
      .argument("[pulumi flags...]", "handed to pulumi as they are")
      .allowUnknownOption()
      .action(
        ending(async (flags: readonly string[], options: Parsed) => (await import("./commands.ts")).engineCommand(name, options, flags)),
      );
    if (name === "up")
      command.option(
        "--set <path=value>",
        "put a value into the stack file first, such as 'slipway:services.api.scaling.maximum=4'; repeat for more",
        collect,
        [],
      );
  }

  ofStack(program.command("pulumi"))
    .description("run any pulumi command on a stack, such as: slipway pulumi --stack staging stack export")
    .argument("<command...>", "pulumi command and flags")
    .allowUnknownOption()
    .passThroughOptions()
    .action(ending(async (command: readonly string[], flags: StackFlags) => (await import("./commands.ts")).passThrough(command, flags)));
}
