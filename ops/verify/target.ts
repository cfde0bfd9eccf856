/** What can be verified. */
export const targets = ["deployment", "rollback", "restoration"] as const;

/** One of them. */
export type Target = (typeof targets)[number];
