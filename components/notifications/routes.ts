/** Which people hear of which severity, and by which way. */
import type { Severity } from "../alarms/severity.ts";

/** Ways to reach people. */
export const channels = ["pagerDuty", "slack", "email"] as const;

/** One of them. */
type Channel = (typeof channels)[number];

/** Which ways each severity goes. */
export type Routes = Readonly<Record<Severity, readonly Channel[]>>;

/** P0 and P1 wake somebody, P2 is read in the working day, P3 by mail. */
export const defaultRoutes: Routes = { P0: ["pagerDuty", "slack", "email"], P1: ["pagerDuty", "slack"], P2: ["slack"], P3: ["email"] };

/** An address that is notified of everything that goes by e-mail, or only of some severities: a tracker, a status page. */
export type EmailRecipient = string | { readonly address: string; readonly severities: readonly Severity[] };

/** Addresses that are notified of a severity, by who they are. */
export function recipientsOf(emails: Readonly<Record<string, EmailRecipient>>, severity: Severity): [string, string][] {
  return Object.entries(emails).flatMap(([who, to]): [string, string][] => {
    if (typeof to === "string") return [[who, to]];
    return to.severities.includes(severity) ? [[who, to.address]] : [];
  });
}
