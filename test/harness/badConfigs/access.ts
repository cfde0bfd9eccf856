/** Bad configs of access and budget: each gives one readable problem that names the key. */
import { type Edits, rawConfig } from "../config.ts";
import type { BadConfig } from "./badConfig.ts";

const app = (more: Readonly<Record<string, unknown>>) => ({
  sites: { app: { hosts: ["www.coinestate.io"], ...more } },
  edge: { provider: "none", records: true },
});
export const github = (more: Readonly<Record<string, unknown>>) => ({
  access: { github: { repository: "coinestate/infrastructure", apply: { kind: "branch", branch: "main" }, ...more } },
});
const monthly = (more: Readonly<Record<string, unknown>>) => ({ budget: { monthly: { usd: 100, emails: ["a@coinestate.io"], ...more } } });

/** Bad configs of access and budget. */
export const accessCases: readonly BadConfig[] = [
  { edits: app({ hosts: [] }), path: "sites.app.hosts", says: "host names of the site", write: ["www.coinestate.io"] },
  { edits: app({ hosts: ["WWW.coinestate.io"] }), path: "sites.app.hosts[0]", says: 'is "WWW.coinestate.io"' },
  {
    edits: app({ hosts: ["www.elsewhere.com"] }),
    path: "sites.app.hosts[0]",
    says: "outside the stack's zone",
    write: ["www.coinestate.io"],
  },
  {
    edits: { sites: { app: { hosts: ["www.coinestate.io"] }, docs: { hosts: ["www.coinestate.io"] } } },
    path: "sites.docs.hosts[0]",
    says: "a host of app already",
    noFix: true,
  },
  { edits: app({ release: "../secrets" }), path: "sites.app.release", says: "build that is served" },
  { edits: app({ fallback: "spa" }), path: "sites.app.fallback", says: "one of app, pages, none" },
  { edits: app({ origin: { kind: "vercel" } }), path: "sites.app.origin.kind", says: "one of s3-cloudfront, external" },
  { edits: app({ origin: { kind: "external" } }), path: "sites.app.origin.host", says: "is missing" },
  {
    edits: app({ origin: { kind: "external", host: "a.vercel.app", serve: "failver" } }),
    path: "sites.app.origin.serve",
    says: "did you mean failover?",
  },
  { edits: app({ backend: { service: "apii" } }), path: "sites.app.backend.service", says: "not among services" },
  {
    edits: app({ backend: { service: "api", readTimeoutSeconds: 90 } }),
    path: "sites.app.backend.readTimeoutSeconds",
    says: "an integer from 1 to 60",
  },
  {
    edits: app({ backend: { service: "api" }, notFoundPage: "/404.html" }),
    path: "sites.app.notFoundPage",
    says: "404 answers of the backend",
  },
  { edits: app({ priceClass: "PriceClass_300" }), path: "sites.app.priceClass", says: "did you mean PriceClass_" },
  {
    edits: app({ contentSecurityPolicy: { "script-src": ["*"] } }),
    path: "sites.app.contentSecurityPolicy.script-src[0]",
    says: "in single quotes",
    noFix: true,
  },
  {
    edits: app({ contentSecurityPolicy: { "scrpt-src": ["a.coinestate.io"] } }),
    path: "sites.app.contentSecurityPolicy.scrpt-src",
    says: "did you mean script-src?",
  },
  {
    edits: {
      dns: { provider: "route53", zone: "coinestate.io", zoneId: "Z0123456789ABCDEFGHIJ" },
      ...app({ hosts: ["coinestate.io"], origin: { kind: "external", host: "a.vercel.app" } }),
    },
    path: "sites.app.hosts[0]",
    says: "can hold no CNAME",
    write: ["backup"],
  },
  {
    edits: { dns: { provider: "route53", zone: "coinestate.io", zoneId: "Z0123456789ABCDEFGHIJ" }, ...app({ proxied: true }) },
    path: "sites.app.proxied",
    says: "the zone is at Route 53",
  },
  { edits: { secrets: { "jwt-secret": { store: "parameter" } } }, path: "secrets.jwt-secret", says: "is not a good name", noFix: true },
  {
    edits: { ...declared(), "secrets./coinestate/prod/x/y": { store: "vault" } },
    path: "secrets./coinestate/prod/x/y.store",
    says: "one of parameter, secretsManager",
  },
  {
    edits: { ...declared(), "secrets./coinestate/prod/x/y": { store: "parameter", value: "hunter2" } },
    path: "secrets./coinestate/prod/x/y.value",
    says: "is not a known key",
  },
  {
    edits: { ...declared(), "secrets./coinestate/staging/x": { store: "parameter" } },
    path: "secrets./coinestate/staging/x",
    says: "another system or environment",
  },
  {
    edits: { ...declared(), "services.api.secrets.JWT_SECRET": "/coinestate/prod/jwt/secrte" },
    path: "services.api.secrets.JWT_SECRET",
    says: "which secrets does not declare",
  },
  { edits: github({ repository: "coinestate/*" }), path: "access.github.repository", says: "owner/name" },
  { edits: github({ subjectPrefix: "repo:coinestate/*" }), path: "access.github.subjectPrefix", says: "OIDC settings page" },
  { edits: github({ workflow: "deploy.yml" }), path: "access.github.workflow", says: "the only workflow file" },
  { edits: github({ apply: { kind: "environment" } }), path: "access.github.apply.environment", says: "is missing" },
  { edits: github({ apply: { kind: "branch", branch: "*" } }), path: "access.github.apply.branch", says: 'is "*"' },
  { edits: github({ decryptInPreview: true }), path: "access.github.decryptInPreview", says: "any pull request could read its secrets" },
  { edits: monthly({ usd: 0 }), path: "budget.monthly.usd", says: "US dollars" },
  { edits: monthly({ emails: [] }), path: "budget.monthly.emails", says: "who is notified", write: ["ops@coinestate.io"] },
  { edits: monthly({ emails: ["nobody"] }), path: "budget.monthly.emails[0]", says: "e-mail address", noFix: true },
  { edits: monthly({ alertPercents: [50, 50] }), path: "budget.monthly.alertPercents", says: "each once", noFix: true },
];

function declared(): Edits {
  const { services } = rawConfig("bench/production") as { services: Record<string, { secrets?: Record<string, string> }> };
  const names = Object.values(services).flatMap(({ secrets }) => Object.values(secrets ?? {}));
  return { secrets: Object.fromEntries(names.map((name) => [name, { store: "parameter" }])) };
}
