/** `release-own`: locks that this machine took, at the end of its job. `break-stale`: locks of earlier pipeline runs. */
export const unlockModes = ["release-own", "break-stale"] as const;

/** Minutes after which no update runs any more: longer than the longest job of the pipeline. */
export const staleMinutes = 120;

/** One of them. */
export type UnlockMode = (typeof unlockModes)[number];
