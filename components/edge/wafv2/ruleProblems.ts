/** What AWS WAF would refuse, told before anything is registered. */
import type { EdgeProblem } from "../problem.ts";
import { type EdgeRule, type EdgeRules, termsOf } from "../rule.ts";
import { capacityIncluded, capacityOf } from "./capacity.ts";
import { managedGroups } from "./managedGroups.ts";
import { conditionStatement, innerOf, isBotRule, nestingLimit, nestingOf, regexLimit, type Statement, scopeDownOf } from "./statement.ts";
import { aclRules } from "./webAclRules.ts";

/** Windows over which AWS WAF counts requests, seconds. */
const windows = [60, 120, 300, 600];

/** Sets stand for themselves where only the shape matters. */
const anySets = { when: { IPV4: "ipv4", IPV6: "ipv6" }, unless: { IPV4: "ipv4", IPV6: "ipv6" } };

/** Everything about a rule that AWS WAF cannot do. */
export function wafRuleProblems(rules: EdgeRules): EdgeProblem[] {
  const problems = Object.entries(rules).flatMap(([name, rule]) => ruleProblems(["rules", name], rule));
  const capacity = capacityOf(aclRules(rules, Object.fromEntries(Object.keys(rules).map((name) => [name, anySets]))));
  if (capacity > capacityIncluded)
    problems.push({
      path: ["rules"],
      found: `has rules of ${capacity} capacity units (WCU)`,
      allowed: `rules of at most ${capacityIncluded} together`,
    });
  return problems;
}

function ruleProblems(path: readonly string[], rule: EdgeRule): EdgeProblem[] {
  if (rule.type === "expression")
    return [{ path: [...path, "type"], found: 'is "expression", which is Cloudflare\'s language', allowed: "match, rate or managed" }];
  if (rule.type === "managed") {
    const problems: EdgeProblem[] = [];
    if (managedGroups[rule.set] === undefined)
      problems.push({
        path: [...path, "set"],
        found: `is ${JSON.stringify(rule.set)}, which AWS has not by that name`,
        allowed: Object.keys(managedGroups).join(", "),
        choose: Object.keys(managedGroups).join(", "),
      });
    if (rule.mode === "challenge")
      problems.push({
        path: [...path, "mode"],
        found: 'is "challenge" for a managed set',
        allowed: "block, log or off",
        choose: "block, log or off",
      });
    return problems;
  }
  const statement = conditionStatement(rule.when, rule.unless, anySets);
  return [...shapeProblems(path, rule, statement), ...(rule.type === "rate" ? rateProblems(path, rule) : [])];
}

function shapeProblems(
  path: readonly string[],
  rule: EdgeRule & { type: "match" | "rate" },
  statement: Statement | undefined,
): EdgeProblem[] {
  if (statement === undefined) return [];
  const problems: EdgeProblem[] = [];
  const scoped = rule.type === "rate" || isBotRule(rule.when);
  if (scoped && scopeDownOf(statement) === undefined)
    problems.push({
      path: [...path, "when"],
      found: `has ${[...termsOf(rule.when), ...(termsOf(rule.unless).length > 0 ? ["unless"] : [])].join(", ")} together`,
      allowed:
        "hosts, paths, methods, countries, texts and one address family (the requests of such a rule may be matched by one level of terms)",
    });
  if (!scoped && nestingOf(statement) > nestingLimit)
    problems.push({ path: [...path, "unless"], found: "is nested too deeply", allowed: `${nestingLimit} levels of and, or, not` });
  for (const regex of regexesOf(statement)) {
    if (regex.length > regexLimit)
      problems.push({
        path: [...path, "when"],
        found: `has a pattern of ${regex.length} characters`,
        allowed: `at most ${regexLimit}: split the rule`,
      });
  }
  return problems;
}

function rateProblems(path: readonly string[], rule: EdgeRule & { type: "rate" }): EdgeProblem[] {
  const problems: EdgeProblem[] = [];
  if (!windows.includes(rule.periodSeconds))
    problems.push({
      path: [...path, "periodSeconds"],
      found: `is ${rule.periodSeconds}`,
      allowed: `one of ${windows.join(", ")}`,
      better: 60,
    });
  if (rule.requests < 10) problems.push({ path: [...path, "requests"], found: `is ${rule.requests}`, allowed: "at least 10", better: 10 });
  return problems;
}

function regexesOf(statement: Statement): string[] {
  if ("regexMatchStatement" in statement) return [statement.regexMatchStatement.regexString];
  return innerOf(statement).flatMap(regexesOf);
}
