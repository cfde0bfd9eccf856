/** Limits and defaults of a restore test, for the component and for whoever composes it. */

/** Days back that a backup is chosen from: a month's test sees every backup of a month. */
export const selectionWindowDays = { least: 1, most: 365, usual: 31 } as const;

/** Hours that what was restored stays, for somebody to look at. */
export const validationHours = { least: 1, most: 168, usual: 4 } as const;
