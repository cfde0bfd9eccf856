/** Capacity units (WCU) of web ACL rules, by AWS's documented prices. AWS may charge less where rules share a transformation. */
import { botControl, managedGroups } from "./managedGroups.ts";
import { innerOf, type Statement } from "./statement.ts";
import type { AclRule, AclStatement } from "./webAclRules.ts";

/** Units that the price of a web ACL includes; more is charged by request. */
export const capacityIncluded = 1500;

const perTransformation = 10;
const regexMatch = 3;
const sizeConstraint = 1;
const rateBased = 2;

/** Capacity units that a rule takes. */
export function capacityOf(rules: readonly AclRule[]): number {
  return rules.reduce((sum, { statement }) => sum + statementCapacity(statement), 0);
}

/** Capacity units that a statement takes. */
export function statementCapacity(statement: AclStatement): number {
  if ("managedRuleGroupStatement" in statement) {
    const { name, scopeDownStatement } = statement.managedRuleGroupStatement;
    const group = [...Object.values(managedGroups), botControl].find((candidate) => candidate.name === name);
    return (group?.capacity ?? 0) + (scopeDownStatement === undefined ? 0 : statementCapacity(scopeDownStatement));
  }
  if ("rateBasedStatement" in statement) {
    const { scopeDownStatement } = statement.rateBasedStatement;
    return rateBased + (scopeDownStatement === undefined ? 0 : statementCapacity(scopeDownStatement));
  }
  const inner = innerOf(statement);
  return inner.length > 0 ? inner.reduce((sum, each) => sum + statementCapacity(each), 0) : leafCapacity(statement);
}

function leafCapacity(statement: Statement): number {
  if ("regexMatchStatement" in statement) return regexMatch + transformations(statement.regexMatchStatement.textTransformations);
  if ("sizeConstraintStatement" in statement)
    return sizeConstraint + transformations(statement.sizeConstraintStatement.textTransformations);
  return 1; // an address set or a country
}

function transformations(list: readonly { readonly type: string }[]): number {
  return list.filter(({ type }) => type !== "NONE").length * perTransformation;
}
