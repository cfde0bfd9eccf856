/**
 * The clock of the simulated cloud: it runs as this machine's does, as far ahead of it as somebody has set it. What the cloud stamps, keeps
 * for a while or lets lapse goes by it; locks, durations that are measured and a person's log go by the machine's.
 */
import type { LiveStore } from "./liveStore.ts";

/** No resource of the engine has this type. */
const clock = { type: "aws:simulated/clock:Clock", id: "clock", scope: "everywhere" } as const;

/** Milliseconds that the clock is ahead of this machine's. */
export function aheadOf(store: LiveStore): number {
  return Number(store.get(clock.type, clock.id, clock.scope)?.properties.aheadMilliseconds ?? 0);
}

/** What time it is in the simulated cloud. */
export function timeIn(store: LiveStore): Date {
  return new Date(Date.now() + aheadOf(store));
}

/** Moves the clock on, for good. */
export function advanceClock(store: LiveStore, milliseconds: number): void {
  store.put({ ...clock, properties: { aheadMilliseconds: aheadOf(store) + milliseconds }, createdFor: "set by hand" });
}

/** The clock is this machine's again. What was stamped meanwhile keeps its stamp. */
export function resetClock(store: LiveStore): void {
  const set = store.get(clock.type, clock.id, clock.scope);
  if (set !== undefined) store.delete(set);
}
