/** What a zone would refuse: rules, redirects, cache rules and headers, each within the plan's limits. */
import { type Plan, type PlanLimits, planLimits } from "../plan.ts";
import type { EdgeProblem } from "../problem.ts";
import { ruleProblems } from "../ruleProblems.ts";
import { type Phase, type ZoneRule, type ZoneRules, zonePhases } from "./phases.ts";
import { cloudflareRuleProblems, expressionProblems } from "./ruleProblems.ts";

/** Phases whose rules Slipway derives, the argument that they come from, and how many the plan has. */
const derived: Readonly<Partial<Record<Phase, { readonly from: keyof ZoneRules; readonly most: keyof PlanLimits }>>> = {
  http_request_dynamic_redirect: { from: "redirects", most: "redirectRules" },
  http_request_cache_settings: { from: "cache", most: "cacheRules" },
  http_response_headers_transform: { from: "cache", most: "transformRules" },
};

/** Everything wrong with the rules of a zone, by its plan. */
export function cloudflareZoneProblems(zone: ZoneRules, plan: Plan): EdgeProblem[] {
  const problems = ruleProblems(zone.rules);
  const named = new Set(problems.map(({ path }) => path[1]));
  // A rule that says nothing sensible has no expression worth reading.
  problems.push(...cloudflareRuleProblems(zone.rules, plan).filter(({ path }) => !named.has(path[1])));
  const byPhase = zonePhases(zone);
  for (const [phase, { from, most }] of Object.entries(derived) as [Phase, { from: keyof ZoneRules; most: keyof PlanLimits }][]) {
    const rules = byPhase.get(phase) ?? [];
    const limit = Number(planLimits[plan][most]);
    if (rules.length > limit)
      problems.push({
        path: [from],
        found: `has ${rules.length} rules of the phase ${phase}`,
        allowed: `at most ${limit} (plan ${plan})`,
      });
    const response = phase === "http_response_headers_transform";
    for (const rule of rules) problems.push(...ofRule(rule, [from], plan, response));
  }
  problems.push(...cacheTimes(zone, plan));
  for (const rule of byPhase.get("http_request_late_transform") ?? []) problems.push(...ofRule(rule, ["hosts"], plan, false));
  return problems;
}

/** A plan keeps answers for no less than its shortest time; 0 does not keep them. */
function cacheTimes({ cache }: ZoneRules, plan: Plan): EdgeProblem[] {
  return Object.entries(cache).flatMap(([name, rule]) =>
    (["edgeSeconds", "browserSeconds"] as const).flatMap((key) => {
      const least = planLimits[plan][key];
      return rule[key] === 0 || rule[key] >= least
        ? []
        : [{ path: ["cache", name, key], found: `is ${rule[key]}` as const, allowed: `0, or from ${least} (plan ${plan})`, better: least }];
    }),
  );
}

function ofRule(rule: ZoneRule, path: readonly string[], plan: Plan, response: boolean): EdgeProblem[] {
  const at = path[0] === "hosts" ? path : [...path, rule.ref.replace(/-immutable$/, ""), "when"];
  return expressionProblems(at, rule.expression, { plan, response });
}
