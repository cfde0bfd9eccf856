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

/** Asks for a candidate's weight while the route is live as told. */
async function asked(candidateWeight: number, live: readonly [number, number], ready: Ready): Promise<string[]> {
  const config = configOf("bench/production", { ...apiOnCluster, "services.api.release.candidateWeight": candidateWeight });
  const route = { urn: "urn:pulumi:prod::shop::route::api", type: routeType, id: "coinestate/api", inputs: routeOf(...live) };
  const read: string[] = [];
  const cluster = {
    read: async ({ type, name }: ObjectPlace) => {
      if (type === routeType) return routeOf(...live);
      read.push(name);
      if (ready === "unread") throw new UserError("cannot be read");
      return ready === "none" ? undefined : { status: ready === 0 ? {} : { readyReplicas: ready } };
    },
  };
  await requireReadyPods({ config, state: { resources: [route] } as unknown as State, cluster });
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
