/** `release-own`: locks that this machine took, at the end of its job. `break-stale`: locks of earlier pipeline runs. */
export const unlockModes = ["release-own", "break-stale"] as const;

/** One of them. */
export type UnlockMode = (typeof unlockModes)[number];
