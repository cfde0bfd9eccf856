/** The rollback function and the release record: the digest is marked after traffic has moved, and the record never holds the move. */
import { beforeEach, expect, test, vi } from "vitest";
import { changed, entryOf, newRecord, type ReleaseEvent, weightsIn } from "../../../components/release/record.ts";
import { type ReleaseRecord, readRecord } from "../../../components/release/recordContract.ts";
import { rollBack } from "../../../components/rollback/function/index.mjs";
import { alarm, ring, SmallCloud, settings } from "../../harness/rolledBack.ts";

const [old, candidate] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
const moment = { now: new Date("2026-11-30T11:00:00Z"), retainOldMinutes: 60 };
type Told = ReleaseEvent extends infer One ? (One extends ReleaseEvent ? Omit<One, "read" | "by"> : never) : never;

function after(record: ReleaseRecord, ...told: readonly Told[]): ReleaseRecord {
  return told.reduce((before, one) => {
    const made = changed(before, { ...one, read: before.version, by: "ana" }, moment);
    if (made.outcome !== "changed") throw new Error(made.outcome);
    return made.record;
  }, record);
}
const ran = { tasks: { wanted: 2, running: 2 }, revision: { wanted: "api:1", running: "api:1" } };
/** Green has 5 %. */
const canary = after(
  newRecord({ service: "api", region: "us-east-1", live: "blue" }),
  { kind: "deployed", colour: "blue", digest: old, ...ran },
  { kind: "deployed", colour: "green", digest: candidate, ...ran },
  { kind: "shareChanged", weights: { blue: 95, green: 5 }, basis: "step" },
);

let cloud: SmallCloud;
beforeEach(() => {
  vi.spyOn(console, "log").mockImplementation(() => {});
  cloud = new SmallCloud();
  cloud.kept = canary;
});
const kept = () => cloud.kept!;

test("traffic moves, then the latch, then the mark on the digest, then people", async () => {
  expect(await ring(cloud)).toMatchObject({ outcome: "rolledBack" });
  expect(cloud.done).toEqual(["forward 100/0", "latch rolledBack", `put ${canary.version + 1}`, "tell", "latch rolledBack"]);
  expect(weightsIn(kept())).toEqual({ blue: 100, green: 0 });
  expect(entryOf(kept(), "green")).toMatchObject({ digest: candidate, state: "rolledBack", by: "automatic rollback by errors", share: 0 });
  expect(entryOf(kept(), "blue")).toMatchObject({ digest: old, state: "running", share: 100 });
  expect(readRecord(kept())).toMatchObject({ answer: "record" });
  expect(cloud.told.join()).not.toContain("release record");
});

test.each<[string, (call: string) => void, string]>([
  [
    "does not answer",
    (call) => call === "record" && fail("TimeoutError", "aborted"),
    "the release record does not say so: TimeoutError: aborted",
  ],
  ["is no JSON", (call) => call === "record" && JSON.parse("{"), "the release record does not say so: SyntaxError"],
  ["refuses the write", (call) => call === "putRecord" && fail("AccessDeniedException", "no"), "AccessDeniedException: no"],
])("a record that %s holds nothing, and people are told", async (_, before, says) => {
  cloud.before = before;
  expect(await ring(cloud)).toMatchObject({ outcome: "rolledBack" });
  expect([cloud.weights, cloud.set?.outcome, kept()]).toEqual([{ blue: 100, green: 0 }, "rolledBack", canary]);
  expect(cloud.told).toEqual([expect.stringContaining(says)]);
});

test("one of another version of Slipway is left as it is", async () => {
  cloud.kept = { ...canary, format: 2 } as unknown as ReleaseRecord;
  await ring(cloud);
  expect(cloud.weights).toEqual({ blue: 100, green: 0 });
  expect(kept()).toMatchObject({ format: 2, version: canary.version });
  expect(cloud.told).toEqual([expect.stringContaining("it is of another version of Slipway")]);
});

test("one that somebody else writes meanwhile keeps what they wrote, has the mark, and traffic is moved again", async () => {
  let others = 2;
  cloud.before = (call) => {
    if (call !== "putRecord" || others === 0) return;
    others -= 1;
    cloud.weights = { blue: 75, green: 25 };
    cloud.kept = after(kept(), { kind: "shareChanged", weights: { blue: 100 - 5 - others, green: 5 + others }, basis: "step" });
  };
  expect(await ring(cloud)).toMatchObject({ outcome: "rolledBack" });
  expect(cloud.weights).toEqual({ blue: 100, green: 0 });
  expect(kept().version).toBe(canary.version + 3);
  expect(entryOf(kept(), "green")).toMatchObject({ state: "rolledBack", share: 0 });
  expect(cloud.told).toEqual([expect.stringContaining("Somebody else wrote the release record meanwhile")]);
});

test("who is beaten to it each time gives up, and says so", async () => {
  cloud.before = (call) => {
    if (call === "putRecord") cloud.kept = { ...kept(), version: kept().version + 1 };
  };
  await ring(cloud);
  expect(kept().version).toBe(canary.version + 5);
  expect(cloud.told).toEqual([expect.stringContaining("somebody else wrote it each time")]);
});

test("a try that moved traffic and died is finished by the next: the record still gave the digest traffic", async () => {
  cloud.weights = { blue: 100, green: 0 };
  expect(await ring(cloud)).toMatchObject({ outcome: "alreadyAtZero" });
  expect(entryOf(kept(), "green")).toMatchObject({ state: "rolledBack" });
});

test("so is one whose step was begun and not written down", async () => {
  cloud.weights = { blue: 100, green: 0 };
  cloud.kept = after(
    canary,
    { kind: "shareChanged", weights: { blue: 100, green: 0 }, basis: "less" },
    { kind: "intended", weights: { blue: 95, green: 5 }, basis: "step" },
  );
  await ring(cloud);
  expect(entryOf(kept(), "green")).toMatchObject({ state: "rolledBack" });
});

test("an alarm over a candidate that had nothing marks nothing", async () => {
  cloud.weights = { blue: 100, green: 0 };
  cloud.kept = after(canary, { kind: "shareChanged", weights: { blue: 100, green: 0 }, basis: "less" });
  const before = kept();
  await ring(cloud);
  expect(kept()).toBe(before);
});

test("one that only holds, and one that cannot move, mark nothing", async () => {
  await ring(cloud, { action: "hold" });
  cloud.targets = { blue: 0, green: 2 };
  cloud.set = undefined;
  await expect(ring(cloud)).rejects.toThrow("blue has no healthy target");
  expect(kept()).toBe(canary);
});

test("where nobody keeps a record, or it knows nothing of the colour, there is nothing to say", async () => {
  const { records: _none, ...unrecorded } = settings;
  await rollBack(alarm("first"), unrecorded, cloud);
  cloud.kept = undefined;
  cloud.weights = { blue: 95, green: 5 };
  await ring(cloud, {}, "second");
  cloud.kept = newRecord({ service: "api", region: "us-east-1", live: "blue" });
  cloud.weights = { blue: 95, green: 5 };
  await ring(cloud, {}, "third");
  expect(cloud.done.filter((one) => one.startsWith("put"))).toEqual([]);
  expect(cloud.told.join()).not.toContain("release record");
});

test("the second alarm marks nothing again", async () => {
  await ring(cloud);
  const { version } = kept();
  await ring(cloud, {}, "second");
  cloud.weights = { blue: 95, green: 5 };
  await ring(cloud, {}, "third");
  expect(kept().version).toBe(version);
  expect(cloud.weights).toEqual({ blue: 100, green: 0 });
  expect(cloud.told.join()).not.toContain("release record");
});

function fail(name: string, text: string): never {
  throw Object.assign(new Error(text), { name });
}
