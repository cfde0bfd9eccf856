/** What time it is for a stack: in the cloud that it is in. */

/** Set by commands on the simulated cloud: milliseconds that its clock is ahead of this machine's. No other command leaves it set. */
export const clockVariable = "SLIPWAY_CLOCK_AHEAD";

/** The machine's time, or that of the simulated cloud where a command of ours runs the program on it. */
export function cloudTime(): Date {
  const ahead = process.env[clockVariable];
  return new Date(Date.now() + (ahead === undefined ? 0 : Number(ahead)));
}
