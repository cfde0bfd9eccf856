/** Bad configs of alarms and who is notified: each gives one readable problem that names the key. */
import type { BadConfig } from "./badConfig.ts";

const routes = { P0: ["slack", "email"], P1: ["slack", "email"], P2: ["slack"], P3: ["email"] };
const wallet = "alarms.application.wallet-connection";

/** Bad configs of alarms and who is notified. */
export const alarmsCases: readonly BadConfig[] = [
  {
    edits: { notifications: {}, autoRollback: {} },
    path: "notifications",
    says: "has nobody to tell in a protected stack",
    noFix: true,
  },
  { edits: { "notifications.emails.devops": "devops" }, path: "notifications.emails.devops", says: "e-mail address" },
  { edits: { "notifications.slack.workspaceId": "#alerts" }, path: "notifications.slack.workspaceId", says: "workspace" },
  { edits: { "notifications.routes.P1": [] }, path: "notifications.routes.P1", says: "one channel at least", write: ["email"] },
  { edits: { "notifications.routes.P2": ["slak"] }, path: "notifications.routes.P2[0]", says: "did you mean slack?" },
  {
    edits: { "notifications.routes": { ...routes, P0: ["pagerDuty"] } },
    path: "notifications.routes.P0",
    says: "has pagerDuty, which notifications does not configure",
    noFix: true,
  },
  {
    edits: {
      "notifications.emails": { tickets: "t@coinestate.io" },
      "notifications.emailSeverities": { tickets: ["P3"] },
      "notifications.routes": { ...routes, P1: ["email"], P0: ["slack"] },
    },
    path: "notifications.routes.P1",
    says: "has email",
    noFix: true,
  },
  { edits: { "notifications.sendAllTo": "P4" }, path: "notifications.sendAllTo", says: "one of P0, P1, P2, P3" },
  { edits: { "alarms.requests.errorRatePercent": { P1: 101 } }, path: "alarms.requests.errorRatePercent.P1", says: "100" },
  { edits: { "alarms.requests.errorRatePercent": { P5: 1 } }, path: "alarms.requests.errorRatePercent.P5", says: "is not a known key" },
  { edits: { "alarms.requests.errorRateMinutes": 0 }, path: "alarms.requests.errorRateMinutes", says: "from 1 to 60" },
  {
    edits: { "alarms.requests.latencyMilliseconds": { mean: { P1: 5 } } },
    path: "alarms.requests.latencyMilliseconds.mean",
    says: "is not a known key",
  },
  { edits: { "alarms.runbookBase": "https://runbooks.coinestate.io/" }, path: "alarms.runbookBase", says: "runbooks" },
  { edits: { "alarms.runbookBase": "docs/runbooks" }, path: "alarms.runbookBase", says: "https, without a slash" },
  {
    edits: { "alarms.runbookBase": undefined },
    path: "alarms.runbookBase",
    says: "lead to their runbooks",
    write: ["https://runbooks.coinestate.io"],
  },
  { edits: { [`${wallet}.namespace`]: "AWS/ECS" }, path: `${wallet}.namespace`, says: "such as CoinEstate/Application" },
  { edits: { [`${wallet}.missingData`]: undefined }, path: `${wallet}.missingData`, says: "is missing" },
  { edits: { [`${wallet}.statistic`]: "avg" }, path: `${wallet}.statistic`, says: "p95" },
  { edits: { [`${wallet}.periodSeconds`]: 45 }, path: `${wallet}.periodSeconds`, says: "60" },
  { edits: { [`${wallet}.rollback`]: "shop" }, path: `${wallet}.rollback`, says: "not among services" },
  { edits: { "alarms.phase": "launch" }, path: "alarms.phase", says: "phases does not name" },
  { edits: { "uptime.endpoints.api.slowMilliseconds": 0 }, path: "uptime.endpoints.api.slowMilliseconds", says: "from 1 to 60000" },
  { edits: { "slos.availability.objectivePercent": 100 }, path: "slos.availability.objectivePercent", says: "99.999" },
  { edits: { "notifications.emailSeverities": { pager: ["P0"] } }, path: "notifications.emailSeverities.pager", says: "not among emails" },
  { edits: { "slos.availability.windowDays": 90 }, path: "slos.availability.windowDays", says: "from 7 to 30" },
  { edits: { "slos.availability.service": "shop" }, path: "slos.availability.service", says: "not among services" },
];
