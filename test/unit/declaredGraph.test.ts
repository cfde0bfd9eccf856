/** A graph that was kept is the one that its config declares. */
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { declare } from "../../infra/program.ts";
import { apiOnCluster, cluster, server } from "../harness/cluster.ts";
import { configOf } from "../harness/config.ts";
import { keptGraph } from "../harness/declaredGraph.ts";
import { graphOf } from "../harness/graph.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";

const small = { ...unwatched, ...onlyApi };

test("kept, it is what is declared anew", async () => {
  const config = configOf("staging", small);
  const made = await graphOf(() => declare(config));
  await keptGraph(config, false);
  expect(await keptGraph(config, false)).toEqual(made);
});

test("configs that differ in a secret alone have two", async () => {
  const kubeconfigOf = async (token: string) => {
    const kubeconfig = stringify({
      contexts: [{ name: "staging", context: { cluster: "staging", user: "staging" } }],
      clusters: [{ name: "staging", cluster: { server } }],
      users: [{ name: "staging", user: { token } }],
    });
    const access = { by: "secret", kubeconfig, context: "staging" };
    const config = configOf("staging", { ...small, ...apiOnCluster, "kubernetes.cluster": { ...cluster, access } });
    const graph = await keptGraph(config, false);
    return JSON.stringify(graph.find(({ type }) => type === "pulumi:providers:kubernetes")?.inputs.kubeconfig);
  };
  expect(await kubeconfigOf("first")).toContain("token: first");
  expect(await kubeconfigOf("second")).toContain("token: second");
});
