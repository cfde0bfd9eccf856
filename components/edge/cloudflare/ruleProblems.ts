/** What a Cloudflare zone of a given plan would refuse, told before anything is registered. */
import { broken } from "../../contract/rule.ts";
import { type CheckOptions, checkExpression } from "../expression/check.ts";
import { type Entitled, type Plan, planLimits } from "../plan.ts";
import type { EdgeProblem } from "../problem.ts";
import { type EdgeRule, type EdgeRules, inOrder, phaseOf, type RateRule, termsOf } from "../rule.ts";
import { conditionExpression } from "./condition.ts";
import { managedRulesets } from "./managedSets.ts";

type Path = readonly (string | number)[];

/** The expression that a rule becomes. */
export function expressionOf(rule: EdgeRule): string {
  if (rule.type === "expression") return rule.expression;
  return rule.type === "managed" ? "true" : conditionExpression(rule.when, rule.unless);
}

/** What is wrong with an expression at a place of the edge's arguments, and what only Cloudflare can judge. */
export function expressionProblems(path: Path, text: string, options: CheckOptions): EdgeProblem[] {
  const { problems, warnings } = checkExpression(text, options);
  const said = (found: readonly string[], allowed: string, severity: "error" | "warning"): EdgeProblem[] =>
    found.length === 0 ? [] : [{ path, found: `is ${found.join("; ")}`, allowed, severity }];
  return [
    ...said(problems, `an expression that the plan ${options.plan} takes`, "error"),
    ...said(warnings, "what Cloudflare knows: an update fails where it does not", "warning"),
  ];
}

/** Everything about the rules that the plan does not have. */
export function cloudflareRuleProblems(rules: EdgeRules, zone: Entitled): EdgeProblem[] {
  return [...tooMany(rules, zone.plan), ...Object.entries(rules).flatMap(([name, rule]) => ruleProblems(["rules", name], rule, zone))];
}

function tooMany(rules: EdgeRules, plan: Plan): EdgeProblem[] {
  const limits = planLimits[plan];
  const counted = [
    ["custom", "custom rules", limits.customRules],
    ["rate", "rate limits", limits.rateRules],
  ] as const;
  return counted.flatMap(([phase, what, most]) => {
    const ofPhase = inOrder(rules).filter(([, rule]) => phaseOf(rule) === phase);
    const [first] = ofPhase.slice(most);
    return first === undefined
      ? []
      : broken({
          path: ["rules", first[0]],
          found: `is one of ${ofPhase.length} ${what}`,
          allowed: `at most ${most}, which is what the plan ${plan} has`,
        });
  });
}

function ruleProblems(path: Path, rule: EdgeRule, { plan, entitlements }: Entitled): EdgeProblem[] {
  const limits = planLimits[plan];
  const problems: EdgeProblem[] = [];
  if (rule.mode === "log" && !limits.logAction)
    problems.push({
      path: [...path, "mode"],
      found: `is "log", which the plan ${plan} does not have`,
      allowed: "block, challenge or off (only recording needs the plan enterprise, or the provider awsWaf, which counts at any price)",
      choose: "block, challenge or off",
    });
  if (rule.type === "managed") return [...problems, ...managedProblems(path, rule.set, rule.mode, plan)];
  const rateFields = rule.type === "rate" ? limits.rateFields : undefined;
  const at = rule.type === "expression" ? [...path, "expression"] : [...path, "when"];
  problems.push(
    ...expressionProblems(at, expressionOf(rule), { plan, entitlements, ...(rateFields === undefined ? {} : { only: rateFields }) }),
  );
  return rule.type === "rate" ? [...problems, ...rateProblems(path, rule, plan)] : problems;
}

function managedProblems(path: Path, set: keyof typeof managedRulesets, mode: string, plan: Plan): EdgeProblem[] {
  const problems: EdgeProblem[] = [];
  if (managedRulesets[set] === undefined)
    problems.push({
      path: [...path, "set"],
      found: `is ${JSON.stringify(set)}, which Cloudflare has not by that name`,
      allowed: Object.keys(managedRulesets).join(" or "),
      choose: Object.keys(managedRulesets).join(" or "),
    });
  if (!planLimits[plan].managedRules)
    problems.push({ path, found: `is a managed rule set, which the plan ${plan} cannot run`, allowed: "the plan pro or higher" });
  if (mode === "challenge" && set === "owasp")
    problems.push({
      path: [...path, "mode"],
      found: 'is "challenge" for scored rules',
      allowed: "block, log or off",
      choose: "block, log or off",
    });
  return problems;
}

function rateProblems(path: Path, rule: RateRule, plan: Plan): EdgeProblem[] {
  const { ratePeriods, blockSeconds } = planLimits[plan];
  const problems: EdgeProblem[] = [];
  const oneOf = (key: "periodSeconds" | "blockSeconds", values: readonly number[]) => {
    if (values.includes(rule[key])) return;
    const nearest = values.reduce((a, b) => (Math.abs(b - rule[key]) < Math.abs(a - rule[key]) ? b : a));
    problems.push({
      path: [...path, key],
      found: `is ${rule[key]}`,
      allowed: `one of ${values.join(", ")} (plan ${plan})`,
      better: nearest,
    });
  };
  oneOf("periodSeconds", ratePeriods);
  if (rule.mode === "challenge" && plan !== "enterprise") {
    if (rule.blockSeconds !== 0)
      problems.push({
        path: [...path, "blockSeconds"],
        found: `is ${rule.blockSeconds} with a challenge`,
        allowed: `0 (plan ${plan})`,
        better: 0,
      });
  } else if (blockSeconds !== undefined) oneOf("blockSeconds", blockSeconds);
  if (plan === "free" && termsOf(rule.unless).length > 0)
    problems.push({ path: [...path, "unless"], found: "has requests to spare", allowed: "nothing to be spared (plan free)" });
  return problems;
}
