/** A change of the cluster under objects that are on it. */
import { type Problem, setCommand } from "../config/problem.ts";
import type { StackConfig } from "../config/stack.ts";
import type { StateResources } from "./releaseInState.ts";

type Cluster = NonNullable<StackConfig["kubernetes"]["cluster"]>;

/** What tells the provider one cluster from another: its name for good, by default the address that it was first reached at. */
export function clusterIdentifier({ identifier, server }: Pick<Cluster, "identifier" | "server">): string {
  return identifier ?? server;
}

/**
 * The stack's objects are on a cluster that the provider would take for another: each would be made anew, and where it is the same
 * cluster, the old ones are deleted after the new ones have taken them over. Pure.
 */
export function changedCluster({ kubernetes: { cluster } }: Pick<StackConfig, "kubernetes">, state: StateResources): Problem[] {
  const resources = Object.values(state);
  const known = resources.find(({ type }) => type === "pulumi:providers:kubernetes")?.outputs.clusterIdentifier;
  if (cluster === undefined || typeof known !== "string" || known === clusterIdentifier(cluster)) return [];
  if (!resources.some(({ type }) => type.startsWith("kubernetes:"))) return [];
  const own = cluster.identifier === undefined && URL.canParse(known) ? "server" : "identifier";
  const key = (name: string) => ["kubernetes", "cluster", name];
  return [
    {
      path: key(own),
      found: `is ${clusterIdentifier(cluster)}, and the stack's objects are on ${known}`,
      reason: "everything on the cluster would be replaced at once, and the serving pods with it",
      allowed: `another address of the same cluster, with identifier: ${known}; to move to another cluster, make a stack for it`,
      // Back to what it was: that is right whichever cluster the new one is.
      fix: setCommand(key(own), known),
    },
  ];
}
