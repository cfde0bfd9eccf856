import { notifies } from "./notifications.ts";
import type { Problem } from "./problem.ts";
import type { PartialStackConfig } from "./stack.ts";

/** A protected stack that tells nobody. */
export function notificationProblems({ notifications: all, protect }: PartialStackConfig): Problem[] {
  if (all === undefined || notifies(all) || protect !== true) return [];
  return [
    {
      path: ["notifications"],
      found: "has nobody to tell in a protected stack",
      reason: "it has no alarms then, and is down until a user calls",
      allowed: "a channel in emails, slack or pagerDuty",
    },
  ];
}
