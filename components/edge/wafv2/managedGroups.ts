/** Rule groups that AWS keeps, and the capacity units that each takes. */
import type { ManagedSet } from "../rule.ts";

/** A group of rules that AWS keeps. */
export interface ManagedGroup {
  readonly name: string;
  readonly capacity: number;
}

export const managedGroups: Readonly<Partial<Record<ManagedSet, ManagedGroup>>> = {
  common: { name: "AWSManagedRulesCommonRuleSet", capacity: 700 },
  sqlInjection: { name: "AWSManagedRulesSQLiRuleSet", capacity: 200 },
  knownBadInputs: { name: "AWSManagedRulesKnownBadInputsRuleSet", capacity: 200 },
  ipReputation: { name: "AWSManagedRulesAmazonIpReputationList", capacity: 25 },
};

/** What a bot score becomes: AWS decides by signatures instead. Priced by request. */
export const botControl: ManagedGroup = { name: "AWSManagedRulesBotControlRuleSet", capacity: 50 };
