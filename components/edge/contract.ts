/** What stands before a load balancer is made with: rules, headers, caching, records, and the lock on the way in. */

import type { Accepted } from "../contract/accepted.ts";
import {
  cidrBlock,
  distinct,
  flag,
  group,
  hostName,
  keyName,
  logRetentionDays,
  mapByName,
  matching,
  ownHeader,
  range,
  settings,
} from "../contract/fields.ts";
import type { Immutable } from "../contract/immutable.ts";
import { type BrokenRule, broken, holds } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";
import { cloudflareAddresses } from "./cloudflare/addresses.ts";
import { entitlements, plans } from "./plan.ts";
import { brokenBy } from "./problem.ts";
import { condition, edgeRules, place, ruleName } from "./ruleContract.ts";
import { ruleProblems } from "./ruleProblems.ts";
import { wafRuleProblems } from "./wafv2/ruleProblems.ts";

export { planLimits } from "./plan.ts";

const sources = z.array(z.string().regex(/^[^\s;,]+$/, { error: "source" }));

/** Headers that tell browsers what a page may do. */
export const securityHeaders = settings("headers on every answer of the stack's hosts", {
  strictTransportSecurity: settings("Strict-Transport-Security", {
    maxAgeSeconds: range(
      0,
      63_072_000,
      "seconds for which browsers refuse plain HTTP; Cloudflare's dashboard shows a year at most",
    ).default(31_536_000),
    includeSubdomains: z.boolean().default(true).describe("for names below too"),
    preload: flag(false, "consent to the browsers' built-in list, which is hard to leave").meta({ examples: [true] }),
  }),
  frameOptions: z.enum(["DENY", "SAMEORIGIN"]).default("DENY").describe("X-Frame-Options"),
  referrerPolicy: z
    .enum(["no-referrer", "origin", "origin-when-cross-origin", "same-origin", "strict-origin", "strict-origin-when-cross-origin"])
    .default("strict-origin-when-cross-origin")
    .describe("Referrer-Policy")
    .meta({ examples: ["origin-when-cross-origin"] }),
  dnsPrefetchControl: z.enum(["on", "off"]).default("on").describe("X-DNS-Prefetch-Control"),
  contentSecurityPolicy: mapByName(
    "Content-Security-Policy, sources by directive; the stack's own hosts are added to connect-src",
    z.string().regex(/^[a-z]+(?:-[a-z]+)*$/, { error: "directive, such as script-src" }),
    sources,
    { "default-src": ["'self'"] },
  ),
});

const cacheRule = group("answers that are kept", {
  priority: place("place; of two rules that meet, the later one holds"),
  when: condition,
  edgeSeconds: range(
    0,
    31_536_000,
    "seconds that answers are kept at the edge; 0 is not at all, and the plan bounds the shortest time",
  ).meta({ examples: [31_536_000] }),
  browserSeconds: range(
    0,
    31_536_000,
    "seconds that answers are kept in the browser, where the edge keeps them; 0 is not at all, and the plan bounds the shortest time",
  ).meta({ examples: [31_536_000] }),
  immutable: flag(false, "tell browsers that the answer never changes under its name").meta({ examples: [true] }),
});

const cache = settings("caching at the edge", {
  rules: z.record(ruleName, cacheRule).default({}).describe("what is kept, by rule name"),
  neverCached: z
    .array(z.string().regex(/^[/*]/, { error: "path" }))
    .default(["/api/*", "/socket.io/*"])
    .describe("paths whose answers are never kept; neither are those to requests with an Authorization header"),
});

const redirect = group("requests that are sent to another host", {
  priority: place("place, lower first"),
  when: condition,
  toHost: hostName("host that the requests are sent to; path and query are kept").meta({ examples: ["coinestate.io"] }),
  statusCode: z
    .union([z.literal(301), z.literal(302), z.literal(307), z.literal(308)])
    .default(301)
    .describe("HTTP status of the redirect"),
});

/** Settings and rules of a zone at Cloudflare. */
export const zone = z.strictObject({
  zoneId: z.string().describe("Cloudflare zone id, 32 hexadecimal digits"),
  hosts: z.array(z.string()).describe("host names that headers and caching are for; other hosts of the zone are left alone"),
  plan: z
    .enum(plans)
    .describe("plan of the zone; it bounds what may be declared")
    .meta({ examples: ["pro"] }),
  entitlements: distinct(z.enum(entitlements))
    .default([])
    .describe(
      "what was bought beside the plan enterprise; bot scores need botManagement, and without it Cloudflare refuses every custom rule of the zone",
    )
    .meta({ examples: [["botManagement"]] }),
  dnssec: flag(false, "sign the zone; the DS record goes to the registrar by hand").meta({ examples: [true] }),
  rules: edgeRules,
  redirects: z.record(ruleName, redirect).default({}).describe("requests that are sent to another host, by rule name"),
  headers: securityHeaders,
  cache,
});

/** Rules of a web ACL. */
export const webAcl = z.strictObject({ rules: edgeRules }).superRefine(holds(webAclRules));

/** A web ACL and its record of refused and recorded requests. */
export const recordedWebAcl = webAcl.safeExtend({ logRetentionDays });

function webAclRules({ rules }: Immutable<{ rules: Accepted<typeof edgeRules> }>): BrokenRule[] {
  return [...ruleProblems(rules), ...wafRuleProblems(rules)].map(brokenBy);
}

const secretName = keyName(20, "secret name");

/** The lock on the way from an edge to a load balancer. */
export const originLock = z.strictObject({
  addresses: z
    .array(cidrBlock)
    .min(1)
    .max(55)
    .default([...cloudflareAddresses])
    .describe("Cloudflare's address blocks (cloudflare.com/ips)")
    .meta({ examples: [["173.245.48.0/20"]] }),
  header: ownHeader("request header that carries the secret").default("x-origin-key"),
  secrets: distinct(secretName)
    .min(1)
    .max(2)
    .default(["a"])
    .describe(
      "names of the secrets that Cloudflare sends; each gets a value of its own. To change it: add a name, accept it, remove the old one",
    ),
  accepts: secretName.default("a").describe("name of the secret that the load balancer asks for"),
});

/** A load balancer that asks for a secret which nobody sends. */
export function lockRules({ secrets, accepts }: Immutable<Pick<Accepted<typeof originLock>, "secrets" | "accepts">>): BrokenRule[] {
  if (secrets.includes(accepts)) return [];
  const path = ["accepts"];
  return broken({
    path,
    found: `is ${JSON.stringify(accepts)}, which Cloudflare does not send`,
    allowed: `one of origin.secrets: ${secrets.join(", ")}`,
    fix: { path, value: secrets[0] ?? "a" },
  });
}

/** Records of hosts. */
export const records = z.strictObject({
  hosts: distinct(hostName("host name; *. in front takes every name below", true)).describe("host names"),
  proxied: flag(false, "Cloudflare stands in between: its addresses are answered, its rules run; only for records at Cloudflare"),
  ttlSeconds: range(60, 86_400, "seconds that resolvers keep an answer which is not proxied").default(60),
});

/** A way in for health checkers. */
export const healthDoor = z.strictObject({
  host: hostName("host name that the checkers ask; it leads straight to the load balancer and is on its certificate"),
  path: matching(/^\/\S{0,127}$/, "path", "path that the checkers ask").default("/origin-health"),
  priority: range(1, 50_000, "place in the listener, before the services' rules").default(1),
});
