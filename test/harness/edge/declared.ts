/** An edge as a stack would declare it, for every plan and both providers. */
import type { Edits } from "../config.ts";

/** Rules that both edges can have. */
export const portableRules = {
  "candidate-header": {
    type: "match",
    priority: 5,
    when: { headersPresent: ["x-canary"] },
    unless: { addresses: ["198.51.100.0/24", "2001:db8:77::/48"] },
  },
  "header-spoof": { type: "match", priority: 6, when: { headersPresent: ["x-original-url", "x-rewrite-url"] } },
  methods: { type: "match", priority: 10, when: { methodsExcept: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] } },
  scans: {
    type: "match",
    priority: 20,
    when: { paths: ["*/.env*", "*/.git*", "*.php", "/wp-*", "*/etc/passwd*", "/actuator*", "*.bak", "/server-status"] },
  },
  "sql-injection": {
    type: "match",
    priority: 30,
    when: { queryContains: ["union select", "union all select", "' or 1=1", "drop table", "information_schema"] },
  },
  scanners: { type: "match", priority: 40, when: { userAgentContains: ["sqlmap", "nikto", "masscan", "nuclei"] } },
  "large-body": { type: "match", priority: 50, when: { bodyAboveBytes: 104_857_600 }, unless: { paths: ["/api/upload/*"] } },
  bots: { type: "match", priority: 60, when: { botScoreBelow: 30 }, unless: { paths: ["/v1/health", "/health", "/v1/webhooks/*"] } },
  "api-rate": { type: "rate", priority: 10, when: { hosts: ["api.coinestate.io"] }, requests: 100, periodSeconds: 60, blockSeconds: 60 },
  "web-api-rate": { type: "rate", priority: 20, when: { hosts: ["app.coinestate.io"], paths: ["/api/*"] }, requests: 100 },
  "sign-in": {
    type: "rate",
    priority: 30,
    when: { paths: ["/api/auth/login", "/api/auth/register"], methods: ["POST"] },
    requests: 10,
    periodSeconds: 60,
    blockSeconds: 600,
  },
  common: { type: "managed", priority: 10, set: "common", mode: "log" },
} as const;

/** CoinEstate behind Cloudflare, everything on. */
export const cloudflareEdge = {
  provider: "cloudflare",
  plan: "enterprise",
  entitlements: ["botManagement"],
  dnssec: true,
  rules: portableRules,
  redirects: { www: { priority: 10, when: { hosts: ["www.coinestate.io"] }, toHost: "app.coinestate.io" } },
  headers: {
    strictTransportSecurity: { preload: true },
    referrerPolicy: "origin-when-cross-origin",
    contentSecurityPolicy: {
      "default-src": ["'self'"],
      "script-src": ["'self'", "*.googletagmanager.com", "*.google-analytics.com"],
      "connect-src": ["'self'", "*.sentry.io"],
    },
  },
  cache: {
    rules: {
      assets: { priority: 10, when: { paths: ["/assets/*"] }, edgeSeconds: 31_536_000, browserSeconds: 31_536_000, immutable: true },
    },
  },
  origin: { healthChecks: true },
} as const;

/** Edits of the production stack that switch the edge on. */
export const behindCloudflare: Edits = { edge: cloudflareEdge, "loadBalancer.allowFrom": [] };

export const behindAwsWaf: Edits = { edge: { provider: "awsWaf", rules: portableRules } };
