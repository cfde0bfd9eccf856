/** Another cluster under objects that are on it: refused, with the key that says that it is the same one. */
import { expect, test } from "vitest";
import { changedCluster } from "../../../infra/release/clusterChange.ts";
import type { StateResources } from "../../../infra/release/releaseInState.ts";
import { apiOnCluster, server } from "../../harness/cluster.ts";
import { configOf, type Edits } from "../../harness/config.ts";

const state: StateResources = {
  provider: { type: "pulumi:providers:kubernetes", outputs: { clusterIdentifier: server } },
  route: { type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", outputs: {} },
};
const [moved, key] = ["https://moved.example", "kubernetes.cluster.identifier"];
const found = (edits: Edits, known: StateResources = state) =>
  changedCluster(configOf("bench/production", { ...apiOnCluster, ...edits }), known).map(({ path, fix }) => [path.join("."), fix]);

test("another address and another identifier are refused, and the fix is what the objects were made by", () => {
  const fix = (path: string) => expect.stringMatching(new RegExp(`${path}.* '?${server}`)) as string;
  const address = "kubernetes.cluster.server";
  expect(found({ [address]: moved })).toEqual([[address, fix(address)]]);
  expect(found({ [key]: "shop" })).toEqual([[key, fix(key)]]);
});

test.each<[string, Edits, StateResources?]>([
  ["the same address", {}],
  ["another address of the same cluster", { "kubernetes.cluster.server": moved, [key]: server }],
  ["a state without objects of a cluster", { "kubernetes.cluster.server": moved }, { provider: state.provider! }],
  ["a first update", { "kubernetes.cluster.server": moved }, {}],
])("%s is not refused", (_, edits, known) => expect(found(edits, known)).toEqual([]));
