/** Rules of the edge as data, in words that hold for any edge. Cloudflare and AWS WAF are two renderings of them. */

import type { Accepted } from "../contract/accepted.ts";
import type { condition, edgeRule } from "./ruleContract.ts";

/**
 * Requests, matched by their properties. All terms that are given must hold; within a list one value is enough. At AWS WAF the
 * Bot Control rules decide what a bot score does at Cloudflare.
 */
export type Condition = Accepted<typeof condition>;

export type EdgeRule = Accepted<typeof edgeRule>;

/** Acts on a client that sends too much. */
export type RateRule = Extract<EdgeRule, { readonly type: "rate" }>;

/** Runs a managed rule set. */
export type ManagedRule = Extract<EdgeRule, { readonly type: "managed" }>;

/** Rule sets kept by the edge's owner. */
export type ManagedSet = ManagedRule["set"];

/** What a rule does with a request: refuse it, only record it, let a browser prove itself, or nothing at all. */
export type RuleMode = EdgeRule["mode"];

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
