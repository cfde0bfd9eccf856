/** Edits for tests of something else: a shipped stack without all that such a test does not look at, which is most of its resources. */
import type { Edits } from "./config.ts";

const withoutAlarms: Edits = {
  alarms: undefined,
  slos: undefined,
  uptime: undefined,
  dashboards: undefined,
  autoRollback: undefined,
  "logs.queries": false,
  "logs.patterns": undefined,
};

/** A protected stack has to notify somebody, and then has the alarms that are always there; everything else is left out. */
export const scarcelyWatched: Edits = { ...withoutAlarms, "network.interfaceEndpoints": [], "network.natGateways": "single" };

/** No alarms at all, since nobody would be notified. */
export const unwatched: Edits = { ...withoutAlarms, notifications: undefined };

/** The service `api` alone. */
export const onlyApi: Edits = { "services.web": undefined, "registry.repositories.coinestate-web": undefined, sites: undefined };
