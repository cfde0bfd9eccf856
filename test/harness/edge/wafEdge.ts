/** A web ACL at work: the verdict of its own rules on a request. What AWS's managed groups would say is not known here. */
import type { FieldToMatch, Statement } from "../../../components/edge/wafv2/statement.ts";
import type { AclRule, AclStatement } from "../../../components/edge/wafv2/webAclRules.ts";
import type { Verdict } from "./cloudflareEdge.ts";
import { RateCounters } from "./counters.ts";
import { type EdgeRequest, inBlock, queryOf } from "./request.ts";

export class WafEdge {
  readonly #rules: readonly AclRule[];
  readonly #addressSets: Readonly<Record<string, readonly string[]>>;
  readonly #counters = new RateCounters();

  /** @param addressSets blocks by the set's ARN */
  constructor(rules: readonly AclRule[], addressSets: Readonly<Record<string, readonly string[]>> = {}) {
    this.#rules = [...rules].sort((a, b) => a.priority - b.priority);
    this.#addressSets = addressSets;
  }

  decide(request: EdgeRequest, seconds = 0): Verdict {
    const logged: string[] = [];
    for (const rule of this.#rules) {
      if (!("action" in rule) || !this.#matches(rule.name, rule.statement, request, seconds)) continue;
      if ("count" in rule.action) logged.push(rule.name);
      else return { outcome: "block" in rule.action ? "block" : "challenge", rule: rule.name, logged };
    }
    return { outcome: "pass", rule: "", logged };
  }

  #matches(name: string, statement: AclStatement, request: EdgeRequest, seconds: number): boolean {
    if ("managedRuleGroupStatement" in statement) return false;
    if (!("rateBasedStatement" in statement)) return this.#holds(statement, request);
    const { limit, evaluationWindowSec, scopeDownStatement } = statement.rateBasedStatement;
    if (scopeDownStatement !== undefined && !this.#holds(scopeDownStatement, request)) return false;
    return this.#counters.over(name, request.address, { periodSeconds: evaluationWindowSec, requests: limit, blockSeconds: 0 }, seconds);
  }

  #holds(statement: Statement, request: EdgeRequest): boolean {
    if ("notStatement" in statement) return !this.#holds(statement.notStatement.statement, request);
    if ("andStatement" in statement) return statement.andStatement.statements.every((each) => this.#holds(each, request));
    if ("orStatement" in statement) return statement.orStatement.statements.some((each) => this.#holds(each, request));
    if ("geoMatchStatement" in statement) return statement.geoMatchStatement.countryCodes.includes(request.country);
    if ("ipSetReferenceStatement" in statement)
      return (this.#addressSets[String(statement.ipSetReferenceStatement.arn)] ?? []).some((block) => inBlock(request.address, block));
    if ("sizeConstraintStatement" in statement) {
      const { fieldToMatch, size } = statement.sizeConstraintStatement;
      const text = componentOf(fieldToMatch, request);
      return text !== undefined && text.length >= size;
    }
    const { fieldToMatch, regexString, textTransformations } = statement.regexMatchStatement;
    let text = componentOf(fieldToMatch, request);
    if (text === undefined) return false;
    for (const { type } of textTransformations) text = transformed(text, type);
    return new RegExp(regexString).test(text);
  }
}

/** The part of the request that a statement looks at; undefined when the request has none. */
function componentOf(field: FieldToMatch, request: EdgeRequest): string | undefined {
  if ("singleHeader" in field) return field.singleHeader.name === "host" ? request.host : request.headers[field.singleHeader.name];
  if ("method" in field) return request.method;
  return "queryString" in field ? queryOf(request.uri) : (request.uri.split("?")[0] ?? "");
}

function transformed(text: string, type: string): string {
  if (type === "LOWERCASE") return text.toLowerCase();
  // AWS does not say that a plus sign becomes a space, so it does not here.
  if (type === "URL_DECODE")
    return text.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (type === "NORMALIZE_PATH")
    return new URL(
      `http://h/${text
        .replaceAll(/\/{2,}/g, "/")
        .replaceAll(/[^\x21-\x7e]|[?#]/g, "_")
        .replace(/^\//, "")}`,
    ).pathname;
  return text;
}
