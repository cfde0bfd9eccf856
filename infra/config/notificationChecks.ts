import { severities } from "../../components/alarms/severity.ts";
import { channels, recipientsOf } from "../../components/notifications/routes.ts";
import { emailRecipients, notifies } from "./notifications.ts";
import { type Finding, type Problem, removeCommand, setCommand } from "./problem.ts";
import type { PartialStackConfig } from "./stack.ts";

/** A protected stack that tells nobody, routes that lead nowhere, and severities of nobody. */
export function notificationProblems({ notifications: all, protect }: PartialStackConfig): Problem[] {
  if (all === undefined) return [];
  if (!notifies(all)) {
    if (protect !== true) return [];
    return [
      {
        path: ["notifications"],
        found: "has nobody to tell in a protected stack",
        reason: "it has no alarms then, and is down until a user calls",
        allowed: "a channel in emails, slack or pagerDuty",
      },
    ];
  }
  const strangers = Object.keys(all.emailSeverities).filter((who) => all.emails[who] === undefined);
  const unknown = strangers.map((who): Problem => {
    const path = ["notifications", "emailSeverities", who];
    return { path, found: "is not among emails", allowed: `one of ${Object.keys(all.emails).join(", ")}`, fix: removeCommand(path) };
  });
  const recipients = emailRecipients(all);
  const nowhere = (all.sendAllTo === undefined ? severities : [all.sendAllTo]).flatMap((severity): Problem[] => {
    const path = ["notifications", "routes", severity];
    const email = recipientsOf(recipients, severity).length > 0;
    const there = { pagerDuty: all.pagerDuty !== undefined, slack: all.slack !== undefined, email };
    const usable = channels.filter((channel) => there[channel]);
    const absent = all.routes[severity].filter((channel) => !there[channel]);
    const fix = setCommand([...path, 0], usable[0] ?? "email");
    if (all.routes[severity].length === 0) return [{ path, found: "is empty", allowed: "one channel at least", fix }];
    if (absent.length === 0) return [];
    const found: Finding = `has ${absent.join(" and ")}, which notifications does not configure`;
    return [{ path, found, allowed: `one or more of ${usable.join(", ")}, or configure ${absent.join(" and ")}` }];
  });
  return [...unknown, ...nowhere];
}
