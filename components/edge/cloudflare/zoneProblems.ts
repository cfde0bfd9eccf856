/** What a zone would refuse: rules, redirects, cache rules and headers, each within the plan's limits. */
import { type Entitled, planLimits } from "../plan.ts";
import type { EdgeProblem } from "../problem.ts";
import { ruleProblems } from "../ruleProblems.ts";
import { type AcceptedZone, type OriginHeader, type ZoneRule, zonePhases, zoneRules } from "./phases.ts";
import { cloudflareRuleProblems, expressionProblems } from "./ruleProblems.ts";

/** Phases whose rules Slipway derives, the place in the arguments that they come from, and how many the plan has. */
const derived = [
  { phase: "http_request_dynamic_redirect", from: ["redirects"], most: "redirectRules" },
  { phase: "http_request_cache_settings", from: ["cache", "rules"], most: "cacheRules" },
  { phase: "http_response_headers_transform", from: ["cache", "rules"], most: "transformRules" },
] as const;

/** Everything wrong with the rules of a zone, by its plan. */
export function cloudflareZoneProblems(zone: AcceptedZone, originHeader?: OriginHeader): EdgeProblem[] {
  const { plan } = zone;
  const problems = ruleProblems(zone.rules);
  const named = new Set(problems.map(({ path }) => path[1]));
  // A rule that says nothing sensible has no expression worth reading.
  problems.push(...cloudflareRuleProblems(zone.rules, zone).filter(({ path }) => !named.has(path[1])));
  const byPhase = zonePhases(zoneRules(zone, originHeader));
  for (const { phase, from, most } of derived) {
    const rules = byPhase.get(phase) ?? [];
    const limit = planLimits[plan][most];
    if (rules.length > limit)
      problems.push({ path: from, found: `has ${rules.length} rules of the phase ${phase}`, allowed: `at most ${limit} (plan ${plan})` });
    const response = phase === "http_response_headers_transform";
    for (const rule of rules) problems.push(...ofRule(rule, from, zone, response));
  }
  problems.push(...cacheTimes(zone));
  for (const rule of byPhase.get("http_request_late_transform") ?? []) problems.push(...ofRule(rule, ["hosts"], zone, false));
  return problems;
}

/** A plan keeps answers for no less than its shortest time; 0 does not keep them. */
function cacheTimes({ cache, plan }: AcceptedZone): EdgeProblem[] {
  return Object.entries(cache.rules).flatMap(([name, rule]) =>
    (["edgeSeconds", "browserSeconds"] as const).flatMap((key) => {
      const least = planLimits[plan][key];
      const path = ["cache", "rules", name, key];
      const found = `is ${rule[key]}` as const;
      if (rule.edgeSeconds === 0 && rule[key] > 0)
        return [{ path, found, allowed: "0 while edgeSeconds is 0: the edge sets a time for what it keeps itself", better: 0 }];
      return rule[key] === 0 || rule[key] >= least ? [] : [{ path, found, allowed: `0, or from ${least} (plan ${plan})`, better: least }];
    }),
  );
}

function ofRule(rule: ZoneRule, path: readonly string[], { plan, entitlements }: Entitled, response: boolean): EdgeProblem[] {
  const at = path[0] === "hosts" ? path : [...path, rule.ref.replace(/-immutable$/, ""), "when"];
  return expressionProblems(at, rule.expression, { plan, entitlements, response });
}
