/** Rules of the edge as data, in words that hold for any edge. Cloudflare and AWS WAF are two renderings of them. */

/** Requests, matched by their properties. All terms that are given must hold; within a list one value is enough. */
export interface Condition {
  /** Host names; a leading `*.` takes every name below. */
  readonly hosts?: readonly string[] | undefined;
  /** Paths, case ignored: `/a` itself, `/a*` and below, `*.php` at the end, `*.git*` anywhere. */
  readonly paths?: readonly string[] | undefined;
  readonly methods?: readonly string[] | undefined;
  /** Every method but these. */
  readonly methodsExcept?: readonly string[] | undefined;
  /** Texts in the query, decoded, case ignored. */
  readonly queryContains?: readonly string[] | undefined;
  /** Texts in the user agent, case ignored. */
  readonly userAgentContains?: readonly string[] | undefined;
  /** Request headers that are there, whatever their value. */
  readonly headersPresent?: readonly string[] | undefined;
  /** Announced size of the body is above this many bytes. */
  readonly bodyAboveBytes?: number | undefined;
  /** Address blocks of the client, IPv4 or IPv6. */
  readonly addresses?: readonly string[] | undefined;
  /** ISO 3166 codes of the client's country. */
  readonly countries?: readonly string[] | undefined;
  /** Likely automated: Cloudflare's score is below this, 2–99; at AWS WAF the Bot Control rules decide. */
  readonly botScoreBelow?: number | undefined;
}

/** What a rule does with a request: refuse it, only record it, let a browser prove itself, or nothing at all. */
export type RuleMode = "block" | "log" | "challenge" | "off";

/** Rule sets kept by the edge's owner. */
export type ManagedSet = "common" | "owasp" | "sqlInjection" | "knownBadInputs" | "ipReputation";

interface RuleBase {
  /** Place among the rules of its type, 1–999, lower first. */
  readonly priority: number;
  readonly mode: RuleMode;
}

/** Acts on single requests. */
interface MatchRule extends RuleBase {
  readonly type: "match";
  readonly when: Condition;
  /** Requests that are let alone. */
  readonly unless?: Condition | undefined;
}

/** A match rule in Cloudflare's own language, where a condition cannot say it. */
interface ExpressionRule extends RuleBase {
  readonly type: "expression";
  readonly expression: string;
}

/** Acts on a client that sends too much. */
export interface RateRule extends RuleBase {
  readonly type: "rate";
  /** Requests that count; all when empty. */
  readonly when: Condition;
  readonly unless?: Condition | undefined;
  /** Requests of one client that are let through in a period. */
  readonly requests: number;
  readonly periodSeconds: number;
  /** How long a client is kept out, seconds. */
  readonly blockSeconds: number;
}

/** Runs a managed rule set. */
export interface ManagedRule extends RuleBase {
  readonly type: "managed";
  readonly set: ManagedSet;
}

export type EdgeRule = MatchRule | ExpressionRule | RateRule | ManagedRule;

/** Rules by name. The name is the rule's identity at the edge: renaming makes another rule. */
export type EdgeRules = Readonly<Record<string, EdgeRule>>;

/** Kinds of rules, in the order in which an edge runs them. */
export const phasesOfRules = ["custom", "rate", "managed"] as const;
type RulePhase = (typeof phasesOfRules)[number];

/** Phase of the request in which a rule is evaluated. */
export function phaseOf(rule: EdgeRule): RulePhase {
  return rule.type === "rate" ? "rate" : rule.type === "managed" ? "managed" : "custom";
}

/** Rules in the order in which an edge runs them: by phase, by priority, by name. */
export function inOrder(rules: EdgeRules): (readonly [string, EdgeRule])[] {
  const place = ([, rule]: readonly [string, EdgeRule]) => phasesOfRules.indexOf(phaseOf(rule)) * 1000 + rule.priority;
  return Object.entries(rules).sort((a, b) => place(a) - place(b) || (a[0] < b[0] ? -1 : 1));
}

/** Terms that a condition gives. */
export function termsOf(condition: Condition | undefined): (keyof Condition)[] {
  return (Object.keys(condition ?? {}) as (keyof Condition)[]).filter((term) => condition?.[term] !== undefined);
}

/** What a path pattern asks for, lower case. */
export function pathPattern(pattern: string): { readonly at: "whole" | "start" | "end" | "anywhere"; readonly text: string } {
  const text = pattern.toLowerCase().replace(/^\*/, "").replace(/\*$/, "");
  if (pattern.startsWith("*")) return { at: pattern.endsWith("*") ? "anywhere" : "end", text };
  return { at: pattern.endsWith("*") ? "start" : "whole", text };
}

/**
 * Regular expression for decimal numbers above a bound: the way to compare a header with a number at edges that only
 * know text.
 */
export function decimalAbove(bound: number): string {
  const digits = String(bound);
  const longer = `[1-9]\\d{${digits.length},}`;
  const sameLength = [...digits].flatMap((digit, index) => {
    if (digit === "9") return [];
    const rest = digits.length - index - 1;
    return [`${digits.slice(0, index)}${digit === "8" ? "9" : `[${Number(digit) + 1}-9]`}${rest === 0 ? "" : `\\d{${rest}}`}`];
  });
  return `^0*(?:${[longer, ...sameLength].join("|")})$`;
}
