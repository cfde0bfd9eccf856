/** Which providers of a run are simulated. */

/** Set by commands: names of the simulated providers, comma-separated, and empty for every other cloud. */
export const simulatedVariable = "SLIPWAY_SIMULATED";

/** Whether the program runs on the simulated side of a provider. Plain `pulumi` does not. */
export function isSimulated(provider: string): boolean {
  return (process.env[simulatedVariable] ?? "").split(",").includes(provider);
}
