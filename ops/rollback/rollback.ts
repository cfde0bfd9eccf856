/** What automatic rollbacks left, by their latches. */
import { type Latch, LatchError, latchName, parseLatch } from "../../infra/config/latch.ts";
import { quote } from "../../infra/config/problem.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { openAws } from "../aws/open.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import type { NamedStack, StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { readLatch } from "./latches.ts";

/** What is known of one service's latch. */
export type LatchState = "absent" | "clear" | "unreadable" | Latch;

/** The command that says that somebody has looked, for the same side as the flags. */
export function acknowledgeCommand(service: string, flags: StackFlags): string {
  return slipwayCommand("rollback acknowledge", flags, `--service ${service}`);
}

/** The command that takes a service's traffic back, and says why. */
export function rollbackCommand(service: string, flags: StackFlags, reason: string, rest = ""): string {
  return slipwayCommand(
    "rollback now",
    flags,
    [`--service ${service} --reason ${quote(reason)}`, rest].filter((part) => part !== "").join(" "),
  );
}

/** A person's reason, as records and latches keep it. @throws UserError for one that says nothing, or is too long */
export function requireReason(reason: string): void {
  if (!/^(?=.*\S).{1,1000}$/s.test(reason))
    throw new UserError(`--reason has ${reason.length} characters; allowed: 1 to 1000, not only spaces.`, 2);
}

/** @throws UserError when the stack has no such service */
export function requireService(
  { config, name }: Pick<NamedStack<{ readonly services: Readonly<Record<string, unknown>> }>, "config" | "name">,
  service: string,
): void {
  const services = Object.keys(config.services);
  if (!services.includes(service))
    throw new UserError(`--service ${service} is no service of ${name}. Services: ${services.join(", ") || "none"}.`, 2);
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

/** The latch of every service. @throws UserError when one cannot be read */
export async function latchesOf(stack: NamedStack): Promise<ServiceLatch[]> {
  const { config } = stack;
  const aws = openAws(stack);
  const states: ServiceLatch[] = [];
  for (const service of Object.keys(config.services))
    for (const region of latchRegions(config))
      states.push({ service, region, state: stateOf(await readLatch(aws, { region, name: latchName(config, service) })) });
  return states;
}

/** Regions that have latches: an alarm rolls back in the stack's own region. */
export function latchRegions({ aws }: StackConfig): readonly string[] {
  return [aws.region];
}
