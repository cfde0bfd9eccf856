/** Conditions as AWS WAF statements. Literals are escaped or matched whole; case and encoding are levelled first. */
import type { Input } from "@pulumi/pulumi";
import { type Condition, decimalAbove, pathPattern, termsOf } from "../rule.ts";

type Transformation = "NONE" | "LOWERCASE" | "URL_DECODE" | "NORMALIZE_PATH";
export type FieldToMatch =
  | { singleHeader: { name: string } }
  | { uriPath: Record<string, never> }
  | { method: Record<string, never> }
  | { queryString: Record<string, never> };
type Transformations = { type: Transformation; priority: number }[];

/** A statement that looks at one thing. */
type Leaf =
  | { regexMatchStatement: { fieldToMatch: FieldToMatch; regexString: string; textTransformations: Transformations } }
  | {
      sizeConstraintStatement: {
        fieldToMatch: FieldToMatch;
        comparisonOperator: "GE";
        size: number;
        textTransformations: Transformations;
      };
    }
  | { ipSetReferenceStatement: { arn: Input<string> } }
  | { geoMatchStatement: { countryCodes: string[] } };

export type Statement =
  | Leaf
  | { notStatement: { statement: Statement } }
  | { andStatement: { statements: Statement[] } }
  | { orStatement: { statements: Statement[] } };

/** The part of a rate rule that says what counts: one logical level at most. */
export type ScopeDown =
  | Leaf
  | { notStatement: { statement: Leaf } }
  | { andStatement: { statements: Leaf[] } }
  | { orStatement: { statements: Leaf[] } };

/** ARNs of the address sets of a condition, by IP version. */
export type AddressSets = Readonly<Partial<Record<"IPV4" | "IPV6", Input<string>>>>;

/** Longest regular expression, characters. */
export const regexLimit = 512;
/** Levels of and, or, not in a rule. */
export const nestingLimit = 3;

/** The statement of a condition, or undefined when it asks for nothing. */
export function conditionStatement(
  when: Condition,
  unless: Condition | undefined,
  sets: { readonly when: AddressSets; readonly unless: AddressSets },
): Statement | undefined {
  const spared = all(statementsOf(unless ?? {}, sets.unless));
  return all([...statementsOf(when, sets.when), ...(spared === undefined ? [] : [not(spared)])]);
}

/** The statement as what a rate rule counts, or undefined when it is nested too deeply. */
export function scopeDownOf(statement: Statement): ScopeDown | undefined {
  if (isLeaf(statement)) return statement;
  if ("notStatement" in statement) {
    const { statement: inner } = statement.notStatement;
    return isLeaf(inner) ? { notStatement: { statement: inner } } : undefined;
  }
  if ("andStatement" in statement) {
    const { statements } = statement.andStatement;
    return statements.every(isLeaf) ? { andStatement: { statements } } : undefined;
  }
  const { statements } = statement.orStatement;
  return statements.every(isLeaf) ? { orStatement: { statements } } : undefined;
}

/** Levels of and, or, not. */
export function nestingOf(statement: Statement): number {
  const inner = innerOf(statement);
  return inner.length === 0 ? 0 : 1 + Math.max(...inner.map(nestingOf));
}

/** Statements directly inside a logical one. */
export function innerOf(statement: Statement): readonly Statement[] {
  if ("notStatement" in statement) return [statement.notStatement.statement];
  if ("andStatement" in statement) return statement.andStatement.statements;
  return "orStatement" in statement ? statement.orStatement.statements : [];
}

/** A bot score is what the Bot Control rules are for. */
export function isBotRule(condition: Condition): boolean {
  return termsOf(condition).includes("botScoreBelow");
}

/** Whether a statement looks at the request itself and holds no others. */
function isLeaf(statement: Statement): statement is Leaf {
  return innerOf(statement).length === 0;
}

function statementsOf(condition: Condition, sets: AddressSets): Statement[] {
  const { hosts, paths, methods, methodsExcept, queryContains, userAgentContains } = condition;
  const { headersPresent, bodyAboveBytes, addresses, countries } = condition;
  const level: Transformation[] = ["URL_DECODE", "NORMALIZE_PATH", "LOWERCASE"];
  const statements: Statement[] = [];
  if (hosts !== undefined) statements.push(texts({ singleHeader: { name: "host" } }, hosts.map(hostRegex), ["LOWERCASE"]));
  if (paths !== undefined) statements.push(texts({ uriPath: {} }, paths.map(pathRegex), level));
  if (methods !== undefined) statements.push(texts({ method: {} }, methods.map(whole), ["NONE"]));
  if (methodsExcept !== undefined) statements.push(not(texts({ method: {} }, methodsExcept.map(whole), ["NONE"])));
  if (addresses !== undefined) statements.push(...any([sets.IPV4, sets.IPV6].flatMap(ipSet)));
  if (countries !== undefined) statements.push({ geoMatchStatement: { countryCodes: [...countries].sort() } });
  if (headersPresent !== undefined) statements.push(...any([...headersPresent].sort().map(headerIsThere)));
  if (queryContains !== undefined) statements.push(texts({ queryString: {} }, queryContains.map(queryRegex), ["URL_DECODE", "LOWERCASE"]));
  if (userAgentContains !== undefined)
    statements.push(texts({ singleHeader: { name: "user-agent" } }, userAgentContains.map(lowerRegex), ["LOWERCASE"]));
  if (bodyAboveBytes !== undefined)
    statements.push(texts({ singleHeader: { name: "content-length" } }, [decimalAbove(bodyAboveBytes)], ["NONE"]));
  return statements;
}

function texts(fieldToMatch: FieldToMatch, patterns: readonly string[], transformations: readonly Transformation[]): Leaf {
  return {
    regexMatchStatement: {
      fieldToMatch,
      regexString: [...new Set(patterns)].sort().join("|"),
      textTransformations: transformations.map((type, priority) => ({ type, priority })),
    },
  };
}

function headerIsThere(name: string): Leaf {
  return {
    sizeConstraintStatement: {
      fieldToMatch: { singleHeader: { name: name.toLowerCase() } },
      comparisonOperator: "GE",
      size: 0,
      textTransformations: [{ type: "NONE", priority: 0 }],
    },
  };
}

function ipSet(arn: Input<string> | undefined): Leaf[] {
  return arn === undefined ? [] : [{ ipSetReferenceStatement: { arn } }];
}

function not(statement: Statement): Statement {
  return { notStatement: { statement } };
}

function all(statements: Statement[]): Statement | undefined {
  return statements.length <= 1 ? statements[0] : { andStatement: { statements } };
}

function any(statements: Statement[]): Statement[] {
  return statements.length <= 1 ? statements : [{ orStatement: { statements } }];
}

function hostRegex(host: string): string {
  return host.startsWith("*.") ? `${escaped(host.slice(1))}$` : whole(host);
}

function pathRegex(pattern: string): string {
  const { at, text } = pathPattern(pattern);
  const literal = escaped(text);
  return { whole: `^${literal}$`, start: `^${literal}`, end: `${literal}$`, anywhere: literal }[at];
}

/** A space arrives as itself once decoded, or as a plus sign, which AWS WAF may leave as it is. */
function queryRegex(text: string): string {
  return lowerRegex(text).replaceAll(" ", "[ +]");
}

function lowerRegex(text: string): string {
  return escaped(text.toLowerCase());
}

function whole(text: string): string {
  return `^${escaped(text)}$`;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
