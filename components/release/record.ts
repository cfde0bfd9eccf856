/**
 * How the release record changes: `(record, event, moment) → record`, pure. A writer says which version it read; the table holds it to
 * that (`version = :read`), so of two writers one is told of a conflict and reads again. The same event twice changes nothing.
 */
import { isDeepStrictEqual } from "node:util";
import { type Colour, colours, otherColour, type Weights } from "../colours.ts";
import type { Basis, DigestEntry, ReleaseRecord } from "./recordContract.ts";

/** Digests that are kept where nothing needs more. */
const mostDigests = 20;

/** When it happens, and how long a way back stays open. */
export interface Moment {
  readonly now: Date;
  /** `rollout.retainOldMinutes`, minutes. */
  readonly retainOldMinutes: number;
}

/** What happened to a service. */
export type ReleaseEvent = {
  /** Version of the record that the writer read. */
  readonly read: number;
  /** Who: ARN or name. */
  readonly by: string;
} & (
  | { readonly kind: "intended"; readonly weights: Weights; readonly basis: Basis; readonly reason?: string }
  | ({ readonly kind: "deployed"; readonly colour: Colour } & Pick<DigestEntry, "digest" | "tasks" | "revision">)
  /** The load balancer was written, and read back with these weights. */
  | { readonly kind: "shareChanged"; readonly weights: Weights; readonly basis: Basis }
  /** Shares that the record did not know, as `standingOf` gives them. They are written down before anything is moved. */
  | { readonly kind: "found"; readonly shares: Readonly<Record<Colour, Pick<DigestEntry, "share" | "since">>> }
  | { readonly kind: "finished" | "failed"; readonly colour: Colour; readonly digest: string }
  /** The digest's traffic was taken away, and the load balancer was read back with these weights. */
  | { readonly kind: "rolledBack"; readonly colour: Colour; readonly digest: string; readonly weights: Weights }
  | { readonly kind: "labelsSwapped"; readonly live: Colour }
  /** A person's word that a digest which failed or was rolled back may have traffic again, by steps. */
  | { readonly kind: "acknowledged"; readonly digest: string; readonly reason: string }
);

/** What became of an event. */
export type Transition =
  /** To be written under the condition that the version is still the one that was read. */
  | { readonly outcome: "changed"; readonly record: ReleaseRecord }
  /** The record says so already: nothing is to be written. */
  | { readonly outcome: "unchanged"; readonly record: ReleaseRecord }
  /** Somebody wrote meanwhile: read again, ask again. */
  | { readonly outcome: "conflict"; readonly read: number; readonly found: number; readonly reason: string }
  /** It cannot be so. */
  | { readonly outcome: "refused"; readonly reason: string; readonly value: Colour };

/** The record of a service that has none yet. Its first write asks that there is no item. */
export function newRecord({ service, region, live }: Pick<ReleaseRecord, "service" | "region" | "live">): ReleaseRecord {
  return { format: 1, version: 0, service, region, live, wayBack: live, runs: {}, digests: [] };
}

/** The record after an event. */
export function changed(record: ReleaseRecord, event: ReleaseEvent, moment: Moment): Transition {
  if (event.read !== record.version)
    return {
      outcome: "conflict",
      read: event.read,
      found: record.version,
      reason: `the release record of ${record.service} is at version ${record.version} and was read at ${event.read}: somebody else wrote it`,
    };
  if (event.kind === "labelsSwapped" && weightsIn(record)[event.live] !== 100)
    return {
      outcome: "refused",
      reason: `${event.live} has ${weightsIn(record)[event.live]} % of the traffic; the labels are swapped where it has everything`,
      value: otherColour(event.live),
    };
  const after = withWayBack(record, applied(record, event, moment));
  if (isDeepStrictEqual(after, record)) return { outcome: "unchanged", record };
  return { outcome: "changed", record: { ...after, digests: bounded(after, moment), version: record.version + 1 } };
}

/** Share of each colour as the record has it, percent. */
export function weightsIn(record: ReleaseRecord): Weights {
  const of = (colour: Colour) => {
    const entry = entryOf(record, colour);
    return entry === undefined ? 0 : entry.share;
  };
  return { blue: of("blue"), green: of("green") };
}

/** What stands of the digest that is deployed in a colour. @returns undefined when none is known to be */
export function entryOf(record: ReleaseRecord, colour: Colour): DigestEntry | undefined {
  return record.digests.find((entry) => entry.colour === colour && entry.digest === record.runs[colour]);
}

/** It failed or was rolled back, and nobody has given a word for it since. */
export function isBarred({ state }: Pick<DigestEntry, "state">): boolean {
  return state === "failed" || state === "rolledBack";
}

/** It finished, and has traffic or lost it so short a time ago that it may have any share at once. */
export function isProven(
  { state, share, since }: Pick<DigestEntry, "state" | "share" | "since">,
  { now, retainOldMinutes }: Moment,
): boolean {
  return state === "finished" && (share > 0 || now.getTime() < Date.parse(since) + retainOldMinutes * 60_000);
}

function applied(record: ReleaseRecord, event: ReleaseEvent, { now }: Moment): ReleaseRecord {
  const at = now.toISOString();
  switch (event.kind) {
    case "intended": {
      const { weights, basis, by, reason } = event;
      const intent = { weights, basis, by, since: at, ...(reason === undefined ? {} : { reason }) };
      const same = record.intent !== undefined && isDeepStrictEqual({ ...record.intent, since: at }, intent);
      return same ? record : { ...record, intent };
    }
    case "deployed":
      return withDeployment(record, event, at);
    case "shareChanged":
      return withShares(record, sharesOf(event.weights, at), event);
    case "found":
      return withShares(record, event.shares, { by: event.by, basis: "found" });
    case "finished":
      return withState(record, event, at, ({ state }) => (state === "running" ? "finished" : state));
    case "failed":
      return withState(record, event, at, ({ state }) => (state === "rolledBack" ? state : "failed"));
    case "rolledBack":
      return withState(withShares(record, sharesOf(event.weights, at), { by: event.by, basis: "less" }), event, at, () => "rolledBack");
    case "labelsSwapped":
      return { ...record, live: event.live };
    case "acknowledged": {
      const word = { by: event.by, reason: event.reason, at };
      const opened = (entry: DigestEntry): DigestEntry => ({ ...entry, state: "running", since: at, word });
      const digests = record.digests.map((entry) => (entry.digest === event.digest && isBarred(entry) ? opened(entry) : entry));
      return { ...record, digests };
    }
  }
}

/**
 * What was deployed. It is what the colour runs once its revision is the one that runs; until then the digest before stays that. A digest
 * that is barred in one colour is so in the other too, and one put in place of a digest that serves takes its share over, unproven.
 */
function withDeployment(record: ReleaseRecord, event: ReleaseEvent & { readonly kind: "deployed" }, at: string): ReleaseRecord {
  const { colour, digest, tasks, revision, by } = event;
  const before = entryOf(record, colour);
  const known = record.digests.find((entry) => entry.digest === digest && entry.colour === colour);
  const barred = record.digests.find((entry) => entry.digest === digest && isBarred(entry));
  const state: DigestEntry["state"] = barred === undefined ? "running" : barred.state;
  const entry = { ...(known ?? { digest, colour, share: 0, since: at, by, state }), tasks, revision };
  const runs = tasks.running > 0 && revision.running === revision.wanted;
  if (!runs || before?.digest === digest) return withEntry(record, entry);
  const after = { ...withEntry(record, entry), runs: { ...record.runs, [colour]: digest } };
  if (before === undefined || before.share === 0) return after;
  const unproven = isBarred(entry) ? entry.state : "running";
  return withEntry(withEntry(after, { ...before, share: 0, since: at, by }), {
    ...entry,
    share: before.share,
    since: at,
    by,
    state: unproven,
  });
}

/** The shares that were read back. A finished digest that gets more by a step or a word, or was found with more, has to prove itself again. */
function withShares(
  { intent: _done, ...record }: ReleaseRecord,
  shares: (ReleaseEvent & { readonly kind: "found" })["shares"],
  { by, basis }: { readonly by: string; readonly basis: Basis },
): ReleaseRecord {
  return colours.reduce<ReleaseRecord>((after, colour) => {
    const entry = entryOf(after, colour);
    const { share, since } = shares[colour];
    if (entry === undefined || (entry.share === share && (basis !== "found" || entry.since === since))) return after;
    const unproven = basis === "step" || basis === "word" || (basis === "found" && colour !== record.live);
    const opens = share > entry.share && entry.state === "finished" && unproven;
    return withEntry(after, { ...entry, share, since, by, basis, ...(opens ? { state: "running" } : {}) });
  }, record);
}

function sharesOf({ blue, green }: Weights, since: string): (ReleaseEvent & { readonly kind: "found" })["shares"] {
  return { blue: { share: blue, since }, green: { share: green, since } };
}

function withState(
  record: ReleaseRecord,
  { colour, digest, by }: { readonly colour: Colour; readonly digest: string; readonly by: string },
  at: string,
  next: (entry: DigestEntry) => DigestEntry["state"],
): ReleaseRecord {
  const known = record.digests.find((entry) => entry.digest === digest && entry.colour === colour);
  // A verdict on what the record does not know is kept all the same: nobody may give it traffic unseen.
  const none = { tasks: { wanted: 0, running: 0 }, revision: { wanted: "", running: "" } };
  const entry: DigestEntry = known ?? { digest, colour, share: 0, since: at, by, state: "running", ...none };
  return withEntry(record, { ...entry, state: next(entry) });
}

function withEntry(record: ReleaseRecord, entry: DigestEntry): ReleaseRecord {
  const is = (one: DigestEntry) => one.digest === entry.digest && one.colour === entry.colour;
  if (!record.digests.some(is)) return { ...record, digests: [...record.digests, entry] };
  return { ...record, digests: record.digests.map((one) => (is(one) ? entry : one)) };
}

/**
 * A swap of labels leaves the way back where it is. It ends, and the live colour is the way back, when the old colour is closed, gets
 * its next image, or gets a part of the traffic again from a digest that has finished.
 */
function withWayBack(before: ReleaseRecord, after: ReleaseRecord): ReleaseRecord {
  const colour = after.wayBack;
  const [was, is] = [entryOf(before, colour), entryOf(after, colour)];
  const finished = entryOf(after, after.live)?.state === "finished";
  const parted = finished && was?.share === 0 && is !== undefined && is.share > 0 && is.share < 100;
  const closed = is?.digest !== was?.digest || is?.tasks.wanted === 0;
  return parted || closed ? { ...after, wayBack: after.live } : after;
}

/** The newest, and all that a colour or a way back still needs. Of the rest, what is barred is forgotten last. */
function bounded(record: ReleaseRecord, moment: Moment): readonly DigestEntry[] {
  const { digests } = record;
  const needed = (entry: DigestEntry) => entry === entryOf(record, entry.colour) || isProven(entry, moment);
  const droppable = digests.filter((entry) => !needed(entry));
  const first = [...droppable.filter((entry) => !isBarred(entry)), ...droppable.filter(isBarred)];
  const dropped = new Set(first.slice(0, Math.max(0, digests.length - mostDigests)));
  return digests.filter((entry) => !dropped.has(entry));
}
