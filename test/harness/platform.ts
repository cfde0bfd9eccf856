/** One of each of sites, secrets, pipeline roles and budget, as config of a shipped stack. */
import type { StackConfig } from "../../infra/config/stack.ts";

/** Config areas with one of each, for CoinEstate in the given environment. */
export function oneOfEach({ system, environment, dns, services }: StackConfig): Record<string, unknown> {
  const referenced = Object.values(services).flatMap(({ secrets }) => Object.values(secrets));
  const [first, ...rest] = [...new Set(referenced)].sort();
  return {
    sites: {
      app: {
        hosts: [`www.${dns.zone}`, `console.${dns.zone}`],
        release: "2026-11-21.1",
        backend: { service: "api" },
        contentSecurityPolicy: { "script-src": ["'unsafe-inline'", "*.googletagmanager.com"], "connect-src": ["*.sentry.io"] },
      },
      shop: { hosts: [`shop.${dns.zone}`], origin: { kind: "external", host: "coinestate.vercel.app", serve: "failover" } },
      docs: {
        hosts: [`docs.${dns.zone}`],
        origin: { kind: "external", host: "cname.vercel-dns.com" },
        fallback: "pages",
        notFoundPage: "/404.html",
      },
    },
    secrets: {
      [first ?? `/${system}/${environment}/jwt/secret`]: { store: "secretsManager", description: "kept as an entry", minimumLength: 32 },
      ...Object.fromEntries(rest.map((name) => [name, { store: "parameter", rotateDays: 90 }])),
    },
    access: {
      github: {
        repository: "coinestate/infrastructure",
        repositoryId: "123456789",
        workflow: "coinestate/infrastructure/.github/workflows/deploy.yml@refs/heads/main",
        apply: { kind: "environment", environment: "production" },
      },
      state: { bucket: "coinestate-pulumi-state", keyArn: "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555" },
    },
    "registry.pullAccounts": ["210987654321"],
    // CloudFront asks the backend by a name in the zone.
    edge: { provider: "none", records: true },
    budget: { monthly: { usd: 2000, emails: ["platform@coinestate.io"], scope: "stack" } },
  };
}
