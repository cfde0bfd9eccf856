/** Bad configs of hosts and the records that lead them: each gives one readable problem that names the key. */
import { apiOnCluster } from "../cluster.ts";
import type { Edits } from "../config.ts";
import type { BadConfig } from "./badConfig.ts";

const address = "kubernetes.cluster.gateway.address";

/** A zone at Route 53 that the stack writes records in. */
export const route53: Edits = {
  dns: { provider: "route53", zone: "coinestate.io", zoneId: "Z0123456789ABCDEFGHIJ" },
  edge: { provider: "none", records: true },
};
const site = (more: Record<string, unknown>): Edits => ({ sites: { app: { hosts: ["www.coinestate.io"], ...more } } });
const recorded = { edge: { provider: "none", records: true } };

const rows: readonly [path: string, says: string, stack: string, edits: Edits, noFix?: "noFix"][] = [
  [
    "sites.app.backend.service",
    "no record for its host api.olympiad.example",
    "olympiad/production",
    { edge: { provider: "none", records: false } },
  ],
  [
    "sites.app.backend.service",
    "no record for its host api.clearhold.app",
    "clearhold/production",
    { "edge.records": false, sites: { app: { hosts: ["clearhold.app"], backend: { service: "api" } } } },
  ],
  [
    "sites.app.backend.service",
    "with kubernetes.cluster.gateway.address",
    "bench/production",
    { ...apiOnCluster, ...recorded, ...site({ backend: { service: "api" } }) },
    "noFix",
  ],
  [
    "sites.app.hosts[0]",
    "the service would get no request",
    "bench/production",
    { ...recorded, sites: { app: { hosts: ["api.coinestate.io"] } } },
    "noFix",
  ],
  [
    "sites.app.hosts[0]",
    "the external host answers that name",
    "bench/production",
    {
      ...recorded,
      sites: {
        app: { hosts: ["api.coinestate.io"], backend: { service: "api" }, origin: { kind: "external", host: "cname.vercel-dns.com" } },
      },
    },
    "noFix",
  ],
  [
    "services.api.route.hosts[0]",
    "cannot lead to the load balancer and to the cluster's gateway",
    "bench/production",
    {
      ...apiOnCluster,
      ...recorded,
      "services.web.route.hosts": ["api.coinestate.io"],
      "services.web.route.paths": ["/app/*"],
      "uptime.endpoints.app": undefined,
    },
    "noFix",
  ],
  [
    address,
    "can hold no CNAME",
    "bench/production",
    { ...apiOnCluster, ...route53, [address]: "gw.elsewhere.io", "services.api.route.hosts": ["coinestate.io"] },
  ],
  [address, "host name or IPv4 address", "bench/production", { ...apiOnCluster, [address]: "not an address" }, "noFix"],
  [
    "edge.origin.healthChecks",
    "is a host of a service or a site already",
    "bench/production",
    {
      edge: { provider: "cloudflare", plan: "pro", origin: { healthChecks: true } },
      "loadBalancer.allowFrom": [],
      sites: { app: { hosts: ["origin-use1.coinestate.io"] } },
    },
  ],
];

/** Bad configs of hosts and their records. */
export const hostsCases: readonly BadConfig[] = rows.map(([path, says, stack, edits, noFix]) => ({
  path,
  says,
  stack,
  edits,
  ...(noFix === undefined ? {} : { noFix: true }),
}));
