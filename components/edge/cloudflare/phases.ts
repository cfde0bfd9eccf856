/** Everything that a zone runs, as rules of Cloudflare's phases: one list a phase, each rule with its own `ref`. */
import type { Input } from "@pulumi/pulumi";
import type { Accepted } from "../../contract/accepted.ts";
import type { zone } from "../contract.ts";
import { quote } from "../expression/tokens.ts";
import { type EdgeRule, type EdgeRules, inOrder, phaseOf, type RuleMode } from "../rule.ts";
import { securityHeaders } from "../securityHeaders.ts";
import { conditionExpression } from "./condition.ts";
import { managedRulesets } from "./managedSets.ts";
import { expressionOf } from "./ruleProblems.ts";

/** Phases that Slipway writes, in the order in which Cloudflare runs them. */
const phases = [
  "http_request_dynamic_redirect",
  "http_request_firewall_custom",
  "http_ratelimit",
  "http_request_firewall_managed",
  "http_request_late_transform",
  "http_request_cache_settings",
  "http_response_headers_transform",
] as const;
/** Phase whose ruleset sends the origin's header, and nothing else. */
export const originHeaderPhase = "http_request_late_transform" satisfies Phase;
export type Phase = (typeof phases)[number];

/** A zone as its contract accepts it. */
export type AcceptedZone = Accepted<typeof zone>;

type Redirect = AcceptedZone["redirects"][string];

/** Header that the edge adds to requests. */
export interface OriginHeader {
  readonly name: string;
  readonly value: Input<string>;
  /** Hosts whose requests get it. */
  readonly hosts: readonly string[];
}

/** What a zone runs, besides its settings. */
export interface ZoneRules {
  /** Host names that headers and caching are for; other hosts of the zone are left alone. */
  readonly hosts: readonly string[];
  readonly rules: EdgeRules;
  readonly redirects: AcceptedZone["redirects"];
  readonly cache: AcceptedZone["cache"]["rules"];
  /** Paths whose answers are never kept. */
  readonly neverCached: readonly string[];
  /** Headers set on every answer. */
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Header by which the origin knows the edge, sent for the hosts that lead to that origin and no others. */
  readonly originHeader?: OriginHeader | undefined;
}

/** What a zone runs, of what it is made with. */
export function zoneRules({ hosts, rules, redirects, cache, headers }: AcceptedZone, originHeader?: OriginHeader): ZoneRules {
  const { rules: kept, neverCached } = cache;
  return { hosts, rules, redirects, cache: kept, neverCached, responseHeaders: securityHeaders(headers, hosts), originHeader };
}

/** A rule as the provider takes it. */
export interface ZoneRule {
  ref: string;
  description: string;
  expression: string;
  action: string;
  actionParameters?: Record<string, unknown>;
  ratelimit?: { characteristics: string[]; period: number; requestsPerPeriod: number; mitigationTimeout: number };
  enabled: boolean;
}

/** Rules of every phase that has any. */
export function zonePhases(zone: ZoneRules): ReadonlyMap<Phase, ZoneRule[]> {
  const rules = inOrder(zone.rules);
  const ofPhase = (phase: ReturnType<typeof phaseOf>) => rules.filter(([, rule]) => phaseOf(rule) === phase).map(securityRule);
  const all: Readonly<Record<Phase, ZoneRule[]>> = {
    http_request_dynamic_redirect: byPriority(zone.redirects).map(redirectRule),
    http_request_firewall_custom: ofPhase("custom"),
    http_ratelimit: ofPhase("rate"),
    http_request_firewall_managed: ofPhase("managed"),
    http_request_late_transform: originHeaderRules(zone),
    http_request_cache_settings: cacheRules(zone),
    http_response_headers_transform: responseHeaderRules(zone),
  };
  return new Map(phases.filter((phase) => all[phase].length > 0).map((phase) => [phase, all[phase]]));
}

const actions: Readonly<Record<RuleMode, string>> = { block: "block", log: "log", challenge: "managed_challenge", off: "block" };

function securityRule([name, rule]: readonly [string, EdgeRule]): ZoneRule {
  const base = { ref: name, description: name, expression: expressionOf(rule), enabled: rule.mode !== "off" };
  if (rule.type === "managed") {
    const override = rule.mode === "log" || rule.mode === "challenge" ? { overrides: { action: actions[rule.mode] } } : {};
    return { ...base, action: "execute", actionParameters: { id: managedRulesets[rule.set], ...override } };
  }
  if (rule.type !== "rate") return { ...base, action: actions[rule.mode] };
  const { periodSeconds, requests, blockSeconds } = rule;
  return {
    ...base,
    action: actions[rule.mode],
    ratelimit: {
      // Counters are kept by data centre, and Cloudflare wants that said.
      characteristics: ["cf.colo.id", "ip.src"],
      period: periodSeconds,
      requestsPerPeriod: requests,
      mitigationTimeout: blockSeconds,
    },
  };
}

function redirectRule([name, { when, toHost, statusCode }]: readonly [string, Redirect]): ZoneRule {
  const fromValue = {
    targetUrl: { expression: `concat(${quote(`https://${toHost}`)}, http.request.uri.path)` },
    statusCode,
    preserveQueryString: true,
  };
  return rewrite(name, conditionExpression(when), "redirect", { fromValue });
}

function originHeaderRules({ originHeader }: ZoneRules): ZoneRule[] {
  if (originHeader === undefined || originHeader.hosts.length === 0) return [];
  // "set" also overwrites what a client sent under that name.
  const headers = { [originHeader.name]: { operation: "set", value: originHeader.value } };
  return [rewrite("origin-header", conditionExpression({ hosts: originHeader.hosts }), "rewrite", { headers })];
}

/** Of two cache rules that meet, the later one holds: what is never kept stands last. */
function cacheRules({ hosts, cache, neverCached }: ZoneRules): ZoneRule[] {
  const kept = byPriority(cache).map(([name, { when, edgeSeconds, browserSeconds }]) =>
    rewrite(name, conditionExpression({ hosts, ...when }), "set_cache_settings", {
      cache: edgeSeconds > 0,
      ...(edgeSeconds === 0
        ? {}
        : {
            // An error page must not outlive the error.
            edgeTtl: {
              mode: "override_origin",
              default: edgeSeconds,
              statusCodeTtls: [{ statusCodeRange: { from: 400, to: 599 }, value: -1 }],
            },
            // Cloudflare has it for answers that are eligible for cache.
            browserTtl: browserSeconds === 0 ? { mode: "bypass" } : { mode: "override_origin", default: browserSeconds },
          }),
    }),
  );
  const signedIn = conditionExpression({ headersPresent: ["authorization"] });
  const paths = neverCached.length === 0 ? [] : [conditionExpression({ paths: neverCached })];
  const never = `${conditionExpression({ hosts })} and (${[...paths, signedIn].join(" or ")})`;
  return kept.length === 0 ? [] : [...kept, rewrite("never-cached", never, "set_cache_settings", { cache: false })];
}

function responseHeaderRules({ hosts, responseHeaders, cache }: ZoneRules): ZoneRule[] {
  const set = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(values)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => [name, { operation: "set", value }]),
    );
  const security =
    hosts.length === 0 || Object.keys(responseHeaders).length === 0
      ? []
      : [rewrite("security-headers", conditionExpression({ hosts }), "rewrite", { headers: set(responseHeaders) })];
  const immutable = byPriority(cache)
    .filter(([, rule]) => rule.immutable)
    .map(([name, { when, browserSeconds }]) =>
      rewrite(`${name}-immutable`, `${conditionExpression({ hosts, ...when })} and http.response.code lt 400`, "rewrite", {
        headers: set({ "Cache-Control": `public, max-age=${browserSeconds}, immutable` }),
      }),
    );
  return [...security, ...immutable];
}

function rewrite(name: string, expression: string, action: string, actionParameters: Record<string, unknown>): ZoneRule {
  return { ref: name, description: name, expression, action, actionParameters, enabled: true };
}

function byPriority<R extends { readonly priority: number }>(rules: Readonly<Record<string, R>>): (readonly [string, R])[] {
  return Object.entries(rules).sort((a, b) => a[1].priority - b[1].priority || (a[0] < b[0] ? -1 : 1));
}
