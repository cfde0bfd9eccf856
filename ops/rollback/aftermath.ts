/** What a rollback by a person's word leaves behind: the latch, which every update asks, and the mark on the digest in the release record. */
import type { Moment } from "../../components/release/record.ts";
import type { ReleaseRecord } from "../../components/release/recordContract.ts";
import { type Latch, setLatch } from "../../infra/config/latch.ts";
import { type Colour, otherColour, weightsOf } from "../../infra/config/release.ts";
import { type Happening, inTime, readReleaseRecord, reasonOf, writeReleaseRecord } from "../release/recordTable.ts";
import { readLatch, writeLatch } from "./latches.ts";
import type { Moved, RollbackOrder } from "./order.ts";
import { stateOf } from "./rollback.ts";

/** Milliseconds that the latch may take: traffic has moved by then. */
const latchMilliseconds = 5_000;

/** Tries of writing the record: each other writer costs one. */
const tries = 5;

/** Sets the latch. One that is set already, with nothing moved since, stays. @returns what could not be written */
export async function leaveLatch(
  order: RollbackOrder,
  { receiver, before, digest, moved }: Pick<Moved, "receiver" | "before" | "digest"> & { readonly moved: boolean },
): Promise<string[]> {
  const { aws, latch, place, by, reason } = order;
  try {
    const found = moved ? undefined : await inTime(readLatch(aws, latch), latchMilliseconds);
    if (typeof stateOf(found) === "object") return [];
    const made: Latch & { readonly by: string } = {
      ...{ service: place.service, alarm: "", by, reason, at: aws.now().toISOString(), before },
      ...(digest === undefined ? {} : { digest }),
      ...{ live: receiver, candidate: otherColour(receiver), outcome: moved ? "rolledBack" : "alreadyAtZero" },
    };
    await inTime(writeLatch(aws, latch, setLatch(made)), latchMilliseconds);
    return [];
  } catch (error) {
    return [`the latch ${latch.name}: ${reasonOf(error)}`];
  }
}

/**
 * Marks the digest that lost its traffic.
 * @param known the record as it was last read or written
 * @param again moves traffic again, where whoever wrote the record meanwhile has moved it
 * @returns what could not be written
 */
export async function leaveMark(
  { aws, record, place, by }: RollbackOrder,
  { receiver, digest, known }: { readonly receiver: Colour; readonly digest: string; readonly known: ReleaseRecord | undefined },
  moment: Moment,
  again: () => Promise<void>,
): Promise<string[]> {
  const what = `the mark on ${digest}`;
  if (record === undefined) return [`${what}: nobody knows where the release record is kept`];
  const mark: Happening = { kind: "rolledBack", by, colour: otherColour(receiver), digest, weights: weightsOf(receiver, 0) };
  let why = "";
  for (let attempt = 1; attempt <= tries; attempt++) {
    const read = attempt === 1 && known !== undefined ? { answer: "record" as const, record: known } : await readReleaseRecord(aws, record);
    if (read.answer === "unread") return [`${what}: ${read.reason}`];
    const written = await writeReleaseRecord(aws, record, read.answer === "record" ? read.record : undefined, [mark], place.live, moment);
    if (written.outcome === "changed" || written.outcome === "unchanged") return [];
    why = written.reason;
    if (written.outcome !== "conflict") break;
    await again();
  }
  return [`${what}: ${why}`];
}
