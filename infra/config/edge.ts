/** Config area `edge`: what stands between the internet and the load balancer. */

import { cidrBlock, flag, hostName, keyName, range, retentionDays } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";
import { cloudflareAddresses } from "../../components/edge/cloudflare/addresses.ts";
import { plans } from "../../components/edge/plan.ts";
import { condition, edgeRule } from "./edgeRule.ts";

const ruleName = keyName(40, "rule name");
const order = range(1, 999, "place, lower first").meta({ examples: [10] });

const rules = z
  .record(ruleName, edgeRule)
  .default({})
  .describe("rules by name: rate limits, refused requests, managed rule sets; a rule goes from log to block by its mode alone")
  .meta({ examples: [{ "api-rate": { type: "rate", priority: 10, when: { paths: ["/api/*"] }, requests: 100 } }] });

const records = flag(true, "write a DNS record for every host of every service, except those of sites, which write their own");

const sources = z.array(z.string().regex(/^[^\s;,]+$/, { error: "source" }));

const headers = z
  .strictObject({
    strictTransportSecurity: z
      .strictObject({
        maxAgeSeconds: range(0, 63_072_000, "seconds for which browsers refuse plain HTTP").default(63_072_000),
        includeSubdomains: z.boolean().default(true).describe("for names below too"),
        preload: flag(false, "consent to the browsers' built-in list, which is hard to leave").meta({ examples: [true] }),
      })
      .prefault({})
      .describe("Strict-Transport-Security"),
    frameOptions: z.enum(["DENY", "SAMEORIGIN"]).default("DENY").describe("X-Frame-Options"),
    referrerPolicy: z
      .enum(["no-referrer", "origin", "origin-when-cross-origin", "same-origin", "strict-origin", "strict-origin-when-cross-origin"])
      .default("strict-origin-when-cross-origin")
      .describe("Referrer-Policy")
      .meta({ examples: ["origin-when-cross-origin"] }),
    dnsPrefetchControl: z.enum(["on", "off"]).default("on").describe("X-DNS-Prefetch-Control"),
    contentSecurityPolicy: z
      .record(z.string().regex(/^[a-z]+(?:-[a-z]+)*$/, { error: "directive, such as script-src" }), sources)
      .default({})
      .describe("Content-Security-Policy, sources by directive; the stack's own hosts are added to connect-src")
      .meta({ examples: [{ "default-src": ["'self'"] }] }),
  })
  .prefault({})
  .describe("headers on every answer of the stack's hosts");

const cacheRule = z
  .strictObject({
    priority: range(1, 999, "place; of two rules that meet, the later one holds").meta({ examples: [10] }),
    when: condition,
    edgeSeconds: range(
      0,
      31_536_000,
      "seconds that answers are kept at the edge; 0 is not at all, and the plan bounds the shortest time",
    ).meta({ examples: [31_536_000] }),
    browserSeconds: range(
      0,
      31_536_000,
      "seconds that answers are kept in the browser; 0 is not at all, and the plan bounds the shortest time",
    ).meta({ examples: [31_536_000] }),
    immutable: flag(false, "tell browsers that the answer never changes under its name").meta({ examples: [true] }),
  })
  .describe("answers that are kept");

const cache = z
  .strictObject({
    rules: z.record(ruleName, cacheRule).default({}).describe("what is kept, by rule name"),
    neverCached: z
      .array(z.string().regex(/^[/*]/, { error: "path" }))
      .default(["/api/*", "/socket.io/*"])
      .describe("paths whose answers are never kept; neither are those to requests with an Authorization header"),
  })
  .prefault({})
  .describe("caching at the edge");

const redirect = z
  .strictObject({
    priority: order,
    when: condition,
    toHost: hostName("host that the requests are sent to; path and query are kept").meta({ examples: ["coinestate.io"] }),
    statusCode: z
      .union([z.literal(301), z.literal(302), z.literal(307), z.literal(308)])
      .default(301)
      .describe("HTTP status of the redirect"),
  })
  .describe("requests that are sent to another host");

const secretName = keyName(20, "secret name");

const origin = z
  .strictObject({
    lock: z.boolean().default(true).describe("let nobody but Cloudflare reach the load balancer: by address, and by a secret header"),
    addresses: z
      .array(cidrBlock)
      .min(1)
      .max(55)
      .default([...cloudflareAddresses])
      .describe("Cloudflare's address blocks (cloudflare.com/ips)")
      .meta({ examples: [["173.245.48.0/20"]] }),
    header: z
      .string()
      .regex(/^x-[a-z0-9-]{1,38}$/, { error: "header name" })
      .default("x-origin-key")
      .describe("request header that carries the secret"),
    secrets: z
      .array(secretName)
      .min(1)
      .max(2)
      .default(["a"])
      .describe(
        "names of the secrets that Cloudflare sends; each gets a value of its own. To change it: add a name, accept it, remove the old one",
      ),
    accepts: secretName.default("a").describe("name of the secret that the load balancer asks for"),
    healthChecks: flag(
      false,
      "let Route 53's health checkers ask origin-<region code>.<certificate's domain>/origin-health past Cloudflare",
    ).meta({ examples: [true] }),
  })
  .prefault({})
  .describe("the way from Cloudflare to the load balancer");

export const edge = z
  .discriminatedUnion("provider", [
    z
      .strictObject({ provider: z.literal("none"), records: records.default(false) })
      .describe("nothing: no rules, and records only on demand"),
    z
      .strictObject({
        provider: z.literal("cloudflare"),
        plan: z
          .enum(plans)
          .describe("plan of the zone; it bounds what may be declared")
          .meta({ examples: ["pro"] }),
        zoneRules: flag(true, "this stack declares the zone's settings and rules; one stack alone can, the others of the zone say false"),
        records,
        dnssec: flag(false, "sign the zone; the DS record goes to the registrar by hand").meta({ examples: [true] }),
        rules,
        redirects: z.record(ruleName, redirect).default({}).describe("requests that are sent to another host, by rule name"),
        headers,
        cache,
        origin,
      })
      .describe("Cloudflare before the load balancer"),
    z
      .strictObject({
        provider: z.literal("awsWaf"),
        records,
        rules,
        logDays: retentionDays.default(90),
      })
      .describe("AWS WAF on the load balancer"),
  ])
  .default({ provider: "none", records: false })
  .describe("what stands before the load balancer: DNS records, rules, headers, caching")
  .meta({ examples: [{ provider: "awsWaf" }] });
