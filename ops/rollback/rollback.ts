/** `slipway rollback status`: what automatic rollbacks left. */
import Table from "cli-table3";
import pc from "picocolors";
import { type Latch, LatchError, latchName, parseLatch } from "../../infra/config/latch.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { openAws } from "../aws/open.ts";
import { cloudOf, type NamedStack, operatedStack, type StackFlags, stackWords } from "../project/stack.ts";
import { readLatch } from "./latches.ts";

/** What is known of one service's latch. */
export type LatchState = "absent" | "clear" | "unreadable" | Latch;

/** Prints a table of the services that an alarm may roll back. @returns 0 when none is latched, 1 otherwise */
export async function rollbackStatus(flags: StackFlags): Promise<number> {
  const stack = operatedStack(flags);
  const states = await latchesOf(stack);
  if (states.length === 0) {
    console.log("The stack has no automatic rollback: slipway:autoRollback names no service.");
    return 0;
  }
  const table = new Table({ head: ["service", "region", "latch", "alarm", "since", "before"], style: { head: [], border: [] } });
  const set: string[] = [];
  for (const { service, region, state } of states) {
    table.push([service, region, ...cells(state)]);
    if (typeof state === "object" || state === "unreadable") set.push(service);
  }
  console.log(`Latches of ${stack.name} in ${cloudOf(stack)}:`);
  console.log(table.toString());
  for (const service of new Set(set)) console.log(`Look at docs/runbooks/auto-rollback.md, then: ${acknowledgeCommand(service, flags)}`);
  return set.length === 0 ? 0 : 1;
}

/** The command that says that somebody has looked, for the same side as the flags. */
export function acknowledgeCommand(service: string, flags: StackFlags): string {
  return `slipway rollback acknowledge ${stackWords(flags)} --service ${service}`;
}

/** What a value says. */
export function stateOf(value: string | undefined): LatchState {
  if (value === undefined) return "absent";
  try {
    return parseLatch(value) ?? "clear";
  } catch (error) {
    if (error instanceof LatchError) return "unreadable";
    throw error;
  }
}

/** One service's latch in one region. */
export interface ServiceLatch {
  readonly service: string;
  readonly region: string;
  readonly state: LatchState;
}

/** The latch of every service that an alarm may roll back. @throws UserError when one cannot be read */
export async function latchesOf(stack: NamedStack): Promise<ServiceLatch[]> {
  const { config } = stack;
  const aws = openAws(stack);
  const states: ServiceLatch[] = [];
  for (const service of Object.keys(config.autoRollback))
    for (const region of latchRegions(config))
      states.push({ service, region, state: stateOf(await readLatch(aws, { region, name: latchName(config, service) })) });
  return states;
}

function cells(state: LatchState): string[] {
  if (typeof state !== "object") return [state === "clear" ? pc.green("clear") : pc.yellow(state), "", "", ""];
  const { alarm, at, before, outcome } = state;
  return [pc.red(outcome), alarm, at, `blue ${before.blue}, green ${before.green}`];
}

/** Regions that have latches: an alarm rolls back in the stack's own region. */
export function latchRegions({ aws }: StackConfig): readonly string[] {
  return [aws.region];
}
