/**
 * What a zone's plan keeps from its rules, where the live store holds the zone with its plan. Cloudflare's tables of availability (custom rules, rate
 * limiting rules, operators, bot management variables); its codes for these refusals are not documented: `not entitled` stands for them.
 */
import { isObject, objectsIn, type Properties } from "../../provider/values.ts";
import { CloudError, type Rule } from "../catalogue.ts";

interface Bounds {
  readonly custom: number;
  readonly rates: number;
  /** Rules of each other phase that Slipway writes. */
  readonly others: number;
  /** Longest period of a rate limit, seconds. */
  readonly period: number;
}

const bounds: Readonly<Record<string, Bounds>> = {
  free: { custom: 5, rates: 1, others: 10, period: 10 },
  pro: { custom: 20, rates: 2, others: 25, period: 60 },
  business: { custom: 100, rates: 5, others: 50, period: 600 },
  enterprise: { custom: 1000, rates: 100, others: 300, period: 65_535 },
};

/** Refuses a ruleset that its zone's plan does not have. */
export const withinPlan: Rule["enforce"] = ({ zoneId, phase, rules }, { store }) => {
  const plan = String(store.all("cloudflare:index/zone:Zone").find(({ id }) => id === zoneId)?.properties.plan);
  const bound = bounds[plan];
  if (bound === undefined) return;
  const list = objectsIn(rules);
  const most = phase === "http_request_firewall_custom" ? bound.custom : phase === "http_ratelimit" ? bound.rates : bound.others;
  if (list.length > most)
    throw new CloudError(
      "not entitled",
      `exceeded the maximum number of rules in the phase ${String(phase)}: ${list.length} out of ${most}`,
    );
  for (const rule of list) refuseRule(plan, bound, String(phase), rule);
};

function refuseRule(plan: string, { period }: Bounds, phase: string, { action, expression, ratelimit }: Properties): void {
  const bare = String(expression).replaceAll(/r(#*)"[\s\S]*?"\1|"(?:[^"\\]|\\.)*"/g, '""');
  const refuse = (what: string) => new CloudError("not entitled", `${what} is not allowed on the plan ${plan}`);
  if (phase === "http_request_firewall_managed" && plan === "free") throw refuse(`the use of the phase ${phase}`);
  if (action === "log" && plan !== "enterprise") throw refuse("the use of the action log");
  if (/\bmatches\b|~/.test(bare) && ["free", "pro"].includes(plan)) throw refuse("the use of operator matches");
  if (/\bcf\.bot_management\.score\b/.test(bare) && plan !== "enterprise") throw refuse("the use of field cf.bot_management.score");
  if (isObject(ratelimit) && Number(ratelimit.period) > period) throw refuse(`the period ${String(ratelimit.period)}`);
}
