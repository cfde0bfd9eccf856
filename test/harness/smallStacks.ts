/** Edits for tests of something else: a shipped stack without all that such a test does not look at, which is most of its resources. */
import type { Edits } from "./config.ts";

const withoutAlarms: Edits = {
  alarms: { runbookBase: "https://github.com/coinestate/infrastructure/blob/main/docs/runbooks" },
  slos: undefined,
  uptime: undefined,
  dashboards: undefined,
  autoRollback: undefined,
  "logs.queries": false,
  "logs.patterns": undefined,
};

/** Two zones, and one way out of them. */
const narrow: Edits = {
  "network.zones": ["us-east-1a", "us-east-1b"],
  "network.gatewayEndpoints": [],
  "network.interfaceEndpoints": [],
  "network.natGateways": "single",
};

/** A protected stack has to notify somebody, and then has the alarms that are always there; everything else is left out. */
export const scarcelyWatched: Edits = { ...withoutAlarms, ...narrow };

/** No alarms at all, since nobody would be notified. */
export const unwatched: Edits = { ...withoutAlarms, "network.gatewayEndpoints": [], notifications: undefined };

/** The stack `production` with nobody to notify, which no protected stack may have. */
export const unprotected: Edits = { ...unwatched, ...narrow, protect: false };

/** Alarms as they roll back and tell of objectives, without all that else watches and draws. */
export const watchedRelease: Edits = {
  "alarms.application": undefined,
  dashboards: undefined,
  "logs.queries": false,
  "logs.patterns": undefined,
};

/** The service `api` alone, scaled by its tasks alone. */
export const onlyApi: Edits = {
  "services.web": undefined,
  "services.api.scaling.requestsPerMinutePerTask": undefined,
  "registry.repositories.coinestate-web": undefined,
  "registry.repositories.coinestate-staging-web": undefined,
  sites: undefined,
};

/** One service with everything that watches it, and nothing that rolls it back. */
export const watchedApi: Edits = { ...narrow, ...onlyApi, autoRollback: undefined };
