/**
 * What the stores of the simulated cloud hold, for backups and drills: a log of writes a store. The simulated databases
 * answer no query; this stands for their data.
 */
import type { Properties } from "../../provider/values.ts";
import type { LiveStore } from "../liveStore.ts";

/** Type of the logs; no resource of the engine has it. */
const recordsType = "aws:simulated/records:Records";

/** One write; without a value it is a deletion. */
export interface Write {
  /** ISO 8601. */
  readonly at: string;
  readonly key: string;
  readonly value?: string;
}

/** Data at one moment, by key. */
type Records = Readonly<Record<string, string>>;

/** Writes to a store, appended to what it has. */
export function write(store: LiveStore, arn: string, writes: readonly Write[]): void {
  const log = writesOf(store, arn);
  const plain = [...log, ...writes].map(({ at, key, value }) => (value === undefined ? { at, key } : { at, key, value }));
  store.put({ type: recordsType, id: arn, scope: scopeOf(arn), properties: { writes: plain }, createdFor: "" });
}

/** All writes of a store, in their order. */
export function writesOf(store: LiveStore, arn: string): readonly Write[] {
  return writesIn(store.get(recordsType, arn, scopeOf(arn))?.properties ?? {});
}

/** Writes as the properties of a store's records have them. */
export function writesIn({ writes }: Properties): readonly Write[] {
  return Array.isArray(writes) ? (writes as unknown as Write[]) : [];
}

/** Everything that a store holds is gone, with the store. */
export function loseRecords(store: LiveStore, arn: string): void {
  const log = store.get(recordsType, arn, scopeOf(arn));
  if (log !== undefined) store.delete(log);
}

/** Type of the logs that a database's own service keeps for point-in-time recovery. */
export const keptLogType = "aws:simulated/records:KeptLog";

/** The volume cannot be read any more; what the service keeps for point-in-time recovery can. */
export function loseVolume(store: LiveStore, arn: string, at: Date): void {
  const writes = writesOf(store, arn).map(({ at: moment, key, value }) =>
    value === undefined ? { at: moment, key } : { at: moment, key, value },
  );
  store.put({ type: keptLogType, id: arn, scope: scopeOf(arn), properties: { writes, lostAt: at.toISOString() }, createdFor: "" });
  loseRecords(store, arn);
}

/** What a log comes to at a moment. Pure. @param at by default its end */
export function recordsAt(writes: readonly Write[], at = "9999"): Records {
  const records = new Map<string, string>();
  for (const { at: moment, key, value } of writes) {
    if (moment > at) continue;
    if (value === undefined) records.delete(key);
    else records.set(key, value);
  }
  return Object.fromEntries([...records].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function scopeOf(arn: string): string {
  const [, , , region = "", account = ""] = arn.split(":");
  return `${account === "" ? "000000000000" : account}/${region === "" ? "global" : region}`;
}
