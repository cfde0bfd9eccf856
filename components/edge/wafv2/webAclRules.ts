/** Rules as the rules of an AWS WAF web ACL: the same names, in the same order. */
import { type EdgeRule, type EdgeRules, inOrder, type ManagedRule, phaseOf, phasesOfRules, type RuleMode } from "../rule.ts";
import { botControl, type ManagedGroup, managedGroups } from "./managedGroups.ts";
import { type AddressSets, conditionStatement, isBotRule, type ScopeDown, type Statement, scopeDownOf } from "./statement.ts";

type Nothing = Record<string, never>;
type Action = { block: Nothing } | { count: Nothing } | { challenge: Nothing };
type OverrideAction = { none: Nothing } | { count: Nothing };

export type AclStatement =
  | Statement
  | { managedRuleGroupStatement: { vendorName: "AWS"; name: string; scopeDownStatement?: ScopeDown } }
  | { rateBasedStatement: { limit: number; evaluationWindowSec: number; aggregateKeyType: "IP"; scopeDownStatement?: ScopeDown } };

/** One rule of a web ACL. */
export type AclRule = {
  name: string;
  priority: number;
  statement: AclStatement;
  visibilityConfig: { cloudwatchMetricsEnabled: true; metricName: string; sampledRequestsEnabled: true };
} & ({ action: Action } | { overrideAction: OverrideAction });

/** Address sets of each rule that names addresses. */
export type RuleAddressSets = Readonly<Record<string, { readonly when: AddressSets; readonly unless: AddressSets }>>;

/** Rules of the web ACL. A rule that is off is not there: AWS WAF has no switch for it. */
export function aclRules(rules: EdgeRules, sets: RuleAddressSets = {}): AclRule[] {
  return inOrder(rules).flatMap(([name, rule]) => {
    const statement = rule.mode === "off" ? undefined : statementOf(rule, sets[name] ?? { when: {}, unless: {} });
    if (statement === undefined) return [];
    return [
      {
        name,
        priority: (phasesOfRules.indexOf(phaseOf(rule)) + 1) * 1000 + rule.priority,
        statement,
        ...("managedRuleGroupStatement" in statement ? { overrideAction: overrideOf(rule.mode) } : { action: actionOf(rule.mode) }),
        visibilityConfig: { cloudwatchMetricsEnabled: true as const, metricName: name, sampledRequestsEnabled: true as const },
      },
    ];
  });
}

/** Statement of a rule, or undefined for a rule that AWS WAF cannot have (its problems are told elsewhere). */
function statementOf(rule: EdgeRule, sets: RuleAddressSets[string]): AclStatement | undefined {
  if (rule.type === "expression") return undefined;
  if (rule.type === "managed") return managedStatement(rule);
  const condition = conditionStatement(rule.when, rule.unless, sets);
  const scope = condition === undefined ? undefined : scopeDownOf(condition);
  const scoped = scope === undefined ? {} : { scopeDownStatement: scope };
  if (rule.type === "rate")
    return { rateBasedStatement: { limit: rule.requests, evaluationWindowSec: rule.periodSeconds, aggregateKeyType: "IP", ...scoped } };
  return isBotRule(rule.when) ? group(botControl, scoped) : condition;
}

function managedStatement({ set }: ManagedRule): AclStatement | undefined {
  const found = managedGroups[set];
  return found === undefined ? undefined : group(found, {});
}

function group({ name }: ManagedGroup, scoped: { scopeDownStatement?: ScopeDown }): AclStatement {
  return { managedRuleGroupStatement: { vendorName: "AWS", name, ...scoped } };
}

function actionOf(mode: RuleMode): Action {
  return mode === "log" ? { count: {} } : mode === "challenge" ? { challenge: {} } : { block: {} };
}

/** A managed group brings its own actions; only recording is said from outside. */
function overrideOf(mode: RuleMode): OverrideAction {
  return mode === "log" ? { count: {} } : { none: {} };
}
