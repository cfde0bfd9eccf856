/** What `up` writes into the release records: what it is about to do, and what came of it, whatever the engine's end. */
import { afterConflict } from "../../components/release/move.ts";
import { weightsIn } from "../../components/release/record.ts";
import type { Basis, ReleaseRecord } from "../../components/release/recordContract.ts";
import { type Colour, colours, type Weights, weightsOf } from "../../infra/config/release.ts";
import { UserError } from "../userError.ts";
import { type Happening, type RecordPlace, readReleaseRecord, recordPlaceIn, writeReleaseRecord } from "./recordTable.ts";
import type { ReleasedService, Updated } from "./releasedService.ts";
import { releasedServices } from "./releasedServices.ts";

/** One service with all that a write needs. */
interface Recorded extends Updated {
  readonly place: ReleasedService;
  readonly at: RecordPlace;
}

/** What an update began with. */
export interface BegunRecords {
  /** What a person is told: of records that could not be written. */
  readonly told: readonly string[];
  /** Version of each record as the update left it before the engine ran, by service and region; none of one that nobody could read. */
  readonly versions: ReadonlyMap<string, number>;
}

/** Writes which weights an update is about to give. */
export async function recordIntents(update: Updated): Promise<BegunRecords> {
  const all = await ofAll(update, async ({ place }, by) => {
    const { live, candidateWeight } = place;
    const [now, wanted] = [await place.weights(), weightsOf(live, candidateWeight)];
    if (now.blue === wanted.blue) return [];
    return [{ kind: "intended", by, weights: wanted, basis: basisOf(now, wanted, live) }];
  });
  const versions = all.flatMap(({ key, version }) => (version === undefined ? [] : [[key, version] as const]));
  return { told: all.flatMap(({ told }) => told), versions: new Map(versions) };
}

/**
 * Writes what runs and which weights are live, as both are read now. Where somebody else wrote since the update began and gives
 * a candidate less than it has, traffic is given that first: a rollback that came between is not undone by a slower update.
 * @param update its state as the update left it
 * @returns what a person is told
 */
export async function recordResults(update: Updated, { versions }: BegunRecords): Promise<string[]> {
  const all = await ofAll(update, async (one, by, record, say) => {
    const begun = versions.get(keyOf(one.at));
    if (record !== undefined && begun !== undefined && record.version !== begun) say(await takenBack(one, record));
    const { live } = one.place;
    const now = await one.place.weights();
    const deployed = await deployments(one, by);
    const intent = record?.intent;
    // Nothing moved: the move that was begun may be that of another update, which the engine's lock let go first.
    if (record !== undefined && intent !== undefined && intent.weights.blue !== now.blue && sharesAre(record, now)) return deployed;
    const found = record === undefined ? "less" : basisOf(weightsIn(record), now, live);
    // A record without shares of before does not tell a way back from a step; what was intended does.
    const basis = intent?.weights.blue === now.blue ? intent.basis : found;
    return [
      ...deployed,
      { kind: "shareChanged", by, weights: now, basis } as const,
      ...(record !== undefined && record.live !== live && now[live] === 100 ? [{ kind: "labelsSwapped", by, live } as const] : []),
    ];
  });
  return all.flatMap(({ told }) => told);
}

type Happenings = (
  one: Recorded,
  by: string,
  record: ReleaseRecord | undefined,
  say: (line: string | undefined) => void,
) => Promise<readonly Happening[]>;

/** What came of one record. `version`: as it is now, unless nobody could read or write it. */
interface Outcome {
  readonly key: string;
  readonly told: readonly string[];
  readonly version?: number;
}

function keyOf({ service, region }: RecordPlace): string {
  return `${service} ${region}`;
}

async function ofAll(update: Updated, happenings: Happenings): Promise<Outcome[]> {
  const outcomes = releasedServices(update).map(async (place): Promise<Outcome[]> => {
    const at = recordPlaceIn(update.config, update.state, place.region, place.service);
    if (at === undefined) return [];
    const one = { ...update, place, at };
    const told: string[] = [];
    try {
      const version = await written(one, happenings, (line) => told.push(...(line === undefined ? [] : [`${wordsOf(one)}${line}`])));
      return [{ key: keyOf(at), told, ...(version === undefined ? {} : { version }) }];
    } catch (error) {
      // What cannot be read or written of a release holds no update.
      if (error instanceof UserError) return [{ key: keyOf(at), told: [...told, `${wordsOf(one)} was not written: ${error.message}`] }];
      throw error;
    }
  });
  return (await Promise.all(outcomes)).flat();
}

function wordsOf({ at: { service, region } }: Recorded): string {
  return `The release record of ${service} in ${region}`;
}

/** @returns version of the record now, where it could be read and written */
async function written(one: Recorded, happenings: Happenings, say: (line: string | undefined) => void): Promise<number | undefined> {
  const { aws, at, place, config } = one;
  const read = await readReleaseRecord(aws, at);
  if (read.answer === "unread") {
    say(` could not be read: ${read.reason}`);
    return undefined;
  }
  const record = read.answer === "record" ? read.record : undefined;
  const { arn } = await aws.identity();
  const moment = { now: aws.now(), retainOldMinutes: config.rollout.retainOldMinutes };
  const result = await writeReleaseRecord(aws, at, record, await happenings(one, arn, record, say), place.live, moment);
  if (result.outcome === "changed" || result.outcome === "unchanged") return result.record.version;
  const theirs = result.outcome === "conflict" ? result.record : undefined;
  say((theirs === undefined ? undefined : await takenBack(one, theirs)) ?? ` was not written: ${result.reason}`);
  return undefined;
}

/** Gives the load balancer what somebody else wrote, where a candidate has more. @returns what a person is told, undefined where it has not */
async function takenBack(one: Recorded, theirs: ReleaseRecord): Promise<string | undefined> {
  const answer = afterConflict(theirs, await one.place.weights());
  if (answer.answer === "leave") return undefined;
  await one.place.giveWeights(answer.weights);
  return `: ${answer.reason}. ${one.place.balancer} has these weights again.`;
}

/** The record has these shares, or none yet. */
function sharesAre(record: ReleaseRecord, weights: Weights): boolean {
  const shares = weightsIn(record);
  return shares.blue + shares.green !== 100 || shares.blue === weights.blue;
}

/** Why the share changed: more for the colour that config calls live is less for the candidate. */
function basisOf(before: Weights, now: Weights, live: Colour): Exclude<Basis, "found"> {
  return now[live] >= before[live] ? "less" : "step";
}

/** What each colour was told to run, and what runs. */
async function deployments({ place }: Recorded, by: string): Promise<Happening[]> {
  const found = await place.deployments();
  return colours.flatMap((colour): Happening[] => {
    const one = found[colour];
    if (one === undefined) return [];
    const { digest, wanted, running } = one;
    const tasks = { wanted: wanted.tasks, running: running.tasks };
    return [{ kind: "deployed", by, colour, digest, tasks, revision: { wanted: wanted.revision, running: running.revision } }];
  });
}
