/** Environment variables by which a command tells the program what it has seen or done just before. */

/** `there` or `empty`: the state, where a command has read it. */
export const stateVariable = "SLIPWAY_STATE";

/** How a person who reads a message runs Pulumi's commands: `npx slipway pulumi`. */
export const pulumiVariable = "SLIPWAY_PULUMI";

/** Set where a part of the stack is updated only. */
export const partVariable = "SLIPWAY_PART";

/** Names of ECS services that were asked for tasks, with commas between: ECS tells of such tasks a moment later only. */
export const askedVariable = "SLIPWAY_ASKED";

/** File into which the program writes why it refuses an update: the engine prints what outputs were before behind that. */
export const refusalVariable = "SLIPWAY_REFUSAL";
