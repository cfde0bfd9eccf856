/** Where the latch of a service's rollback is kept, by its config alone, and how its value is read. */
import { latchFolder } from "../../components/rollback/latch.ts";
import type { StackConfig } from "./stack.ts";

export {
  acknowledgedLatch,
  type Latch,
  LatchError,
  latchCause,
  latchFolder,
  parseLatch,
  setLatch,
} from "../../components/rollback/latch.ts";

/**
 * Name of the parameter, in each region of the stack. The stack has one for each service that an alarm may roll back; that of another
 * service is made by the first rollback of a person. It has another name: once config gives the service an automatic rollback, nothing
 * may stand in the way of the stack's own.
 */
export function latchName(
  config: Pick<StackConfig, "system" | "environment"> & { readonly autoRollback: Readonly<Record<string, unknown>> },
  service: string,
): string {
  return `${latchFolder(config)}/${service}${Object.hasOwn(config.autoRollback, service) ? "" : ".by-hand"}`;
}
