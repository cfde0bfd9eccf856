/** The lock between edge and load balancer is switched while requests come: at no moment do the rules ask for a header that nobody sends. */
import { expect, test } from "vitest";
import { declare } from "../../../infra/program.ts";
import { beginsToLock, lockChanges, lockRecord } from "../../../infra/release/originLock.ts";
import type { StateResources } from "../../../infra/release/releaseInState.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { behindCloudflare } from "../../harness/edge/declared.ts";
import { graphOf, type Registered } from "../../harness/graph.ts";
import { nextUpdate } from "../../harness/nextUpdate.ts";
import { onlyApi, scarcelyWatched } from "../../harness/smallStacks.ts";

const ruleType = "aws:lb/listenerRule:ListenerRule";
const rulesetType = "cloudflare:index/ruleset:Ruleset";

const now = new Date("2026-11-21T12:00:00Z");

const stateOf = (graph: readonly Registered[]): StateResources =>
  Object.fromEntries(graph.map(({ urn, type, inputs }) => [urn, { type, outputs: inputs }]));

const configs = (origin: Edits, allowFrom: readonly string[] = []) =>
  configOf("bench/production", {
    ...{ ...scarcelyWatched, ...onlyApi, ...behindCloudflare },
    ...{ "edge.origin": origin, "loadBalancer.allowFrom": allowFrom },
  });
const [open, locked] = [configs({ lock: false }, ["0.0.0.0/0"]), configs({ lock: true })];

/** What a config declares in an update that meets a state. */
const declaredOver = (config: typeof open, state: StateResources) =>
  graphOf(() => declare(config, {}, now, { locksLater: beginsToLock(config, state) }));

/** What an update does to the load balancer's rules and to the ruleset that sends the header, in order. */
const steps = (before: readonly Registered[], after: readonly Registered[]) =>
  nextUpdate(before, after, [ruleType, rulesetType])
    .filter((line) => /^\w+ \d/.test(line) || line.endsWith(" slipway"))
    .map((line) => line.replace(/^(\w+) \d.*/, "$1 rule"));

test("C2 the lock goes on in two updates, the edge first, and off in one, the rules first", async () => {
  const before = await declaredOver(open, {});
  const first = await declaredOver(locked, stateOf(before));
  const sent = steps(before, first);
  expect(sent.filter((line) => line.endsWith(" rule"))).toEqual([]);
  expect(sent).toHaveLength(1);
  const second = await declaredOver(locked, stateOf(first));
  expect(new Set(steps(first, second).filter((line) => line.endsWith(" rule")))).toEqual(new Set(["update rule"]));
  const off = steps(second, await declaredOver(open, stateOf(second)));
  expect(off.at(-1)).toMatch(/^delete /);
  expect(new Set(off.slice(0, -1))).toEqual(new Set(["update rule"]));
});

test("the lock's header is asked for at once where nothing serves yet, and where the edge sends it", () => {
  const rule = { "urn::coinestate-prod-use1-api": { type: ruleType, outputs: {} } };
  const sends = { "urn::coinestate-prod-edge-zone-http_request_late_transform": { type: rulesetType, outputs: {} } };
  const others = { "urn::coinestate-prod-edge-zone-http_ratelimit": { type: rulesetType, outputs: {} } };
  expect([{}, { ...rule, ...sends }, { ...rule, ...others }].map((state) => beginsToLock(locked, state))).toEqual([false, false, true]);
  expect(beginsToLock(open, rule)).toBe(false);
});

test("a step of the secret's change that skips another is refused, with the step that comes first", () => {
  const refused = (from: Edits, to: Edits) =>
    lockChanges(configs(to), lockRecord(fromConfig(from))).map(({ path, fix }) => [path.slice(2).join("."), fix]);
  const fromConfig = (origin: Edits) => configs(origin, origin.lock === false ? ["0.0.0.0/0"] : []);
  const [a, both, accepted, b] = [{}, { secrets: ["a", "b"] }, { secrets: ["a", "b"], accepts: "b" }, { secrets: ["b"], accepts: "b" }];
  expect([refused(a, both), refused(both, accepted), refused(accepted, b), refused({ lock: false }, a)]).toEqual([[], [], [], []]);
  expect(refused(a, accepted)).toEqual([["accepts", "pulumi config set --path 'slipway:edge.origin.accepts' a"]]);
  expect(refused(a, b).map(([key]) => key)).toEqual(["accepts", "secrets"]);
  expect(refused(both, b).map(([key]) => key)).toEqual(["secrets"]);
  expect(refused(a, { header: "x-other" }).map(([key]) => key)).toEqual(["header"]);
});
