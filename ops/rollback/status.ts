/** `slipway rollback status`: what rollbacks left, in latches and in release records. */
import Table from "cli-table3";
import pc from "picocolors";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { readState } from "../engine/state.ts";
import { cloudOf, type NamedStack, operatedStack, type StackFlags } from "../project/stack.ts";
import { type BarredService, barredLines, barredServices } from "../release/barredDigests.ts";
import { UserError } from "../userError.ts";
import { acknowledgeCommand, type LatchState, latchesOf } from "./rollback.ts";

/**
 * Prints a table of the services that an alarm may roll back, and what release records bar.
 * @returns 0 when nothing is latched or barred, 1 otherwise
 */
export async function rollbackStatus(flags: StackFlags): Promise<number> {
  const stack = operatedStack(flags);
  const states = await latchesOf(stack);
  const barred = await barredOf(stack);
  if (states.length === 0) console.log("The stack has no automatic rollback: slipway:autoRollback names no service.");
  const table = new Table({ head: ["service", "region", "latch", "alarm", "since", "before"], style: { head: [], border: [] } });
  const set: string[] = [];
  for (const { service, region, state } of states) {
    table.push([service, region, ...cells(state)]);
    if (typeof state === "object" || state === "unreadable") set.push(service);
  }
  if (states.length > 0) console.log(`Latches of ${stack.name} in ${cloudOf(stack)}:\n${table.toString()}`);
  const unread = barred instanceof UserError;
  const lines = unread ? [`Release records could not be looked at: ${barred.message}`] : barred.flatMap(barredLines);
  for (const line of lines) console.log(pc.red(line));
  if (!unread) set.push(...barred.flatMap(({ service, entries }) => entries.map(() => service)));
  for (const service of new Set(set)) console.log(`Look at docs/runbooks/auto-rollback.md, then: ${acknowledgeCommand(service, flags)}`);
  return set.length === 0 && lines.length === 0 ? 0 : 1;
}

/** @returns what is barred; why nobody can tell, where the stack's state does not say where the records are */
async function barredOf(stack: NamedStack): Promise<readonly BarredService[] | UserError> {
  const session = openSession(stack);
  try {
    return await barredServices(stack.config, await readState(session), openAws(stack));
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  } finally {
    session.close();
  }
}

function cells(state: LatchState): string[] {
  if (typeof state !== "object") return [state === "clear" ? pc.green("clear") : pc.yellow(state), "", "", ""];
  const { alarm, at, before, outcome } = state;
  return [pc.red(outcome), alarm, at, `blue ${before.blue}, green ${before.green}`];
}
