/** What is wrong with rules whatever the edge. */
import { isIP } from "node:net";
import type { EdgeProblem } from "./problem.ts";
import { type Condition, type EdgeRules, phaseOf, termsOf } from "./rule.ts";
import { lastPriority } from "./ruleContract.ts";

/** Priorities that meet, conditions that ask for nothing, values that no edge takes. */
export function ruleProblems(rules: EdgeRules): EdgeProblem[] {
  return [...samePriority(rules), ...Object.entries(rules).flatMap(([name, rule]) => valueProblems(name, rule))];
}

function samePriority(rules: EdgeRules): EdgeProblem[] {
  const seen = new Map<string, string>();
  return Object.entries(rules).flatMap(([name, rule]) => {
    const place = `${phaseOf(rule)} ${rule.priority}`;
    const other = seen.get(place);
    seen.set(place, name);
    if (other === undefined) return [];
    const free = Math.min(lastPriority, Math.max(...Object.values(rules).map(({ priority }) => priority)) + 10);
    return [
      {
        path: ["rules", name, "priority"],
        found: `is ${rule.priority}, as for ${other}`,
        allowed: `a number that no other rule of its kind (${phaseOf(rule)}) has, such as ${free}`,
        better: free,
      },
    ];
  });
}

function valueProblems(name: string, rule: EdgeRules[string]): EdgeProblem[] {
  if (rule.type === "managed" || rule.type === "expression") return [];
  const problems = [...conditionProblems(["rules", name, "when"], rule.when), ...conditionProblems(["rules", name, "unless"], rule.unless)];
  if (rule.type === "match" && termsOf(rule.when).length === 0)
    problems.push({ path: ["rules", name, "when"], found: "is empty, so the rule would meet every request", allowed: "at least one term" });
  return problems;
}

function conditionProblems(path: readonly string[], condition: Condition | undefined): EdgeProblem[] {
  const problems: EdgeProblem[] = [];
  for (const term of termsOf(condition)) {
    const value = condition?.[term];
    if (Array.isArray(value) && value.length === 0)
      problems.push({ path: [...path, term], found: "is empty", allowed: "at least one value, or no such term" });
  }
  for (const [index, pattern] of (condition?.paths ?? []).entries()) {
    if (!/^(\/|\*)/.test(pattern) || /.\*./.test(pattern) || /^\*+$/.test(pattern))
      problems.push({
        path: [...path, "paths", index],
        found: `is ${JSON.stringify(pattern)}`,
        allowed: "a path from its slash on, with * at the start or the end only, such as /api/*",
      });
  }
  for (const [index, block] of (condition?.addresses ?? []).entries()) {
    const [address = "", bits] = block.split("/");
    if (isIP(address) === 0 || bits === undefined)
      problems.push({
        path: [...path, "addresses", index],
        found: `is ${JSON.stringify(block)}`,
        allowed: "a block such as 203.0.113.0/24",
      });
  }
  return problems;
}
