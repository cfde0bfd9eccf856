/** IAM policies as data, and AWS's limits on them. */

/** One statement. Conditions are by operator, then by key. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Refuses actions everywhere but on some resources. */
interface DenyExcept {
  readonly Sid: string;
  readonly Effect: "Deny";
  readonly Action: readonly string[];
  readonly NotResource: readonly string[];
}

/** Anything that a policy can hold. */
export type PolicyStatement = Statement | DenyExcept;

/** A policy. */
interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

/** Characters that a managed policy may have; white space is not counted. */
export const managedPolicyLimit = 6144;

/** Characters that a trust policy may have (AWS's default quota). */
export const trustPolicyLimit = 2048;

/** Managed policies that a role may have (AWS's default quota). */
export const policiesPerRole = 10;

/** Text of a policy without needless white space. */
export function policyText(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements } satisfies PolicyDocument);
}

/**
 * Statements packed into as few policies as hold them, in order.
 * @throws RangeError for a single statement that is too long for any policy
 */
export function packed<S extends PolicyStatement>(statements: readonly S[]): S[][] {
  const policies: S[][] = [];
  for (const statement of statements) {
    if (policyText([statement]).length > managedPolicyLimit)
      throw new RangeError(`the statement ${statement.Sid} is too long for a policy`);
    const last = policies.at(-1);
    if (last !== undefined && policyText([...last, statement]).length <= managedPolicyLimit) last.push(statement);
    else policies.push([statement]);
  }
  return policies;
}
