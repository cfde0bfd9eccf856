/** The rehearsals among the commands of `slipway`. */
import type { Register } from "../ops/flags.ts";
import { addDrills } from "./drill/command.ts";
import { addSandbox } from "./sandbox/command.ts";

export const rehearsals: readonly Register[] = [addSandbox, addDrills];
