/** Which providers of a run are simulated. */

/** Set by commands: names of the simulated providers, comma-separated, and empty for every other cloud. */
export const simulatedVariable = "SLIPWAY_SIMULATED";

/**
 * Whether the program runs on the simulated side of a provider: a command of ours says so, or the engine was told to attach to one that
 * runs already, as the simulated ones do.
 * @param environment of the process. @default this one's
 */
export function isSimulated(provider: string, environment: Readonly<Record<string, string | undefined>> = process.env): boolean {
  const named = (environment[simulatedVariable] ?? "").split(",").includes(provider);
  return named || (environment.PULUMI_DEBUG_PROVIDERS ?? "").split(",").some((one) => one.startsWith(`${provider}:`));
}
