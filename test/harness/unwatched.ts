/** Edits for tests of something else: a shipped stack without all that watches it, which is half of its resources. */
import type { Edits } from "./config.ts";

/** The stack without alarms, promises, checks from outside, dashboards and automatic rollback; who is told stays. */
export const unwatched: Edits = {
  alarms: undefined,
  slos: undefined,
  uptime: undefined,
  dashboards: undefined,
  autoRollback: undefined,
};
