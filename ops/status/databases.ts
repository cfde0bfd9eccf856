/** Databases and their servers, as their own services say. */
import { type DatabasePlace, verifiedCloud } from "../verify/cloud.ts";
import { databasePlaces } from "../verify/places.ts";
import type { AskedWithState } from "./asked.ts";
import { type Reading, reading } from "./reading.ts";

/** One database, or one of its servers. */
export interface DatabaseStatus extends DatabasePlace {
  /** As AWS words it: `available`, `ACTIVE`, `restoring`… */
  readonly state: Reading<string>;
}

/** States in which a database answers. */
const answering: ReadonlySet<string> = new Set([
  ...["available", "ACTIVE", "UPDATING", "backing-up", "configuring-enhanced-monitoring", "maintenance", "modifying"],
  ...["storage-config-upgrade", "storage-optimization"],
]);

/** Whether it answers, as far as its service tells. */
export function answers({ state }: DatabaseStatus): boolean {
  return state.answer === "read" && answering.has(state.value);
}

/** What a database is whose name the cloud does not know any more: deleted, or renamed for a restore. */
const gone: Reading<string> = { answer: "read", value: "gone" };

function isGone(state: Reading<string>): Reading<string> {
  return state.answer === "unread" && /NotFound/.test(state.reason) ? gone : state;
}

/** Asks for each one that the state has. */
export function databasesOf({ stack, state, aws }: AskedWithState): Promise<DatabaseStatus[]> {
  const cloud = verifiedCloud(aws);
  return Promise.all(
    databasePlaces(state, stack.config.aws.region).map(async (place) => ({
      ...place,
      state: isGone(await reading(() => cloud.databaseState(place))),
    })),
  );
}
