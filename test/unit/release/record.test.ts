/** The release record as it is kept: what is read, what is refused in words, and what a later version of Slipway added. */
import { expect, test } from "vitest";
import { changed, newRecord } from "../../../components/release/record.ts";
import { type ReleaseRecord, readRecord } from "../../../components/release/recordContract.ts";
import { loadedFiles } from "../../harness/loadedFiles.ts";

const digest = `sha256:${"a".repeat(64)}`;
const moment = { now: new Date("2026-11-30T12:00:00Z"), retainOldMinutes: 60 };

/** A record with one digest that serves and an intent, as a command leaves it. */
function used(): ReleaseRecord {
  const told = [
    { kind: "deployed", colour: "blue", digest, tasks: { wanted: 2, running: 2 }, revision: { wanted: "api:1", running: "api:1" } },
    { kind: "shareChanged", weights: { blue: 100, green: 0 }, basis: "word" },
    { kind: "intended", weights: { blue: 95, green: 5 }, basis: "word", reason: "the date is fixed" },
  ] as const;
  return told.reduce<ReleaseRecord>(
    (record, one) => {
      const made = changed(record, { ...one, read: record.version, by: "arn:aws:iam::123456789012:role/deploy" }, moment);
      if (made.outcome !== "changed") throw new Error(made.outcome);
      return made.record;
    },
    newRecord({ service: "api", region: "us-east-1", live: "blue" }),
  );
}

test("what transitions write is what readers read, word for word", () => {
  const record = used();
  expect(record.version).toBe(3);
  expect(readRecord(JSON.parse(JSON.stringify(record)))).toEqual({ answer: "record", record });
});

test("keys that a later version added are kept through reading and writing, at every level", () => {
  const record = used();
  const later = {
    ...record,
    later: 1,
    digests: record.digests.map((entry) => ({ ...entry, later: 2 })),
    runs: { ...record.runs, later: "3" },
  };
  const read = readRecord(JSON.parse(JSON.stringify(later)));
  if (read.answer !== "record") throw new Error(read.reason);
  const made = changed(read.record, { kind: "finished", colour: "blue", digest, read: 3, by: "ana" }, moment);
  expect(made).toMatchObject({
    outcome: "changed",
    record: { later: 1, version: 4, runs: { later: "3" }, digests: [{ later: 2, state: "finished" }] },
  });
});

test.each<readonly [string, object, string]>([
  ["another form", { format: 2 }, "format: "],
  ["no version", { version: undefined }, "version: "],
  ["a share above 100", { digests: [{ ...used().digests[0], share: 101 }] }, "digests.0.share: "],
  ["a time that is none", { digests: [{ ...used().digests[0], since: "yesterday" }] }, "digests.0.since: "],
  ["a digest in a colour that has no entry", { runs: { green: digest } }, "runs.green: a digest that stands in digests for that colour"],
])("%s is not read, and the reason names the place", (_, over, says) => {
  const read = readRecord({ ...used(), ...over });
  expect(read).toMatchObject({ answer: "unreadable", reason: expect.stringContaining(says) });
});

test("all that is wrong is said at once", () => {
  const { reason } = readRecord({ ...used(), live: "red", version: -1 }) as { readonly reason: string };
  expect(reason).toContain("live: ");
  expect(reason).toContain("version: ");
});

test("the questions load neither zod nor the SDK, so that a function can carry them", async () => {
  const urls = await loadedFiles([
    "--input-type=module",
    "--eval",
    'await import("./components/release/move.ts"); await import("./components/release/retention.ts");',
  ]);
  expect(urls.some((url) => url.endsWith("/release/move.ts"))).toBe(true);
  const own = ["capacity", "deployment", "move", "record", "retention", "share", "standing"].map(
    (file) => `/components/release/${file}.ts`,
  );
  const others = urls.filter(
    (url) => url.startsWith("file:") && !own.some((file) => url.endsWith(file)) && !url.endsWith("/components/colours.ts"),
  );
  expect(others).toEqual([]);
});
