/** What the examples begin with: two colours, a record, and a clock that starts at noon. */
import { deepEqual, equal } from "node:assert/strict";
import type { DigestEntry, ReleaseRecord } from "../../../components/release/recordContract.ts";
import type { Standing } from "../../../components/release/standing.ts";
import type { Core } from "../core.ts";
import { digestOf, type Told } from "../world.ts";

export interface Example {
  readonly title: string;
  readonly check: (core: Core) => void;
}

export const noon = Date.parse("2026-11-30T12:00:00Z");
/** So many minutes after noon. */
export const at = (minutes: number) => new Date(noon + minutes * 60_000);
export const iso = (minutes: number) => at(minutes).toISOString();
export const moment = (minutes: number, retainOldMinutes = 60) => ({ now: at(minutes), retainOldMinutes });
export const [a, b, c] = [digestOf(0xa), digestOf(0xb), digestOf(0xc)];
export const steps = [
  { weight: 5, bakeMinutes: 10 },
  { weight: 50, bakeMinutes: 20 },
  { weight: 100, bakeMinutes: 30 },
];

export const blue: Standing = {
  ...{ colour: "blue", digest: a, share: 100, since: iso(-600), answer: "record", reason: "", state: "finished" },
  ...{ served: true, wayBack: true, live: true },
};
export const green: Standing = {
  ...blue,
  colour: "green",
  digest: b,
  share: 0,
  since: iso(0),
  state: "running",
  served: false,
  wayBack: false,
  live: false,
};

export const entry = (over: Partial<DigestEntry>): DigestEntry => ({
  ...{ digest: a, colour: "blue", share: 0, since: iso(0), by: "ana", state: "running" },
  ...{ tasks: { wanted: 4, running: 4 }, revision: { wanted: "r", running: "r" }, ...over },
});
export const record = (over: Partial<ReleaseRecord>): ReleaseRecord => ({
  ...{ format: 1, version: 7, service: "api", region: "us-east-1", live: "blue", wayBack: "blue", runs: { blue: a, green: b } },
  digests: [entry({ share: 100, state: "finished", basis: "step", since: iso(-600) }), entry({ digest: b, colour: "green" })],
  ...over,
});
export function after(core: Core, before: ReleaseRecord, told: Told, minutes = 1): ReleaseRecord {
  const made = core.changed(before, { ...told, read: before.version, by: "bo" }, moment(minutes));
  if (made.outcome !== "changed") throw new Error(`${made.outcome} where a change was wanted`);
  equal(made.record.version, before.version + 1);
  return made.record;
}
export const outcome = (core: Core, before: ReleaseRecord, told: Told, minutes = 1) =>
  core.changed(before, { ...told, read: before.version, by: "bo" }, moment(minutes)).outcome;
export const shares = (one: ReleaseRecord) => one.digests.map(({ share, since, state }) => [share, since, state]);
export const moved = (share: number, basis: "step" | "less" | "wayBack" | "word" = "step"): Told => ({
  ...{ kind: "shareChanged", weights: { blue: 100 - share, green: share }, basis },
});

/** The rows of a table: what was asked, and the answer. */
export const rows = (title: string, of: (core: Core) => readonly (readonly [unknown, unknown])[]): Example => ({
  title,
  check: (core) => {
    for (const [index, [found, wanted]] of of(core).entries()) deepEqual(found, wanted, `row ${index + 1}`);
  },
});
