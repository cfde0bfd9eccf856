/** No colour on a cluster gets traffic that nobody is there to take. */
import { expect, test } from "vitest";
import type { State } from "../../../ops/engine/state.ts";
import type { ObjectPlace } from "../../../ops/kubernetes/cluster.ts";
import { requireReadyPods } from "../../../ops/release/readyPods.ts";
import { UserError } from "../../../ops/userError.ts";
import { apiOnCluster } from "../../harness/cluster.ts";
import { configOf } from "../../harness/config.ts";

type Ready = number | "unread" | "none";

const routeType = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const routeOf = (blue: number, green: number) => ({
  spec: {
    rules: [
      {
        backendRefs: [
          { name: "api-blue", weight: blue },
          { name: "api-green", weight: green },
        ],
      },
    ],
  },
});

const serviceType = "kubernetes:core/v1:Service";
const selecting = (version: string) => ({ spec: { selector: { version } } });
type Live = Readonly<Record<string, unknown>>;
const named = (name: string, type: string, inputs: Live) => ({
  urn: `urn:pulumi:prod::shop::x::${name}`,
  type,
  id: `coinestate/${name}`,
  inputs,
});

/** Asks for a candidate's weight while the route is live as told. */
function asked(candidateWeight: number, live: readonly [number, number], ready: Ready): Promise<string[]> {
  return askedOf(candidateWeight, [named("api", routeType, routeOf(...live))], ready);
}

/** The same of rules as the state has them and as they are live. @param lives by type and name. @default as the state has them */
async function askedOf(
  candidateWeight: number,
  rules: readonly ReturnType<typeof named>[],
  ready: Ready,
  lives: Readonly<Record<string, Live>> = {},
): Promise<string[]> {
  const config = configOf("bench/production", { ...apiOnCluster, "services.api.release.candidateWeight": candidateWeight });
  const read: string[] = [];
  const cluster = {
    read: async ({ type, name }: ObjectPlace) => {
      const rule = rules.find((one) => one.type === type && one.id === `coinestate/${name}`);
      if (rule !== undefined) return lives[`${type} ${name}`] ?? rule.inputs;
      read.push(name);
      if (ready === "unread") throw new UserError("cannot be read");
      return ready === "none" ? undefined : { status: ready === 0 ? {} : { readyReplicas: ready } };
    },
  };
  await requireReadyPods({ config, state: { resources: rules } as unknown as State, cluster });
  return read;
}

test.each<[string, number, [number, number], Ready, string]>([
  ["no ready pod", 5, [100, 0], 0, "api: green has no ready pod, and would get 5 % of the traffic; blue has 100 % of it now"],
  ["no Deployment", 5, [100, 0], "none", "api: green has no ready pod"],
  ["nobody can tell", 5, [100, 0], "unread", "cannot be read"],
  ["no ready pod on the way back", 0, [50, 50], 0, "api: blue has no ready pod, and would get 100 %"],
])("%s: refused", async (_, weight, live, ready, says) => {
  await expect(asked(weight, live, ready)).rejects.toThrow(says);
});

test.each<[string, number, [number, number], Ready, string[]]>([
  ["a ready pod", 5, [100, 0], 1, ["api-green"]],
  ["nobody can tell, on the way back", 0, [75, 25], "unread", ["api-blue"]],
  ["nothing moves: nobody is asked", 25, [75, 25], 0, []],
])("%s: goes", async (_, weight, live, ready, read) => {
  expect(await asked(weight, live, ready)).toEqual(read);
});

test("the rule of another service is none of this one's", async () => {
  const rules = [named("web", routeType, routeOf(0, 100)), named("api", routeType, routeOf(100, 0))];
  await expect(askedOf(5, rules, 0)).rejects.toThrow("blue has 100 % of it now");
});

test("of two objects the one that splits traffic tells", async () => {
  const rules = [named("api-service", serviceType, selecting("blue")), named("api", routeType, routeOf(100, 0))];
  const live = { [`${serviceType} api-service`]: { spec: { selector: {} } } };
  await expect(askedOf(5, rules, 0, live)).rejects.toThrow("api: green has no ready pod");
  expect(await askedOf(0, rules, 0, live)).toEqual([]);
});

test("a route with one colour gives the other none", async () => {
  const one = { spec: { rules: [{ backendRefs: [{ name: "api-blue", weight: 100 }] }] } };
  const rules = [named("api", routeType, one)];
  await expect(askedOf(1, rules, 0)).rejects.toThrow("api: green has no ready pod");
  expect(await askedOf(0, rules, 0)).toEqual([]);
});

test.each<[string, number, string, string[]]>([
  ["stays with the colour that it selects", 0, "blue", []],
  ["goes to the other", 100, "blue", ["api-green"]],
  ["comes back", 0, "green", ["api-blue"]],
])("a Service without weights %s", async (_, weight, version, read) => {
  expect(await askedOf(weight, [named("api-service", serviceType, selecting(version))], 1)).toEqual(read);
});

test("a Service without weights gives everything or nothing", async () => {
  const rules = [named("api-service", serviceType, selecting("blue"))];
  await expect(askedOf(100, rules, 0)).rejects.toThrow(
    "api: green has no ready pod, and would get 100 % of the traffic; blue has 100 % of it now",
  );
});
