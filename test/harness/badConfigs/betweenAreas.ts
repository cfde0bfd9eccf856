/** Bad configs whose areas do not fit each other, and that no other table has: each gives one readable problem that names the key. */
import { apiOnCluster } from "../cluster.ts";
import type { Edits } from "../config.ts";
import { dataStores } from "../dataStack.ts";
import { threeRegions } from "../failoverStack.ts";
import { github } from "./access.ts";
import type { BadConfig } from "./badConfig.ts";

const stores = (edits: Edits): Edits => ({ ...structuredClone(dataStores), ...edits });
const target = (kind: string, key: string) => ({ "uptime.reachability": { targets: { data: { kind, [key]: "nowhere" } } } });
const panel = (service: string, signal: string) => ({ "dashboards.endpoints": { pay: { path: "/pay", service, signal } } });
const onCluster = (edits: Edits): Edits => ({ ...apiOnCluster, ...edits });

/** Bad configs between areas. */
export const betweenAreasCases: readonly BadConfig[] = [
  {
    edits: { "services.api.environment.AWS_SESSION_TOKEN": "x" },
    path: "services.api.environment.AWS_SESSION_TOKEN",
    says: "before the role of the task",
  },
  {
    edits: { "logs.patterns.database-errors.filter": "%ERROR%" },
    path: "logs.patterns.database-errors.filter",
    says: "is given beside texts",
  },
  {
    edits: github({ apply: { kind: "environment", environment: "production" } }),
    path: "access.github.workflow",
    says: "names no branch",
    write: ["coinestate/infrastructure/.github/workflows/apply.yml@refs/heads/main"],
  },
  {
    edits: onCluster({ "alarms.application.homepage.rollback": "api" }),
    path: "alarms.application.homepage.rollback",
    says: "which runs on a cluster",
  },
  {
    edits: stores({ backup: { pointInTimeCopies: ["main"] }, protect: false }),
    path: "backup.pointInTimeCopies[0]",
    says: "there is no copyRegion",
  },
  {
    edits: stores({ backup: undefined }),
    path: "databases.main",
    says: "is in no backup plan",
    write: ["cron(0 7 * * ? *)", 7, "governance", 7],
  },
  {
    edits: stores({ "caches.sessions.recoveryClass": "critical" }),
    path: "caches.sessions.recoveryClass",
    says: "the best that it can be brought back from",
  },
  {
    edits: stores({ "backup.classes.medium.rpoMinutes": 1439, "caches.sessions.recoveryClass": "medium" }),
    path: "caches.sessions.recoveryClass",
    says: "a way to bring it back that loses less",
  },
  {
    edits: onCluster({ "services.web": undefined, "autoRollback.web": undefined, "logs.patterns.database-errors.services": ["api"] }),
    path: "logs.patterns.database-errors.services[0]",
    says: "compute: ecs; there is none",
  },
  {
    edits: stores({
      "backup.restoreTesting.windowDays": 1,
      "backup.plans.main.rules": { weekly: { schedule: "cron(0 7 ? * SUN *)", deleteAfterDays: 35 } },
    }),
    path: "backup.restoreTesting.windowDays",
    says: "in which a plan makes no backup",
  },
  {
    edits: { "backup.lock": { mode: "compliance", minimumDays: 7, changeableForDays: 7 } },
    stack: "staging",
    path: "backup.lock.mode",
    says: "not protected",
    write: ["governance"],
  },
  {
    edits: stores({ "backup.plans.second": { stores: {}, rules: { daily: { schedule: "cron(0 7 * * ? *)", deleteAfterDays: 7 } } } }),
    path: "backup.plans.second",
    says: "has no store",
  },
  {
    edits: stores({
      "databases.sessions": {
        engine: "postgres",
        instanceClass: "db.t4g.medium",
        databaseName: "sessions",
        applicationUser: "sessions_app",
      },
      "services.api.connects.databases": ["sessions"],
    }),
    path: "services.api.connects.caches[0]",
    says: "which connects.databases.0 sets too",
  },
  {
    edits: {
      dns: { provider: "cloudflare", zone: "coinestate.io", zoneId: "0123456789abcdef0123456789abcdef" },
      edge: { provider: "cloudflare", plan: "pro", records: true },
      "loadBalancer.allowFrom": [],
      "loadBalancer.certificate.alternativeNames": ["*.coinestate.io", "*.eu.coinestate.io"],
      "services.api.route.hosts": ["api.eu.coinestate.io"],
      "uptime.endpoints.api.host": "api.eu.coinestate.io",
    },
    path: "services.api.route.hosts[0]",
    says: "Cloudflare has no certificate",
  },
  {
    edits: { sites: { app: { hosts: ["a.eu.coinestate.io"], proxied: true } }, edge: { provider: "none" } },
    path: "sites.app.hosts[0]",
    says: "Cloudflare has no certificate",
  },
  { edits: panel("api", "nothing"), path: "dashboards.endpoints.pay.signal", says: "one of database-errors" },
  {
    edits: { ...panel("api", "nothing"), "logs.patterns": {} },
    path: "dashboards.endpoints.pay.signal",
    says: "a pattern that logs.patterns declares",
  },
  {
    edits: { "logs.patterns.database-errors.services": ["nobody"] },
    path: "logs.patterns.database-errors.services[0]",
    says: "not among services",
  },
  {
    edits: { "logs.patterns.database-errors.services": ["web"] },
    stack: "coinestate/production",
    path: "logs.patterns.database-errors.services[0]",
    says: "whose log is with its cluster",
  },
  {
    edits: { ...threeRegions, "registry.repositories": {}, "registry.from": { accountId: "210987654321" } },
    stack: "staging",
    path: "registry.from",
    says: "is given beside failover.secondary",
  },
  {
    edits: {
      "network.natGateways": "none",
      "uptime.reachability": { targets: { chain: { kind: "blockchain", url: "/coinestate/prod/database/url" } } },
    },
    path: "uptime.reachability.targets.chain.kind",
    says: "the function has no way out",
  },
  { edits: target("database", "database"), path: "uptime.reachability.targets.data.database", says: "there is none" },
  { edits: stores(target("cache", "cache")), path: "uptime.reachability.targets.data.cache", says: "one of caches: sessions, queue" },
];
