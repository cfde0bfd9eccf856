/** The rollback function on a small cloud: what it does in which order, what it leaves to another try, and what people are told. */
import { beforeEach, expect, test, vi } from "vitest";
import type { Latch } from "../../../components/rollback/function/decision.mjs";
import { handler, rollBack, type Settings } from "../../../components/rollback/function/index.mjs";
import { alarm, ring, SmallCloud, settings } from "../../harness/rolledBack.ts";

const byOther: Latch = {
  ...{ state: "set", service: "api", alarm: "slow", reason: "", at: "2026-11-30T11:59:59Z", event: "other", notified: true },
  ...{ live: "blue", candidate: "green", before: { blue: 95, green: 5 }, outcome: "rolledBack" },
};
const receiver = { serviceArn: "arn:aws:ecs:us-east-1:123456789012:service/main/api-blue", minimum: 1, maximum: 20 };
const fails = (name: string) => (call: string) => {
  if (call === name) throw new Error(`no ${call}`);
};

let cloud: SmallCloud;
beforeEach(() => {
  vi.spyOn(console, "log").mockImplementation(() => {});
  cloud = new SmallCloud();
});

/** Somebody else writes the rule, after each of the first so many writes of the function's. */
function overwritten(times: number, weights: SmallCloud["weights"], sticky: boolean): void {
  let left = times;
  cloud.before = (call) => {
    if (call !== "rule" || cloud.done.length === 0 || left === 0) return;
    left -= 1;
    cloud.weights = weights;
    cloud.sticky = sticky;
  };
}

test("an alarm that is over changes nothing", async () => {
  const over = { ...alarm("first"), detail: { alarmName: "errors", state: { value: "OK" } } };
  expect(await rollBack(over, settings, cloud)).toMatchObject({ service: "api", alarm: "errors", outcome: "nothing" });
  expect(cloud.done).toEqual([]);
});

test("nor does one of a service without a release", async () => {
  cloud.weights = { blue: 100, green: 0 };
  expect(await ring(cloud, { candidateOpen: false })).toMatchObject({ outcome: "nothing" });
  expect(cloud.done).toEqual([]);
});

test("it moves traffic, sets the latch, tells people, and waits for nobody", async () => {
  expect(await ring(cloud)).toMatchObject({ outcome: "rolledBack" });
  expect([cloud.done, cloud.waited]).toEqual([["forward 100/0", "latch rolledBack", "tell", "latch rolledBack"], []]);
  expect(cloud.set).toEqual({ ...byOther, alarm: "errors", at: "2026-11-30T12:00:00Z", event: "first" });
});

test("a rule that cannot be read is left to the next try", async () => {
  cloud.before = fails("rule");
  await expect(ring(cloud)).rejects.toThrow("no rule");
  expect(cloud.done).toEqual([]);
});

test.each(["healthy", "latch"])("what it does not need does not hold it: %s", async (call) => {
  cloud.before = fails(call);
  expect(await ring(cloud)).toMatchObject({ outcome: "rolledBack" });
  expect(cloud.set).toMatchObject({ outcome: "rolledBack", notified: true });
});

test.each([
  ["the candidate with the least", { blue: 100, green: 1 }, false],
  ["nobody with anything", { blue: 0, green: 0 }, false],
  ["clients that stick", { blue: 100, green: 0 }, true],
])("a rule that reads back %s is written again, with longer and longer waits", async (_, weights, sticky) => {
  overwritten(4, weights, sticky);
  expect(await ring(cloud)).toMatchObject({ outcome: "rolledBack" });
  expect(cloud.done.filter((one) => one === "forward 100/0")).toHaveLength(5);
  expect(cloud.waited).toEqual([200, 400, 800, 1600]);
  expect([cloud.weights, cloud.sticky]).toEqual([{ blue: 100, green: 0 }, false]);
});

test("the least weight that the live colour can have is enough, where the other has none", async () => {
  overwritten(5, { blue: 1, green: 0 }, false);
  expect(await ring(cloud)).toMatchObject({ outcome: "rolledBack" });
  expect(cloud.waited).toEqual([]);
});

test("after five writes it gives up, and says so to people and to Lambda", async () => {
  overwritten(5, { blue: 75, green: 25 }, false);
  const reads = 'the rule still reads {"weights":{"blue":75,"green":25},"sticky":false} after 5 writes';
  await expect(ring(cloud)).rejects.toThrow(reads);
  expect(cloud.set).toMatchObject({ outcome: "failed", before: { blue: 95, green: 5 }, notified: true });
  expect(cloud.told).toEqual([expect.stringContaining("ROLLBACK FAILED, green may still have 5 %")]);
});

test("what comes after a rollback that failed is written over the latch of another alarm", async () => {
  cloud.set = byOther;
  cloud.before = fails("forwardTo");
  await expect(ring(cloud)).rejects.toThrow("no forwardTo");
  expect(cloud.set).toMatchObject({ event: "first", outcome: "failed" });
  expect(cloud.waited).toEqual([]);
});

test.each([
  ["nobody refused", [], "2 of 4 healthy targets in blue: expect errors until more tasks run."],
  ["one did", ["no"], "2 of 4 healthy targets in blue: expect errors until more tasks run. Nobody could ask for more: no"],
  ["both did", ["no", "never"], "2 of 4 healthy targets in blue: expect errors until more tasks run. Nobody could ask for more: no; never"],
])("it asks for the tasks that everything needs: %s", async (_, refused, says) => {
  cloud.weights = { blue: 50, green: 50 };
  cloud.refused = refused;
  await ring(cloud, { receiver });
  expect(cloud.asked).toEqual([4]);
  expect(cloud.told.map((text) => text.split("\n")[1])).toEqual([says]);
});

test.each<[string, SmallCloud["targets"], Partial<Settings>, number[]]>([
  ["none where there are enough", { blue: 4, green: 2 }, { receiver }, []],
  ["none where it has no service to ask of", { blue: 1, green: 2 }, {}, []],
  ["no more than the service scales to", { blue: 2, green: 6 }, { receiver: { ...receiver, maximum: 5 } }, [5]],
])("it asks for %s", async (_, targets, changes, asked) => {
  cloud.weights = { blue: 25, green: 75 };
  cloud.targets = targets;
  await ring(cloud, changes);
  expect([cloud.asked, cloud.weights]).toEqual([asked, { blue: 100, green: 0 }]);
});

test.each([
  ["as the alarm gave it", "5 of 100", "5 of 100"],
  ["no longer than a parameter takes", "12345".repeat(200), "12345".repeat(100)],
])("the reason is kept %s", async (_, reason, kept) => {
  const given = { ...alarm("first"), detail: { alarmName: "errors", state: { value: "ALARM", reason } } };
  await rollBack(given, settings, cloud);
  expect(cloud.set?.reason).toBe(kept);
});

test("two alarms both find the candidate exposed: it ends at 0, with one latch that knows what was", async () => {
  await Promise.all([ring(cloud), ring(cloud, {}, "second")]);
  expect(cloud.weights).toEqual({ blue: 100, green: 0 });
  expect(cloud.set).toMatchObject({ outcome: "rolledBack", before: { blue: 95, green: 5 }, notified: true });
});

/** What another alarm's try leaves while this one settles. */
function meanwhile(latch: Latch | undefined): void {
  cloud.before = (call) => {
    if (call === "wait") cloud.set = latch;
  };
}

test("the second comes between the first one's move and its latch: that latch stays, and nobody is told otherwise", async () => {
  cloud.weights = { blue: 100, green: 0 };
  meanwhile(byOther);
  expect(await ring(cloud)).toMatchObject({ outcome: "alreadyAtZero" });
  expect([cloud.set, cloud.done, cloud.waited]).toEqual([byOther, [], [2000]]);
});

test("so it stays where the second could not move, which Lambda is told", async () => {
  cloud.targets = { blue: 0, green: 2 };
  meanwhile(byOther);
  await expect(ring(cloud)).rejects.toThrow("blue has no healthy target, and green has");
  expect([cloud.set, cloud.done]).toEqual([byOther, []]);
});

test.each([
  ["nobody has set one", undefined],
  ["another try of the same alarm has", { ...byOther, event: "first" }],
])("alone over a weight of 0 it writes the latch and tells people: %s", async (_, latch) => {
  cloud.weights = { blue: 100, green: 0 };
  meanwhile(latch);
  expect(await ring(cloud)).toMatchObject({ outcome: "alreadyAtZero" });
  expect(cloud.set).toMatchObject({ outcome: "alreadyAtZero", event: "first", notified: true });
  expect(cloud.told).toEqual([expect.stringContaining("production api: green stays at 0 %")]);
});

test("a latch that cannot be read is written", async () => {
  cloud.weights = { blue: 100, green: 0 };
  cloud.before = fails("latch");
  await ring(cloud);
  expect(cloud.set).toMatchObject({ outcome: "alreadyAtZero", notified: true });
});

test("who died before people were told is finished by the next try, with the latch as it was", async () => {
  cloud.weights = { blue: 100, green: 0 };
  cloud.set = { ...byOther, event: "first", notified: false };
  await ring(cloud);
  expect(cloud.set).toEqual({ ...byOther, event: "first" });
  expect(cloud.told).toEqual([expect.stringContaining("rolled back, green 5 % -> 0 %")]);
});

test("a latch that people know of is left as it is", async () => {
  cloud.weights = { blue: 100, green: 0 };
  cloud.set = byOther;
  await ring(cloud);
  expect(cloud.done).toEqual([]);
});

test("Lambda's function has its settings of its environment", async () => {
  const over = { ...alarm("first"), detail: { alarmName: "errors", state: { value: "OK" } } };
  delete process.env.SLIPWAY_ROLLBACK;
  await expect(handler(over)).rejects.toThrow("SLIPWAY_ROLLBACK is not set");
  process.env.SLIPWAY_ROLLBACK = JSON.stringify(settings);
  expect(await handler(over)).toMatchObject({ service: "api", outcome: "nothing" });
  delete process.env.SLIPWAY_ROLLBACK;
});
