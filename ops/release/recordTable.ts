/** The table of release records as commands read and write it. */
import { itemKey, itemPut, recordIn } from "../../components/release/item.ts";
import { changed, type Moment, newRecord, type ReleaseEvent, type Transition } from "../../components/release/record.ts";
import { type ReleaseRecord, readRecord } from "../../components/release/recordContract.ts";
import { recordTableName } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";
import { namedIn } from "../verify/places.ts";

/** Where a service's record is. */
export interface RecordPlace {
  readonly region: string;
  /** Name of the table. */
  readonly table: string;
  readonly service: string;
}

/** Where a service's record is in a region; undefined where the state has no table there. */
export function recordPlaceIn(
  config: Pick<StackConfig, "system" | "environment">,
  state: State,
  region: string,
  service: string,
): RecordPlace | undefined {
  const table = namedIn(state, "aws:dynamodb/table:Table", recordTableName(config, region))?.outputs?.name;
  return typeof table === "string" ? { region, table, service } : undefined;
}

/** What came of a read. `absent`: nobody has written one yet; `unread`: it could not be read or understood. */
export type ReadRecord =
  | { readonly answer: "record"; readonly record: ReleaseRecord }
  | { readonly answer: "absent" }
  | { readonly answer: "unread"; readonly reason: string };

/** What happened, without the version that the writer read. */
export type Happening = ReleaseEvent extends infer Event ? (Event extends ReleaseEvent ? Omit<Event, "read"> : never) : never;

/** What came of a write. `conflict`: somebody wrote meanwhile, and what they wrote stands; `unwritten`: nobody could tell them. */
export type Written =
  | Exclude<Transition, { readonly outcome: "conflict" }>
  | { readonly outcome: "conflict"; readonly record: ReleaseRecord | undefined; readonly reason: string }
  | { readonly outcome: "unwritten"; readonly reason: string };

/** How long a read or a write may take before it counts as unreachable, milliseconds: a way back waits no longer for it. */
export const patienceMilliseconds = 1000;

/** Reads a record. Never throws, and answers within {@link patienceMilliseconds}. */
export async function readReleaseRecord(aws: Aws, { region, table, service }: RecordPlace): Promise<ReadRecord> {
  try {
    const dynamodb = await aws.client("dynamodb", region);
    const { Item } = await inTime(dynamodb.getItem({ TableName: table, Key: itemKey(service), ConsistentRead: true }));
    if (Item === undefined) return { answer: "absent" };
    const read = readRecord(recordIn(Item));
    return read.answer === "record" ? read : { answer: "unread", reason: read.reason };
  } catch (error) {
    return { answer: "unread", reason: reasonOf(error) };
  }
}

/**
 * Writes what happened: the record that was read, changed, in its place. Never throws.
 * @param before as it was read, undefined where there was none
 * @param live colour that config calls live, for a record that is new
 */
export async function writeReleaseRecord(
  aws: Aws,
  place: RecordPlace,
  before: ReleaseRecord | undefined,
  happenings: readonly Happening[],
  live: ReleaseRecord["live"],
  moment: Moment,
): Promise<Written> {
  const { region, table, service } = place;
  const start = before ?? newRecord({ service, region, live });
  let record = start;
  for (const happening of happenings) {
    const transition = changed(record, { ...happening, read: record.version }, moment);
    if (transition.outcome === "refused") return transition;
    // One write for all of them: each change counts a version, the table sees one.
    if (transition.outcome === "changed") record = { ...transition.record, version: record.version };
  }
  if (record === start) return { outcome: "unchanged", record };
  const next = { ...record, version: start.version + 1 };
  try {
    const dynamodb = await aws.client("dynamodb", region);
    await inTime(dynamodb.putItem(itemPut(table, next)));
    return { outcome: "changed", record: next };
  } catch (error) {
    if (!(error instanceof Error && error.name === "ConditionalCheckFailedException"))
      return { outcome: "unwritten", reason: reasonOf(error) };
    const now = await readReleaseRecord(aws, place);
    const theirs = now.answer === "record" ? now.record : undefined;
    return { outcome: "conflict", record: theirs, reason: `somebody else wrote the release record of ${service} meanwhile` };
  }
}

/** Waits for an answer as long as patience lasts. @param milliseconds how long that is */
export async function inTime<Result>(answer: Promise<Result>, milliseconds: number = patienceMilliseconds): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** An error as a line tells it. */
export function reasonOf(error: unknown): string {
  return String(error);
}
