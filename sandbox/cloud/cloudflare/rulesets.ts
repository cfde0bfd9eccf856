/** Rulesets of a zone: one entry point a phase, rules that Cloudflare can read, identities that outlive an update. */
import { isObject, objectsIn, type Properties, type Value } from "../../provider/values.ts";
import { CloudError, onBoth, type Rule, type ServiceTables } from "../catalogue.ts";
import type { Identity } from "../identity.ts";
import { randomHex } from "../randomness.ts";
import { withinPlan } from "./planBounds.ts";
import { needsRight } from "./token.ts";

const ruleset = "cloudflare:index/ruleset:Ruleset";

/** Longest expression, characters. */
const expressionLimit = 4096;

/** Actions that each phase knows. */
const actions: Readonly<Record<string, readonly string[]>> = {
  http_request_dynamic_redirect: ["redirect"],
  http_request_firewall_custom: ["block", "challenge", "js_challenge", "log", "managed_challenge", "skip"],
  http_ratelimit: ["block", "challenge", "js_challenge", "log", "managed_challenge"],
  http_request_firewall_managed: ["execute", "skip"],
  http_request_late_transform: ["rewrite"],
  http_request_cache_settings: ["set_cache_settings"],
  http_response_headers_transform: ["rewrite"],
};

/** Rights by phase, as the page of tokens calls them (Cloudflare, "API token permissions"). */
const rights: Readonly<Record<string, string>> = {
  http_request_dynamic_redirect: "Single Redirect",
  http_request_late_transform: "Transform Rules",
  http_response_headers_transform: "Transform Rules",
  http_request_cache_settings: "Cache Rules",
};

/** Any of them lists a zone's rulesets. */
export const rulesetRights = [...new Set(["Zone WAF", ...Object.values(rights)])];

/** Cloudflare, "Rate limiting rules: availability". */
const periods = [10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1200, 1800, 2400, 3600, 65_535];

function refuseRules({ phase, rules }: Properties): void {
  const list = objectsIn(rules);
  const seen = new Set<Value | undefined>();
  for (const { ref, expression, action, actionParameters, ratelimit } of list) {
    if (ref !== undefined && ref !== null && seen.has(ref))
      throw new CloudError("20126", `rules with the same ref are not allowed: ${ref}`);
    seen.add(ref);
    refuseExpression(String(expression));
    const known = actions[String(phase)];
    if (known !== undefined && !known.includes(String(action)))
      throw new CloudError("20120", `use of action '${action}' in phase ${phase} is not allowed`);
    if (phase === "http_ratelimit") refuseRate(ratelimit);
    if (action === "execute" && (!isObject(actionParameters) || typeof actionParameters.id !== "string"))
      throw new CloudError("20115", "the ruleset to execute is missing");
    for (const name of Object.keys(isObject(actionParameters) && isObject(actionParameters.headers) ? actionParameters.headers : {}))
      if (/^(cf-|x-cf-|server$|eh-cache)/i.test(name))
        throw new CloudError("20087", `'${name}' is not a valid value for name: it can't be modified`);
  }
}

/** Brackets that close, strings that end, a set with something in it: what Cloudflare's parser says first. */
function refuseExpression(expression: string): void {
  if (expression.length > expressionLimit) throw new CloudError("20031", `the expression is longer than ${expressionLimit} characters`);
  const bare = expression.replaceAll(/r(#*)"[\s\S]*?"\1|"(?:[^"\\]|\\.)*"/g, '""');
  const filter = (why: string) =>
    new CloudError(
      "20127",
      `'${expression}' is not a valid value for expression because the expression is invalid: Filter parsing error: ${why}`,
    );
  if ((bare.match(/"/g)?.length ?? 0) % 2 !== 0) throw filter("missing ending quote");
  const open: string[] = [];
  for (const sign of bare.replaceAll(/""/g, "").match(/[(){}[\]]/g) ?? []) {
    if ("({[".includes(sign)) open.push(sign);
    else if (open.pop() !== { ")": "(", "}": "{", "]": "[" }[sign]) throw filter(`unrecognised input: ${sign}`);
  }
  if (open.length > 0) throw filter(`expected the end of ${open.at(-1)}`);
  if (/\bcontains\s*\{/.test(bare)) throw filter("expected string, raw string or regex after contains");
  if (/\{\s*\}/.test(bare)) throw filter("expected at least one value");
}

function refuseRate(ratelimit: Value | undefined): void {
  if (!isObject(ratelimit)) throw new CloudError("20130", "ratelimit parameters are required in the phase http_ratelimit");
  const characteristics = Array.isArray(ratelimit.characteristics) ? ratelimit.characteristics : [];
  if (!characteristics.includes("cf.colo.id")) throw new CloudError("20147", "the characteristic 'cf.colo.id' is required");
  if (!periods.includes(Number(ratelimit.period)))
    throw new CloudError("20139", `the period ${ratelimit.period} is not one of ${periods.join(", ")}`);
}

const checkRules: readonly Rule[] = onBoth(refuseRules, withinPlan);

/** Rules with their ids: one that was there by its `ref` keeps its own (terraform-provider-cloudflare#4697). */
function identified(rules: Value | undefined, before: Value | undefined): Value[] {
  const ids = new Map(objectsIn(before).map(({ ref, id }) => [ref, id]));
  return (Array.isArray(rules) ? rules : []).map((rule) =>
    isObject(rule) ? { id: (rule.ref === undefined ? undefined : ids.get(rule.ref)) ?? randomHex(32), ...rule } : rule,
  );
}

/** Each change makes another version, at another time. */
const nextVersion: NonNullable<Identity["revise"]> = ({ version, rules }, next) => {
  const count = Number(version) + 1;
  const lastUpdated = new Date(Date.UTC(2026, 0, 1, 0, 0, count)).toISOString();
  return { ...next, version: String(count), lastUpdated, rules: identified(next.rules, rules) };
};

/** Seen with the real provider: a mark inside the list does not outlive the bridge's check. */
export const secretRules = { [ruleset]: ["rules"] };

export const rulesets: ServiceTables = {
  identities: {
    [ruleset]: {
      compute: ({ rules }) => ({ rules: identified(rules, []) }),
      revise: nextVersion,
    },
  },
  rules: { [ruleset]: [...needsRight("/rulesets", ({ phase }) => rights[String(phase)] ?? "Zone WAF"), ...checkRules] },
};
