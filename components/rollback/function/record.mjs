/**
 * What a rollback writes into the service's release record: the digest that lost its traffic is marked, and nobody gives it more before
 * a person has looked. Traffic has moved by then, and nothing that happens here holds it.
 */
import { changed, newRecord, otherColour, weightsIn, weightsOf } from "./release.mjs";

/**
 * @typedef {import("./cloud.mjs").Cloud} Cloud
 * @typedef {import("./cloud.mjs").ReleaseRecord} ReleaseRecord
 */

/** Tries of writing it: each other writer costs one. */
const tries = 5;

/**
 * @param {Pick<Cloud, "record" | "putRecord">} cloud
 * @param {object} rollback
 * @param {import("./cloud.mjs").Settings["records"]} [rollback.records]
 * @param {import("../../colours.ts").Colour} rollback.live
 * @param {string} rollback.alarm
 * @param {boolean} rollback.moved The weights were written now, not found as they are.
 * @param {() => Promise<void>} again Moves traffic again, where whoever wrote meanwhile has moved it.
 * @returns {Promise<string[]>} what people are told
 */
export async function markRolledBack(cloud, { records, live, alarm, moved }, again) {
  if (records === undefined) return [];
  const { table, retainOldMinutes } = records;
  const candidate = otherColour(live);
  try {
    for (let attempt = 1; attempt <= tries; attempt++) {
      const record = await cloud.record(table);
      const digest = record?.runs?.[candidate];
      if (record === undefined || digest === undefined) return [];
      if (record.format !== newRecord(record).format) return [`${unwritten}: it is of another version of Slipway.`];
      // An alarm over a weight of 0 marks nothing, unless a try before this one moved it and died.
      const given = record.intent?.weights ?? weightsIn(record);
      if (!moved && given[candidate] === 0 && weightsIn(record)[candidate] === 0) return [];
      const weights = weightsOf(live, 0);
      const by = `automatic rollback by ${alarm}`;
      const event = { kind: /** @type {const} */ ("rolledBack"), read: record.version, by, colour: candidate, digest, weights };
      const made = changed(record, event, { now: new Date(), retainOldMinutes });
      if (made.outcome !== "changed") return [];
      try {
        await cloud.putRecord(table, made.record);
        return attempt === 1 ? [] : ["Somebody else wrote the release record meanwhile; the digest is marked in theirs."];
      } catch (error) {
        if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
        await again();
      }
    }
    return [`${unwritten}: somebody else wrote it each time.`];
  } catch (error) {
    return [`${unwritten}: ${error}`];
  }
}

const unwritten = "Traffic has moved; the release record does not say so";
