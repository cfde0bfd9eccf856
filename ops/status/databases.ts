/** Databases and their servers, as their own services say. */
import { namedTypes, postgresName } from "../../infra/config/physicalNames.ts";
import { type DatabasePlace, verifiedCloud } from "../verify/cloud.ts";
import { databasePlaces, namedIn } from "../verify/places.ts";
import type { AskedWithState } from "./asked.ts";
import { type Reading, reading } from "./reading.ts";

/** One database, or one of its servers. */
export interface DatabaseStatus extends DatabasePlace {
  /** Name in the config of a PostgreSQL database in the stack's own region, which can be brought back to a moment. @default another kind, or a replica */
  readonly restorable?: string;
  /** As AWS words it: `available`, `ACTIVE`, `restoring`… */
  readonly state: Reading<string>;
}

/** States in which a database answers. */
const answering: ReadonlySet<string> = new Set([
  ...["available", "ACTIVE", "UPDATING", "backing-up", "configuring-enhanced-monitoring", "maintenance", "modifying"],
  ...["storage-config-upgrade", "storage-optimization"],
]);

/** States out of which a PostgreSQL server comes by nobody's waiting (RDS guide, DB instance status). */
const lost: ReadonlySet<string> = new Set([
  "failed",
  "gone",
  "inaccessible-encryption-credentials",
  "incompatible-restore",
  "restore-error",
]);

/** Whether only a restore helps. */
export function isLost({ state }: DatabaseStatus): boolean {
  return state.answer === "read" && lost.has(state.value);
}

/** Whether it answers, as far as its service tells. */
export function answers({ state }: DatabaseStatus): boolean {
  return state.answer === "read" && answering.has(state.value);
}

/** What a database is whose name the cloud does not know any more: deleted, or renamed for a restore. */
const gone: Reading<string> = { answer: "read", value: "gone" };

function isGone(state: Reading<string>): Reading<string> {
  return state.answer === "unread" && /NotFound/.test(state.reason) ? gone : state;
}

function restorableIn({ kind, identifier }: DatabasePlace, names: ReadonlyMap<unknown, string>): Pick<DatabaseStatus, "restorable"> {
  const name = kind === "rds instance" ? names.get(identifier) : undefined;
  return name === undefined ? {} : { restorable: name };
}

/** Asks for each one that the state has. */
export function databasesOf({ stack: { config }, state, aws }: AskedWithState): Promise<DatabaseStatus[]> {
  const cloud = verifiedCloud(aws);
  const home: string = config.aws.region;
  const restorable = new Map(
    Object.keys(config.databases).map((name) => [
      namedIn(state, namedTypes.postgres, postgresName(config, home, name))?.outputs?.identifier,
      name,
    ]),
  );
  return Promise.all(
    databasePlaces(state, home).map(async (place) => ({
      ...place,
      ...restorableIn(place, restorable),
      state: isGone(await reading(() => cloud.databaseState(place))),
    })),
  );
}
