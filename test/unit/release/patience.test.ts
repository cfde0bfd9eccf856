/** A table of release records that is silent, and an event that cannot be: what commands make of them. */
import { expect, test } from "vitest";
import { readReleaseRecord, writeReleaseRecord } from "../../../ops/release/recordTable.ts";
import { ModelCloud } from "../../model/wired/cloud.ts";

const place = { region: "us-east-1", table: "releases", service: "api" };
const moment = { now: new Date("2026-11-30T12:00:00Z"), retainOldMinutes: 60 };

test("a silent table is given up after a second", async () => {
  const cloud = new ModelCloud();
  cloud.before = () => new Promise<void>(() => {});
  expect(await readReleaseRecord(cloud.door("up"), place)).toEqual({ answer: "unread", reason: "Error: no answer within 1000 ms" });
});

test("what cannot be is refused, and not written", async () => {
  const cloud = new ModelCloud();
  const swapped = { kind: "labelsSwapped", by: "up", live: "green" } as const;
  expect(await writeReleaseRecord(cloud.door("up"), place, undefined, [swapped], "blue", moment)).toMatchObject({ outcome: "refused" });
  expect(cloud.record).toBeUndefined();
});
