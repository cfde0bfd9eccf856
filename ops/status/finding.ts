/** Something to do about a stack. */

/**
 * How grave it is, the gravest first. `outage`: users are not served, or soon will not be; `alarm`: somebody was woken; `blocked`: nothing can be
 * changed or released; `drift`: the cloud is not as the stack says; `risk`: the next loss would cost more; `chore`: what waits for working hours.
 */
export const gravities = ["outage", "alarm", "blocked", "drift", "risk", "chore"] as const;
export type Gravity = (typeof gravities)[number];

/** What is wrong, and what to run first. */
export interface Finding {
  readonly gravity: Gravity;
  /** One sentence without a stop. */
  readonly what: string;
  /** As it can be pasted. */
  readonly command: string;
  /** It is an alarm: somebody was told, and looks for its page. @default it was found by the look itself */
  readonly rings?: true;
}
