/** What release records bar, as people are told it. */
import { expect, test } from "vitest";
import { barredLines, barredServices } from "../../../ops/release/barredDigests.ts";
import { type Happening, writeReleaseRecord } from "../../../ops/release/recordTable.ts";
import { ModelCloud } from "../../model/wired/cloud.ts";
import { configWith, stateWith } from "../../model/wired/stack.ts";

const [old, fresh, other] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`, `sha256:${"c".repeat(64)}`];
const place = { region: "us-east-1", table: "releases", service: "api" };
const config = configWith({ live: "blue", candidateWeight: 0, images: { blue: old, green: fresh } }, 20, "kubernetes");
const state = stateWith({}, { compute: "kubernetes" });
const ran = (colour: "blue" | "green", digest: string): Happening => ({
  ...{ kind: "deployed", by: "up", colour, digest, tasks: { wanted: 2, running: 2 } },
  revision: { wanted: digest, running: digest },
});
const verdict = (kind: "failed" | "finished", colour: "blue" | "green", digest: string): Happening => ({ kind, by: "ana", colour, digest });

async function told(...happenings: readonly Happening[]) {
  const cloud = new ModelCloud();
  const moment = { now: cloud.now(), retainOldMinutes: 60 };
  await writeReleaseRecord(cloud.door("before"), place, undefined, happenings, "blue", moment);
  return (await barredServices(config, state, cloud.door("status"))).flatMap(barredLines);
}

test("a digest that runs and failed or was rolled back is told once, with who and when", async () => {
  const taken: Happening = { kind: "rolledBack", by: "ana", colour: "green", digest: fresh, weights: { blue: 100, green: 0 } };
  const start = "The release record of api in us-east-1 bars";
  const given: Happening = { kind: "shareChanged", by: "up", weights: { blue: 95, green: 5 }, basis: "step" };
  expect(await told(ran("blue", old), ran("green", fresh), given, taken)).toEqual([
    `${start} ${fresh} in green, which was rolled back (ana, 2026-11-30T00:00:00.000Z)`,
  ]);
  expect(await told(ran("green", fresh), verdict("failed", "green", fresh), ran("blue", fresh))).toEqual([
    `${start} ${fresh} in blue, which failed (up, 2026-11-30T00:00:00.000Z)`,
  ]);
});

test("what does not run any more, and what has finished, is not", async () => {
  expect(
    await told(
      ran("green", other),
      verdict("failed", "green", other),
      ran("green", fresh),
      ran("blue", old),
      verdict("finished", "blue", old),
    ),
  ).toEqual([]);
  expect(await told()).toEqual([]);
});

test("a record that cannot be read is told", async () => {
  const cloud = new ModelCloud();
  cloud.before = () => {
    throw new Error("no");
  };
  expect((await barredServices(config, state, cloud.door("status"))).flatMap(barredLines)).toEqual([
    "The release record of api in us-east-1 could not be read: Error: no",
  ]);
});

test("a stack without a table has no record", async () => {
  expect(await barredServices(config, { ...state, resources: [] }, new ModelCloud().door("status"))).toEqual([]);
});
