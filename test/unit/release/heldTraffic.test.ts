/** When traffic on a cluster is moved by itself, and what is told of the rest. */
import { expect, test } from "vitest";
import type { ResourceChange } from "../../../ops/engine/changes.ts";
import type { StateResource } from "../../../ops/engine/state.ts";
import { heldTraffic, leftLines, moveAlone } from "../../../ops/release/heldTraffic.ts";
import { UserError } from "../../../ops/userError.ts";
import { apiOnCluster } from "../../harness/cluster.ts";
import { configOf } from "../../harness/config.ts";

const resource = (type: string, name: string, more: object = {}): StateResource => ({
  ...{ urn: `urn:pulumi:prod::shop::kubernetes:${type}::use1-${name}`, type: `kubernetes:${type}`, custom: true, id: `coinestate/${name}` },
  ...more,
});
const routeOf = (green: number) => {
  const backendRefs = [
    { name: "api-blue", weight: 100 - green },
    { name: "api-green", weight: green },
  ];
  return { spec: { rules: [{ backendRefs }] } };
};
const route = resource("gateway.networking.k8s.io/v1:HTTPRoute", "api", { inputs: routeOf(25), outputs: routeOf(25) });
const failing = resource("apps/v1:Deployment", "api-green", { initErrors: ["timed out"] });
const again: ResourceChange = { op: "update", urn: failing.urn, type: failing.type, name: "use1-api-green", paths: [] };
const moved: ResourceChange = { ...again, urn: route.urn, type: route.type, paths: ["spec"] };
const account: ResourceChange = { ...again, op: "create", urn: "urn:other", type: "kubernetes:core/v1:ServiceAccount", name: "use1-web" };
const planned =
  (...changes: ResourceChange[]) =>
  async () => ({ changes, unchanged: 0, total: changes.length });
const unasked = () => Promise.reject(new Error("planned"));

const held = (
  weight: number,
  plan: Parameters<typeof leftLines>[1],
  resources = [route, failing],
  read = async () => routeOf(25) as object,
) =>
  heldTraffic({
    config: configOf("bench/production", { ...apiOnCluster, "services.api.release.candidateWeight": weight }),
    state: { resources, pendingOperations: [] },
    cluster: { read: read as () => Promise<Record<string, unknown>> },
    plan,
  });
const alone = { urns: [route.urn], unready: [failing] };

test("the way back asks nobody, not even a cluster that does not answer", async () => {
  expect(await held(0, unasked)).toEqual(alone);
  expect(await held(5, unasked, [route, failing], () => Promise.reject(new UserError("no answer")))).toEqual(alone);
});

test("the way forward goes by itself where nothing else is to do, and waits with the rest where something is", async () => {
  expect(await held(50, planned(moved, again))).toEqual(alone);
  expect(await held(50, planned(moved, again, account))).toBeUndefined();
  expect(await held(50, planned(moved, { ...again, paths: ["spec.template"] }))).toBeUndefined();
});

test("an update is as always where everything is ready, or no traffic moves", async () => {
  expect(await held(0, unasked, [route, { ...failing, initErrors: [] }])).toBeUndefined();
  expect(await held(25, unasked)).toBeUndefined();
});

test("after a swap of the labels the way back is where it was", async () => {
  const stack = { urn: "urn:stack", type: "pulumi:pulumi:Stack", outputs: { release: { api: { rollbackTo: "green" } } } };
  expect(await held(50, unasked, [stack, route, failing])).toEqual(alone);
  expect(await held(0, planned(moved, again, account), [stack, route, failing])).toBeUndefined();
});

test("only the route is named, and the program knows that a part is", async () => {
  const said: string[] = [];
  const flags = await moveAlone(
    alone,
    async (more) => [...more, process.env.SLIPWAY_PART],
    (line) => void said.push(line),
  );
  expect(flags).toEqual(["--target", route.urn, "named"]);
  expect(process.env.SLIPWAY_PART).toBeUndefined();
  expect(said.join()).toContain("Deployment use1-api-green");
});

test("what is left is told with its command, also where nobody can plan; tries of what is not ready are nothing left", async () => {
  expect(await leftLines(alone, planned(again), "prod")).toEqual([]);
  const lines = await leftLines(alone, planned(again, account), "prod");
  expect(lines.slice(1)).toEqual(["  create ServiceAccount use1-web", "To make it: slipway up --stack prod"]);
  const unknown = await leftLines(alone, () => Promise.reject(new UserError("no plan")), "prod");
  expect(unknown.join()).toMatch(/no plan,To make it: slipway up --stack prod$/);
  await expect(leftLines(alone, unasked, "prod")).rejects.toThrow("planned");
});
