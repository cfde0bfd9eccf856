/** Whether somebody wants the debug messages of the SDK. */
import { engineProcess } from "./engineProcess.ts";

/**
 * Whether the engine that runs this program was called with `--debug`. The engine does not tell the program: it takes every
 * message and shows those that were asked for. So its command line is read, which Linux alone offers without another process;
 * elsewhere `SLIPWAY_SDK_DEBUG=1` says the same.
 * @param from process whose ancestors are looked at. @default the one that started this one
 */
export function debugWanted(environment: NodeJS.ProcessEnv = process.env, from = process.ppid): boolean {
  if (environment.SLIPWAY_SDK_DEBUG !== undefined) return true;
  return engineProcess(from)?.args.some((arg) => /^(?:--debug(?:=true)?|-[a-z]*d)$/.test(arg)) === true;
}
