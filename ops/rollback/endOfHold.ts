/** How what holds a service back comes to its end, in the one order that gives nothing back by accident. */
import { setFlag } from "../config/edit.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import type { StackFlags } from "../project/stack.ts";
import { acknowledgeCommand } from "./rollback.ts";

/** The command that gives the candidate of a service its weight, in config and cloud. @param percent of its traffic */
export function weighCommand(service: string, percent: number, flags: StackFlags): string {
  return slipwayCommand("up", flags, setFlag(["services", service, "release", "candidateWeight"], percent));
}

/**
 * The commands that end a latch or the bar of a digest, as a shell takes them. Config follows first: a file that still asks for what was
 * taken away would give it back with the next update after the word.
 * @param wanted share that config asks for on the colour that is not at home, percent
 */
export function endOfHold(service: string, wanted: number, flags: StackFlags): string {
  const word = acknowledgeCommand(service, flags);
  return wanted > 0 ? `${weighCommand(service, 0, flags)} && ${word}` : word;
}
