/** What an alarm makes of a service's traffic, case by case, and what people read of it. */
import { expect, test } from "vitest";
import {
  type Decision,
  decide,
  everythingToLive,
  type Latch,
  mayTakeAll,
  message,
  type Outcome,
  percentOf,
  type Situation,
} from "../../../components/rollback/function/decision.mjs";

/** Green has 5 %, and blue can take it. */
const canary: Situation = {
  ...{ live: "blue", weights: { blue: 95, green: 5 }, sticky: false, candidateOpen: true, healthy: { blue: 2, green: 2 } },
  ...{ action: "rollBack", event: "first", latch: undefined },
};
const atZero = { weights: { blue: 100, green: 0 } };
const latched: Latch = {
  ...{ state: "set", service: "api", alarm: "errors", reason: "5 %", at: "2026-11-30T12:00:00Z", event: "first", notified: true },
  ...{ live: "blue", candidate: "green", before: { blue: 95, green: 5 }, outcome: "rolledBack" },
};
const latch = (outcome: Outcome, changes: Partial<Latch> = {}) => ({ latch: { ...latched, outcome, ...changes } });
const untold = { notified: false };
const ofOther = { event: "other" };

const does = (outcome: Outcome, ...what: readonly ("move" | "latch" | "tell")[]): Decision => ({
  ...{ outcome, move: what.includes("move"), latch: what.includes("latch"), tell: what.includes("tell") },
});

test.each<[string, Partial<Situation>, Decision | undefined]>([
  ["a candidate with traffic", {}, does("rolledBack", "move", "latch", "tell")],
  ["the least that it can have", { weights: { blue: 999, green: 1 } }, does("rolledBack", "move", "latch", "tell")],
  ["all of it", { weights: { blue: 0, green: 100 } }, does("rolledBack", "move", "latch", "tell")],
  ["a rule that serves nobody", { weights: { blue: 0, green: 0 }, candidateOpen: false }, does("rolledBack", "move", "latch", "tell")],
  ["the other colour live", { live: "green", weights: { blue: 5, green: 95 } }, does("rolledBack", "move", "latch", "tell")],
  ["no candidate", { ...atZero, candidateOpen: false }, undefined],
  ["none, and least weights", { weights: { blue: 1, green: 0 }, candidateOpen: false }, undefined],
  ["none, though clients stick", { ...atZero, candidateOpen: false, sticky: true }, undefined],
  ["one that waits at 0", atZero, does("alreadyAtZero", "latch", "tell")],
  ["one at 0 that clients stick to", { ...atZero, sticky: true }, does("rolledBack", "move", "latch", "tell")],
  ["only holding is allowed", { action: "hold" }, does("held", "latch", "tell")],
  ["only holding, at 0", { ...atZero, action: "hold" }, does("held", "latch", "tell")],
  ["nobody would answer", { healthy: { blue: 0, green: 1 } }, does("stranded", "latch", "tell")],
  ["nobody answers anywhere", { healthy: { blue: 0, green: 0 } }, does("rolledBack", "move", "latch", "tell")],
  ["nobody knows who answers", { healthy: undefined }, does("rolledBack", "move", "latch", "tell")],
  ["nobody would answer at 0", { ...atZero, healthy: { blue: 0, green: 1 } }, does("alreadyAtZero", "latch", "tell")],

  ["again, when all is done", { ...atZero, ...latch("rolledBack") }, does("alreadyAtZero")],
  ["again, when nobody was told", { ...atZero, ...latch("rolledBack", untold) }, does("alreadyAtZero", "tell")],
  ["again, when traffic has come back", latch("rolledBack"), does("rolledBack", "move")],
  ["again, when traffic has come back and nobody was told", latch("rolledBack", untold), does("rolledBack", "move", "tell")],
  ["again, after a refusal", latch("failed"), does("rolledBack", "move", "latch", "tell")],
  ["again, after a refusal that moved it nevertheless", { ...atZero, ...latch("failed") }, does("alreadyAtZero")],
  ["the same, and nobody was told", { ...atZero, ...latch("failed", untold) }, does("alreadyAtZero", "tell")],
  ["again, when somebody answers now", latch("stranded"), does("rolledBack", "move", "latch", "tell")],
  ["again, when still nobody answers", { ...latch("stranded"), healthy: { blue: 0, green: 1 } }, does("stranded")],
  ["the same, and nobody was told", { ...latch("stranded", untold), healthy: { blue: 0, green: 1 } }, does("stranded", "tell")],
  ["again, when held, and nobody was told", { ...latch("held", untold), action: "hold" }, does("held", "tell")],
  ["again, when more is allowed than was", latch("held", untold), does("rolledBack", "move", "latch", "tell")],

  ["another alarm, after the first one's rollback", { ...atZero, ...latch("rolledBack", ofOther) }, does("alreadyAtZero")],
  ["another, while the first has told nobody", { ...atZero, ...latch("rolledBack", { ...ofOther, ...untold }) }, does("alreadyAtZero")],
  ["another, when traffic has come back", latch("rolledBack", ofOther), does("rolledBack", "move", "latch", "tell")],
  ["another, after a refusal, when nobody answers", { ...latch("failed", ofOther), healthy: { blue: 0, green: 1 } }, does("stranded")],
])("%s", (_, changes, expected) => {
  expect(decide({ ...canary, ...changes })).toEqual(expected);
});

test.each([
  [
    { blue: 1, green: 0 },
    { blue: 100, green: 0 },
  ],
  [
    { blue: 1, green: 3 },
    { blue: 25, green: 75 },
  ],
  [
    { blue: 999, green: 999 },
    { blue: 50, green: 50 },
  ],
  [
    { blue: 0, green: 0 },
    { blue: 0, green: 0 },
  ],
])("weights %j are %j percent", (weights, percent) => {
  expect(percentOf(weights)).toEqual(percent);
});

test.each<[string, Partial<Parameters<typeof mayTakeAll>[0]>, object]>([
  ["half is served by three", { receiver: { minimum: 1, maximum: 20 } }, { answer: "goShort", healthy: 3, value: 6 }],
  ["half by three at their minimum", { receiver: { minimum: 3, maximum: 20 } }, { answer: "go", value: 3 }],
  ["nobody knows the bounds", {}, { answer: "go", value: 3 }],
  [
    "nobody knows them, of many",
    { healthy: { blue: 199, green: 200 }, weights: { blue: 0, green: 100 } },
    { answer: "goShort", value: 200 },
  ],
  ["nobody knows who answers", { healthy: undefined }, { answer: "go", value: 1 }],
])("what everything needs where %s", (_, changes, answer) => {
  const halves = { live: "blue", weights: { blue: 50, green: 50 }, healthy: { blue: 3, green: 3 } } as const;
  expect(mayTakeAll({ ...halves, ...changes })).toMatchObject(answer);
});

const [blue, green] = ["arn:blue", "arn:green"];

test.each<["blue" | "green", boolean, { TargetGroupArn: string; Weight: number }[]]>([
  [
    "blue",
    false,
    [
      { TargetGroupArn: blue, Weight: 100 },
      { TargetGroupArn: green, Weight: 0 },
    ],
  ],
  [
    "green",
    false,
    [
      { TargetGroupArn: green, Weight: 100 },
      { TargetGroupArn: blue, Weight: 0 },
    ],
  ],
  ["blue", true, [{ TargetGroupArn: blue, Weight: 100 }]],
  ["green", true, [{ TargetGroupArn: green, Weight: 100 }]],
])("everything to %s, where clients stick: %s", (live, sticky, written) => {
  expect(everythingToLive({ live, sticky, targetGroups: { blue, green } })).toEqual(written);
});

test.each<[Outcome, string]>([
  ["rolledBack", "api: rolled back, green 5 % -> 0 %"],
  ["alreadyAtZero", "api: green stays at 0 %"],
  ["held", "api: green stays at 5 % and gets no more"],
  ["stranded", "api: NOT rolled back, blue has no healthy target"],
  ["failed", "api: ROLLBACK FAILED, green may still have 5 %"],
])("people read of one that is %s", (outcome, said) => {
  const { Subject, Message } = message({ ...latched, outcome }, { stack: "production", notes: ["One of two."] });
  expect(Subject).toBe(`production ${said}`);
  expect(Message.split("\n").slice(0, 4)).toEqual([`production ${said}.`, "One of two.", "Alarm: errors at 2026-11-30T12:00:00Z", "5 %"]);
});

test("a subject has the hundred characters that SNS takes", () => {
  const { Subject } = message({ ...latched, service: "a".repeat(200) }, { stack: "production" });
  expect(Subject).toBe(`production ${"a".repeat(89)}`);
});
