/** Whatever an alarm meets, the decision never gives a candidate more, and leaves no release to go on unseen. */

import { expect, test } from "vitest";
import { otherColour } from "../../components/colours.ts";
import { decide, everythingToLive, message } from "../../components/rollback/function/decision.mjs";
import { fc } from "../harness/campaign.ts";

const colour = fc.constantFrom("blue" as const, "green" as const);
const outcome = fc.constantFrom("rolledBack" as const, "alreadyAtZero" as const, "held" as const, "stranded" as const, "failed" as const);
const weights = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map((blue) => ({ blue, green: 100 - blue })),
  fc.record({ blue: fc.integer({ min: 0, max: 999 }), green: fc.integer({ min: 0, max: 999 }) }),
);
const event = fc.constantFrom("first", "second");
const latch = fc.record({
  state: fc.constant("set" as const),
  service: fc.constant("api"),
  alarm: fc.constant("alarm"),
  reason: fc.string(),
  at: fc.constant("2026-11-21T12:00:00Z"),
  event,
  live: colour,
  candidate: colour,
  before: weights,
  outcome,
  notified: fc.boolean(),
});
const situation = fc.record({
  live: colour,
  weights,
  sticky: fc.boolean(),
  candidateOpen: fc.boolean(),
  healthy: fc.option(fc.record({ blue: fc.nat(3), green: fc.nat(3) }), { nil: undefined }),
  action: fc.constantFrom("rollBack" as const, "hold" as const),
  event,
  latch: fc.option(latch, { nil: undefined }),
});

type Situation = typeof situation extends fc.Arbitrary<infer Given> ? Given : never;

const always = (holds: (given: Situation) => void) => fc.assert(fc.property(situation, holds), { numRuns: 5000 });

test("an exposed candidate loses everything, unless only holding is allowed or the live colour could not serve", () => {
  always((given) => {
    const { live, weights: now, healthy, action } = given;
    const candidate = otherColour(live);
    const exposed = now[candidate] > 0 || now[live] === 0;
    const couldNotServe = healthy !== undefined && healthy[live] === 0 && healthy[candidate] > 0;
    if (exposed) expect(decide(given)?.move).toBe(action === "rollBack" && !couldNotServe);
  });
});

test("health that nobody knows never keeps traffic on the candidate", () => {
  always((given) => {
    const { live, weights: now } = given;
    if (given.action === "rollBack" && now[otherColour(live)] > 0) expect(decide({ ...given, healthy: undefined })?.move).toBe(true);
  });
});

test("an alarm over an open release always ends with a latch, also when the weight is 0 already", () => {
  always((given) => {
    const made = decide(given);
    const open = given.candidateOpen || given.weights[otherColour(given.live)] > 0;
    if (open) expect(made?.latch === true || given.latch !== undefined).toBe(true);
    if (made?.move === true && given.latch?.event !== given.event) expect([made.latch, made.tell]).toEqual([true, true]);
  });
});

test("nothing is done where there is no release", () => {
  always((given) => {
    const quiet = { ...given, candidateOpen: false, weights: { blue: 0, green: 0, [given.live]: 100 } };
    expect(decide(quiet)).toBeUndefined();
  });
});

test("the second time is quiet: what is done is not done again, and nobody is told twice", () => {
  always((given) => {
    const made = decide(given);
    if (made === undefined || made.outcome === "stranded") return;
    const after = {
      ...given,
      sticky: made.move ? false : given.sticky,
      weights: made.move ? { blue: 0, green: 0, [given.live]: 100 } : given.weights,
      candidateOpen: true,
      latch: made.latch
        ? ({ ...latchOf(given), outcome: made.outcome, notified: true } as const)
        : given.latch === undefined
          ? undefined
          : { ...given.latch, notified: true },
    };
    const again = decide(after);
    expect(again?.move).toBe(false);
    if (after.latch !== undefined && after.latch.outcome !== "failed" && after.latch.outcome !== "stranded") {
      expect(again?.latch).toBe(false);
      expect(again?.tell).toBe(false);
    }
  });
});

test("what is written gives everything to the live colour, and lets go of clients that stick", () => {
  fc.assert(
    fc.property(colour, fc.boolean(), (live, sticky) => {
      const targetGroups = { blue: "arn:blue", green: "arn:green" };
      const written = everythingToLive({ live, sticky, targetGroups });
      expect(written.reduce((sum, { Weight }) => sum + Weight, 0)).toBe(100);
      expect(written.find(({ TargetGroupArn }) => TargetGroupArn === targetGroups[live])?.Weight).toBe(100);
      expect(written).toHaveLength(sticky ? 1 : 2);
    }),
  );
});

test("people read what happened, which alarm it was and the command that lets releases go on", () => {
  fc.assert(
    fc.property(latch, (one) => {
      const { Subject, Message } = message(one, { stack: "production" });
      expect(Subject.length).toBeLessThanOrEqual(100);
      expect(Subject).toMatch(/^[\x20-\x7e]+$/); // SNS takes no other characters in a subject
      expect(Message).toContain("slipway rollback acknowledge --stack production --service api");
      expect(Message).toContain(one.alarm);
    }),
  );
});

function latchOf({ live, weights: before, event: id }: Situation) {
  const at = "2026-11-21T12:00:00Z";
  return { state: "set", service: "api", alarm: "alarm", reason: "", at, event: id, live, candidate: otherColour(live), before } as const;
}
