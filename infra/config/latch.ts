/** Where the latch of a service's rollback is kept, by its config alone, and how its value is read. */
import { latchFolder } from "../../components/rollback/latch.ts";
import type { StackConfig } from "./stack.ts";

export { acknowledgedLatch, type Latch, LatchError, latchFolder, parseLatch } from "../../components/rollback/latch.ts";

/** Name of the parameter, in each region of the stack. */
export function latchName(config: Pick<StackConfig, "system" | "environment">, service: string): string {
  return `${latchFolder(config)}/${service}`;
}
