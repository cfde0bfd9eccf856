/** Managed rule sets of Cloudflare, by their ids, which are the same in every account. */
import type { ManagedSet } from "../rule.ts";

export const managedRulesets: Readonly<Partial<Record<ManagedSet, string>>> = {
  common: "efb7b8c949ac4650a09736fc376e9aee",
  owasp: "4814384a9e5d4991b9815dcfc25d2f1f",
};
