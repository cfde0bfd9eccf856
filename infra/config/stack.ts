/** The config of a whole stack, as the program and the commands have it: what an environment's contract makes of it. */
export type { AreaName, PartialStackConfig, StackConfig } from "../../components/environment/contract.ts";
