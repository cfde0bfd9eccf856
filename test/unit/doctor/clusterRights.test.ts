/** What the provider needs of a cluster: the docs have the role, and doctor asks for all of it. */
import { expect, test } from "vitest";
import { clusterActions } from "../../../ops/doctor/cluster.ts";
import { apiOnCluster } from "../../harness/cluster.ts";
import { configOf } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { documentedRole } from "../../harness/documentedRole.ts";

const config = configOf("bench/production", apiOnCluster);
/** Read by the provider to tell why pods do not get ready; without a right to one of them it waits without a word. */
const watched = ["apps/replicasets", "/pods", "/events", "/persistentvolumeclaims"];

/** Rights of the ClusterRole in the docs: `verb group/resource`. */
function documented(): string[] {
  return documentedRole().rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`))),
  );
}

/** Rights that what a stack declares takes: `verb group/resource`. */
async function needed(): Promise<string[]> {
  const types = new Set((await declaredGraph(config)).map(({ type }) => type).filter((type) => type.startsWith("kubernetes:")));
  const objects = [...types].map((type) => {
    const [, group = "", kind = ""] = type.split(":");
    return `${group.replace(/\/[^/]*$/, "").replace(/^core$/, "")}/${kind.toLowerCase().replace(/y$/, "ie")}s`;
  });
  return [
    ...objects.flatMap((object) => ["get", "list", "watch", "create", "patch", "delete"].map((verb) => `${verb} ${object}`)),
    ...watched.flatMap((object) => ["get", "list", "watch"].map((verb) => `${verb} ${object}`)),
  ];
}

test("K10 the ClusterRole in the docs allows what a stack takes, and nothing else", async () => {
  expect(documented().sort()).toEqual((await needed()).sort());
});

test("K10 doctor asks for each kind that the provider watches", () => {
  const asked = clusterActions(config).map(({ verb, group, resource }) => `${verb} ${group}/${resource}`);
  for (const object of watched) expect(asked).toContain(`watch ${object}`);
});
