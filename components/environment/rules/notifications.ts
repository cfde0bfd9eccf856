import { type BrokenRule, broken } from "../../contract/rule.ts";
import { notifies } from "../contract/notifications.ts";
import type { PartialStackConfig } from "../contract.ts";

/** A protected stack that tells nobody. */
export function notificationsRules({ notifications: all, protect }: PartialStackConfig): BrokenRule[] {
  if (all === undefined || notifies(all) || protect !== true) return [];
  return broken({
    path: ["notifications"],
    found: "has nobody to tell in a protected stack",
    reason: "it has no alarms then, and is down until a user calls",
    allowed: "a channel in emails, slack or pagerDuty",
  });
}
