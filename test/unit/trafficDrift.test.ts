/** Whether traffic was moved behind the engine's back, from what a refresh of the rules reads. */
import { expect, test } from "vitest";
import type { State, StateResource } from "../../ops/engine/state.ts";
import { adoptLiveTraffic, trafficDrifted } from "../../ops/recovery/trafficDrift.ts";

const arn = (colour: string) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/use1-api-${colour}/0123456789abcdef`;
const group = (colour: string, weight: number) => ({ arn: arn(colour), weight });
const forward = (...targetGroups: object[]) => ({ actions: [{ forward: { targetGroups } }] });

const urn = "urn:pulumi:staging::slipway::aws:lb/listenerRule:ListenerRule::use1-api";
const rule: StateResource = {
  urn,
  type: "aws:lb/listenerRule:ListenerRule",
  inputs: forward(group("blue", 100), group("green", 0)),
  outputs: { ...forward(group("blue", 100), group("green", 0)), region: "us-east-1" },
} as StateResource;
const state = { resources: [rule] } as unknown as State;

const answer = (steps: object[], exitCode = 0) => ({
  capture: async () => ({ exitCode, stdout: `a note\n${JSON.stringify({ steps, changeSummary: { update: 1 } })}`, stderr: "" }),
});
const read = (outputs: object) => answer([{ op: "update", urn, newState: { type: rule.type, outputs } }]);

test("the same weights in another order are no drift: AWS answers a set", async () => {
  expect(await trafficDrifted(read(forward(group("green", 0), group("blue", 100))), state)).toBe(false);
});

test("other properties that a provider reads in another form are no drift", async () => {
  expect(await trafficDrifted(read({ ...forward(group("blue", 100), group("green", 0)), region: null, tagsAll: {} }), state)).toBe(false);
});

test("weights that changed places are drift, whatever the order", async () => {
  expect(await trafficDrifted(read(forward(group("green", 100), group("blue", 0))), state)).toBe(true);
  expect(await trafficDrifted(read(forward(group("blue", 0), group("green", 100))), state)).toBe(true);
});

test("a rule that is gone, that was not read, or an engine that failed, is drift", async () => {
  expect(await trafficDrifted(answer([{ op: "delete", urn, oldState: { type: rule.type } }]), state)).toBe(true);
  expect(await trafficDrifted(answer([]), state)).toBe(true);
  expect(await trafficDrifted(answer([], 255), state)).toBe(true);
});

test("what is adopted is told by colour, blue first", async () => {
  const told = async (outputs: object | undefined) =>
    adoptLiveTraffic(
      answer([]),
      state,
      async () => ({ resources: outputs === undefined ? [] : [{ ...rule, outputs }] }) as unknown as State,
    );
  expect(await told(forward(group("green", 50), group("blue", 50)))).toEqual(["use1-api: the state said 100/0, live is 50/50"]);
  expect(await told(forward(group("green", 0), group("blue", 100)))).toEqual([]);
  expect(await told(undefined)).toEqual(["use1-api: the state said 100/0, live is gone"]);
});
