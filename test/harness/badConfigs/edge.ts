/** Bad configs of the edge: each gives one readable problem that names the key. */
import type { Edits } from "../config.ts";
import { behindAwsWaf, behindCloudflare, portableRules } from "../edge/declared.ts";
import type { BadConfig } from "./badConfig.ts";

const cloudflare = (edits: Edits): Edits => ({ ...structuredClone(behindCloudflare), ...edits });
const waf = (edits: Edits): Edits => ({ ...structuredClone(behindAwsWaf), ...edits });
/** A small edge on a plan, with these rules. */
export const planned = (plan: string, rules: Record<string, unknown>, edits: Edits = {}): Edits => ({
  edge: { provider: "cloudflare", plan, rules },
  "loadBalancer.allowFrom": [],
  uptime: undefined, // its checkers are robots, which some of these rules refuse
  ...edits,
});
export const rate = { type: "rate", priority: 10, when: { paths: ["/api/*"] }, requests: 100, periodSeconds: 60, blockSeconds: 60 };
export const match = (priority: number) => ({ type: "match", priority, when: { paths: ["/x"] } });
export const kept = (edgeSeconds: number, browserSeconds: number): Edits => ({
  "edge.cache": { rules: { pages: { priority: 10, when: { paths: ["/pages/*"] }, edgeSeconds, browserSeconds } } },
});
const many = (count: number, rule: (index: number) => unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`rule-${index}`, rule(index + 1)]));

/** Bad configs of the edge. */
export const edgeCases: readonly BadConfig[] = [
  { edits: { edge: { provider: "cloudfront" } }, path: "edge.provider", says: "one of none, cloudflare, awsWaf", noFix: true },
  { edits: cloudflare({ "edge.plan": "enterprize" }), path: "edge.plan", says: "did you mean enterprise?" },
  { edits: cloudflare({ "edge.rulez": {} }), path: "edge.rulez", says: "did you mean rules?" },
  { edits: cloudflare({ "edge.rules.bots.mode": "drop" }), path: "edge.rules.bots.mode", says: "one of block, log, challenge, off" },
  { edits: cloudflare({ "edge.rules.bots.priority": 0 }), path: "edge.rules.bots.priority", says: "from 1 to 999", noFix: true },
  { edits: cloudflare({ "edge.rules.bots.priority": 30 }), path: "edge.rules.bots.priority", says: "is 30, as for sql-injection" },
  { edits: cloudflare({ "edge.rules.bots.when": {} }), path: "edge.rules.bots.when", says: "would meet every request", noFix: true },
  {
    edits: cloudflare({ "edge.rules.scans.when.paths": ["/a*b"] }),
    path: "edge.rules.scans.when.paths[0]",
    says: "with * at the start or the end only",
    noFix: true,
  },
  {
    edits: cloudflare({ "edge.rules.scans.when.paths": [] }),
    path: "edge.rules.scans.when.paths",
    says: "at least one value",
    noFix: true,
  },
  { edits: cloudflare({ "edge.origin.accepts": "b" }), path: "edge.origin.accepts", says: "which Cloudflare does not send" },
  {
    edits: cloudflare({ "loadBalancer.allowFrom": ["0.0.0.0/0"] }),
    path: "loadBalancer.allowFrom[0]",
    says: "lets everybody past the edge",
  },
  { edits: { "loadBalancer.allowFrom": [] }, path: "loadBalancer.allowFrom", says: "nobody else can", write: ["0.0.0.0/0"] },
  {
    edits: cloudflare({ "services.web.route.paths": ["/api/*", "/socket.io/*", "/x"] }),
    path: "services.web.route",
    says: "while edge.origin.lock is true",
    noFix: true,
  },
  {
    edits: cloudflare({
      "loadBalancer.certificate.domain": "app.coinestate.io",
      "loadBalancer.certificate.alternativeNames": ["api.coinestate.io"],
    }),
    path: "edge.origin.healthChecks",
    says: "does not cover origin-use1.app.coinestate.io",
  },
  {
    edits: cloudflare({ dns: { provider: "route53", zone: "coinestate.io", zoneId: "Z0123456789" } }),
    path: "edge.provider",
    says: "while the zone is at route53",
    noFix: true,
  },
  {
    edits: planned("business", { a: { ...match(1), mode: "log" } }),
    path: "edge.rules.a.mode",
    says: "which the plan business does not have",
    write: ["off"],
  },
  {
    edits: planned("business", { a: { type: "match", priority: 1, when: { botScoreBelow: 30 } } }),
    path: "edge.rules.a.when",
    says: "needs the plan enterprise",
    noFix: true,
  },
  {
    edits: planned("pro", { a: { type: "match", priority: 1, when: { bodyAboveBytes: 1000 } } }),
    path: "edge.rules.a.when",
    says: "using matches, which needs the plan business",
    noFix: true,
  },
  { edits: planned("free", many(6, match)), path: "edge.rules.rule-5", says: "at most 5, which is what the plan free has", noFix: true },
  {
    edits: planned(
      "pro",
      many(3, (priority) => ({ ...rate, priority })),
    ),
    path: "edge.rules.rule-2",
    says: "is one of 3 rate limits",
    noFix: true,
  },
  { edits: planned("free", { a: { ...rate, blockSeconds: 10 } }), path: "edge.rules.a.periodSeconds", says: "one of 10 (plan free)" },
  { edits: planned("free", { a: { ...rate, periodSeconds: 10 } }), path: "edge.rules.a.blockSeconds", says: "one of 10 (plan free)" },
  { edits: planned("pro", { a: { ...rate, periodSeconds: 300 } }), path: "edge.rules.a.periodSeconds", says: "45, 60 (plan pro)" },
  {
    edits: planned("pro", { a: { ...rate, when: { methods: ["POST"] } } }),
    path: "edge.rules.a.when",
    says: "a rate limit of the plan pro cannot see",
    noFix: true,
  },
  { edits: planned("pro", { a: { ...rate, mode: "challenge" } }), path: "edge.rules.a.blockSeconds", says: "with a challenge" },
  {
    edits: planned("free", { a: { type: "managed", priority: 1, set: "common" } }),
    path: "edge.rules.a",
    says: "which the plan free cannot",
    noFix: true,
  },
  {
    edits: planned("pro", { a: { type: "managed", priority: 1, set: "sqlInjection" } }),
    path: "edge.rules.a.set",
    says: "common or owasp",
    write: ["owasp"],
  },
  {
    edits: planned("pro", { a: { type: "expression", priority: 1, expression: 'any(http.request.uri.query contains {"union select"})' } }),
    path: "edge.rules.a.expression",
    says: "is not an expression: found {",
    noFix: true,
  },
  {
    edits: planned("free", {}, kept(3600, 7200)),
    path: "edge.cache.rules.pages.edgeSeconds",
    says: "is 3600 0, or from 7200 (plan free)",
  },
  { edits: planned("free", {}, kept(7200, 300)), path: "edge.cache.rules.pages.browserSeconds", says: "0, or from 7200 (plan free)" },
  { edits: planned("pro", {}, kept(60, 0)), path: "edge.cache.rules.pages.edgeSeconds", says: "0, or from 3600 (plan pro)" },
  { edits: planned("pro", {}, kept(3600, 1800)), path: "edge.cache.rules.pages.browserSeconds", says: "0, or from 3600 (plan pro)" },
  { edits: planned("pro", {}, kept(0, 3600)), path: "edge.cache.rules.pages.browserSeconds", says: "0 while edgeSeconds is 0" },
  {
    edits: {
      edge: { provider: "cloudflare", plan: "pro", zoneRules: false, records: true, rules: { a: match(1) }, origin: { lock: false } },
    },
    path: "edge.rules.a",
    says: "while zoneRules is false",
  },
  {
    edits: { edge: { provider: "cloudflare", plan: "pro", zoneRules: false }, "loadBalancer.allowFrom": ["192.0.2.0/24"] },
    path: "edge.origin.lock",
    says: "no rule would send the secret",
  },
  { edits: waf({ "edge.plan": "pro" }), path: "edge.plan", says: "is not a known key" },
  { edits: waf({ "edge.rules.api-rate.periodSeconds": 10 }), path: "edge.rules.api-rate.periodSeconds", says: "one of 60, 120, 300, 600" },
  { edits: waf({ "edge.rules.sign-in.requests": 5 }), path: "edge.rules.sign-in.requests", says: "at least 10" },
  {
    edits: waf({ "edge.rules.common.set": "owasp" }),
    path: "edge.rules.common.set",
    says: "which AWS has not by that name",
    write: ["common"],
  },
  {
    edits: waf({ "edge.rules.api-rate.unless": { paths: ["/v1/health"] } }),
    path: "edge.rules.api-rate.when",
    says: "one level of terms",
    noFix: true,
  },
  {
    edits: waf({ "edge.rules.x": { type: "expression", priority: 900, expression: "ssl" } }),
    path: "edge.rules.x.type",
    says: "match, rate or managed",
    noFix: true,
  },
  {
    edits: waf({ "edge.rules.scans.when.paths": Array.from({ length: 60 }, (_, index) => `/forbidden-${index}*`) }),
    path: "edge.rules.scans.when",
    says: "at most 512: split the rule",
    noFix: true,
  },
  {
    edits: waf({
      "edge.rules": {
        ...portableRules,
        ...Object.fromEntries(
          ["sqlInjection", "knownBadInputs", "ipReputation"].map((set, index) => [
            `managed-${index}`,
            { type: "managed", priority: 20 + index, set },
          ]),
        ),
        ...many(20, (index) => ({ ...match(100 + index) })),
      },
    }),
    path: "edge.rules",
    says: "capacity units (WCU)",
    noFix: true,
  },
];
