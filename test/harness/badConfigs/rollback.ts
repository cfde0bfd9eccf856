/** Bad configs of the automatic rollback: each gives one readable problem that names the key. */
import type { BadConfig } from "./badConfig.ts";

const api = (more: Readonly<Record<string, unknown>>) => ({ autoRollback: { api: more } });

const cases: readonly BadConfig[] = [
  { edits: { autoRollback: { apii: {} } }, path: "autoRollback.apii", says: "is not a service of the stack" },
  {
    edits: { autoRollback: { web: {} } },
    stack: "coinestate/production",
    path: "autoRollback.web",
    says: "moved by the cluster's own API",
  },
  { edits: api({ healthFailures: false }), path: "autoRollback.api", says: "has nothing that sets it off" },
  {
    edits: { ...api({ healthFailures: false, sla: true }), "alarms.requests.latencyMilliseconds": { p99: { P2: 3000 } } },
    path: "autoRollback.api",
    says: "has nothing that sets it off",
  },
  {
    edits: {
      autoRollback: { api: { blockedRequests: true }, web: { healthFailures: false, blockedRequests: true } },
      edge: { provider: "awsWaf", rules: {} },
    },
    path: "autoRollback.web",
    says: "blockedRequests of one service",
    write: ["0.0.0.0/0"],
  },
  { edits: api({ action: "rollback" }), path: "autoRollback.api.action", says: "did you mean rollBack?" },
  { edits: api({ errorRate: { percent: 0, minutes: 5 } }), path: "autoRollback.api.errorRate.percent", says: "0.1" },
  { edits: api({ errorRate: { percent: 5, minutes: 61 } }), path: "autoRollback.api.errorRate.minutes", says: "an integer from 1 to 60" },
  {
    edits: api({ latency: { baselineMilliseconds: 200, percent: 100, minutes: 10 } }),
    path: "autoRollback.api.latency.percent",
    says: "an integer from 101",
  },
  {
    edits: api({ blockedRequests: true }),
    stack: "coinestate/production",
    path: "autoRollback.api.blockedRequests",
    says: "nothing of what Cloudflare does",
  },
  { edits: { ...api({}), notifications: {}, alarms: {} }, path: "autoRollback.api", says: "has nobody to tell", noFix: true },
];

/** Bad configs of the automatic rollback. */
export const rollbackCases: readonly BadConfig[] = cases.map((bad) => ({ stack: "production", ...bad }));
