/** Edits for tests of something else: a shipped stack without all that watches it, which is half of its resources. */
import type { Edits } from "./config.ts";

/** A protected stack has to tell somebody, and then has the alarms that are always there; everything else is left out. */
export const scarcelyWatched: Edits = {
  alarms: undefined,
  slos: undefined,
  uptime: undefined,
  dashboards: undefined,
  autoRollback: undefined,
};

/** No alarms at all, since nobody would be told. */
export const unwatched: Edits = { ...scarcelyWatched, notifications: undefined };
