/** Bad config of sites, secrets, pipeline roles and budget: each gives one readable problem, and a command that mends it. */
import { describe, expect, test } from "vitest";
import { examine } from "../../../infra/config/parse.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import { applyFix, type Edits, errorOf, rawConfig } from "../../harness/config.ts";

interface Case {
  readonly edits: Edits;
  readonly path: string;
  readonly says: string;
  /** No single command can fix it; a person has to choose. */
  readonly noFix?: true;
}

const app = (more: Readonly<Record<string, unknown>>) => ({
  sites: { app: { hosts: ["www.coinestate.io"], ...more } },
  edge: { provider: "none", records: true },
});
const github = (more: Readonly<Record<string, unknown>>) => ({
  access: { github: { repository: "coinestate/infrastructure", apply: { kind: "branch", branch: "main" }, ...more } },
});
const monthly = (more: Readonly<Record<string, unknown>>) => ({ budget: { monthly: { usd: 100, emails: ["a@coinestate.io"], ...more } } });

const cases: readonly Case[] = [
  { edits: app({ hosts: [] }), path: "sites.app.hosts", says: "host names of the site" },
  { edits: app({ hosts: ["WWW.coinestate.io"] }), path: "sites.app.hosts[0]", says: 'is "WWW.coinestate.io"' },
  { edits: app({ hosts: ["www.elsewhere.com"] }), path: "sites.app.hosts[0]", says: "outside the stack's zone" },
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
  { edits: monthly({ emails: [] }), path: "budget.monthly.emails", says: "who is notified" },
  { edits: monthly({ emails: ["nobody"] }), path: "budget.monthly.emails[0]", says: "e-mail address", noFix: true },
  { edits: monthly({ alertPercents: [50, 50] }), path: "budget.monthly.alertPercents", says: "each once", noFix: true },
];

function declared(): Edits {
  const { services } = rawConfig("bench/production") as { services: Record<string, { secrets?: Record<string, string> }> };
  const names = Object.values(services).flatMap(({ secrets }) => Object.values(secrets ?? {}));
  return { secrets: Object.fromEntries(names.map((name) => [name, { store: "parameter" }])) };
}

describe("bad config", () => {
  test.each(cases)("$path: $says", ({ edits, path, says, noFix }) => {
    const raw = rawConfig("bench/production", edits);
    const { problems } = examine(raw);
    expect(problems.map((problem) => formatConfigPath(problem.path))).toEqual([path]);
    const error = errorOf(raw);
    expect(error).toContain(says);
    if (noFix) return;
    expect(error).toContain("fix:     pulumi config ");
    if (problems[0]!.choose || problems[0]!.fix?.includes(" VALUE ")) return expect(error).toMatch(/ VALUE {3}# with a value of yours$/m);
    applyFix(raw, problems[0]!.fix!);
    expect(examine(raw).problems).toEqual([]);
  });
});

test("V19 whoever may apply by a GitHub environment is held to a workflow of the deployed branch, as a token's subject names none", () => {
  const edits = github({ apply: { kind: "environment", environment: "staging" }, branch: "release" });
  const raw = rawConfig("bench/production", edits);
  const { problems } = examine(raw);
  expect(problems.map(({ path }) => formatConfigPath(path))).toEqual(["access.github.workflow"]);
  expect(errorOf(raw)).toContain("any branch");
  applyFix(raw, problems[0]!.fix!);
  expect(examine(raw).config.access?.github?.workflow).toBe("coinestate/infrastructure/.github/workflows/deploy.yml@refs/heads/release");
});
