/** What stays, and until when: images that a colour or a way back may need, and the tasks of the way back. */
import { isProven, type Moment } from "./record.ts";
import type { ReleaseRecord } from "./recordContract.ts";
import type { Standing } from "./standing.ts";

/** An image that the registry must keep. */
export interface KeptDigest {
  readonly digest: string;
  readonly reason: string;
  /** When it may go if nothing else happens, ISO 8601; missing where that is nobody's matter of time. */
  readonly until?: string;
}

/**
 * Images that must stay in the registry, each once.
 * @param standby digests that regions which stand by run
 */
export function keptDigests(record: ReleaseRecord, standby: readonly string[], moment: Moment): KeptDigest[] {
  const kept = record.digests.flatMap((entry): KeptDigest[] => {
    const { digest, colour, since } = entry;
    if (record.runs[colour] === digest) return [{ digest, reason: `${colour} runs it` }];
    if (!isProven(entry, moment)) return [];
    const until = new Date(Date.parse(since) + moment.retainOldMinutes * 60_000).toISOString();
    return [{ digest, reason: "a rollback may need it", until }];
  });
  const all = [
    ...kept.filter(({ until }) => until === undefined),
    ...standby.map((digest) => ({ digest, reason: "a standby region runs it" })),
    ...kept,
  ];
  return [...new Map(all.toReversed().map((one) => [one.digest, one])).values()];
}

/** May the tasks that are held ready in a colour go? `from` is when time alone would let them, ISO 8601. */
export type ReserveAnswer =
  | { readonly answer: "mayGo"; readonly reason: string }
  | { readonly answer: "stays"; readonly reason: string; readonly from?: string };

/**
 * May the reserve in a colour go?
 * @param drainSeconds how long a client may still be on a target after its colour lost its weight: deregistration delay and stickiness
 */
export function reserveAnswer(colour: Standing, other: Standing, drainSeconds: number, { now, retainOldMinutes }: Moment): ReserveAnswer {
  if (colour.answer === "unread") return { answer: "stays", reason: colour.reason };
  if (colour.share > 0) return { answer: "stays", reason: `${colour.colour} has ${colour.share} % of the traffic` };
  if (!colour.served) return { answer: "mayGo", reason: `${colour.colour} has never had traffic` };
  if (colour.wayBack && other.state !== "finished")
    return { answer: "stays", reason: `${colour.colour} is the way back, and the release in ${other.colour} has not finished` };
  const from = Date.parse(colour.since) + Math.max(retainOldMinutes * 60, drainSeconds) * 1000;
  if (now.getTime() >= from) return { answer: "mayGo", reason: `${colour.colour} has had no traffic since ${colour.since}` };
  return {
    answer: "stays",
    reason: `${colour.colour} had traffic until ${colour.since}, and is held ready for ${retainOldMinutes} minutes and until it is drained`,
    ...(Number.isFinite(from) ? { from: new Date(from).toISOString() } : {}),
  };
}
