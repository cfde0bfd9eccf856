/** The lock between edge and load balancer is switched while requests come: at no moment do the rules ask for a header that nobody sends. */
import { expect, it } from "vitest";
import { declare } from "../../../infra/program.ts";
import type { StateResources } from "../../../infra/release/releaseInState.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { behindCloudflare } from "../../harness/edge/declared.ts";
import { graphOf, type Registered } from "../../harness/graph.ts";
import { nextUpdate } from "../../harness/nextUpdate.ts";
import { onlyApi, scarcelyWatched } from "../../harness/smallStacks.ts";

const ruleType = "aws:lb/listenerRule:ListenerRule";
const rulesetType = "cloudflare:index/ruleset:Ruleset";

const stateOf = (graph: readonly Registered[]): StateResources =>
  Object.fromEntries(graph.map(({ urn, type, inputs }) => [urn, { type, outputs: inputs }]));

const configs = (origin: Edits, allowFrom: readonly string[] = []) =>
  configOf("bench/production", {
    ...{ ...scarcelyWatched, ...onlyApi, ...behindCloudflare },
    ...{ "edge.origin": origin, "loadBalancer.allowFrom": allowFrom },
  });
const [open, locked] = [configs({ lock: false }, ["0.0.0.0/0"]), configs({ lock: true })];

/** What a config declares in an update that meets a state. */
const declaredOver = (config: typeof open, _state: StateResources) => graphOf(() => declare(config));

/** What an update does to the load balancer's rules and to the ruleset that sends the header, in order. */
const steps = (before: readonly Registered[], after: readonly Registered[]) =>
  nextUpdate(before, after, [ruleType, rulesetType])
    .filter((line) => /^\w+ \d/.test(line) || line.endsWith(" slipway"))
    .map((line) => line.replace(/^(\w+) \d.*/, "$1 rule"));

it.fails("C2 the lock goes on in two updates, the edge first, and off in one, the rules first", async () => {
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
