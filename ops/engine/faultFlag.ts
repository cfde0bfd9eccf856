/** `--fault`: what goes wrong in the simulated cloud while a command works. */
import { type Command, InvalidArgumentError } from "commander";
import { type Fault, parseFault } from "../../sandbox/faults/faults.ts";

/** What the flag gives. */
export interface FaultFlags {
  /** In the order of the flags. @default none */
  readonly fault: readonly Fault[];
}

/** Adds the flag to a command. */
export function takingFaults(command: Command): Command {
  return command.option(
    "--fault <words>",
    "inject a fault into the simulated cloud, such as 'kill update aws:lb/listenerRule:ListenerRule 1 after'; repeat for more",
    collectFault,
    [],
  );
}

function collectFault(words: string, earlier: readonly Fault[]): Fault[] {
  try {
    return [...earlier, parseFault(words)];
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
