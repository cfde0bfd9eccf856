/** Rules between services and the cluster that they run on. */

import { type BrokenRule, below } from "../../contract/rule.ts";
import { candidateRouteEnd, selectorWeight } from "../../kubernetes/contract.ts";
import type { PartialStackConfig } from "../contract.ts";

/** Everything that services ask for and the cluster does not do, or no cluster is there to do. */
export function kubernetesRules({ kubernetes, services, rollout }: PartialStackConfig): BrokenRule[] {
  // An area that is bad tells its own problems.
  if (kubernetes === undefined) return [];
  const { cluster } = kubernetes;
  const onCluster = Object.entries(services ?? {}).filter(([, { compute }]) => compute === "kubernetes");
  if (cluster === undefined) return onCluster.map(([name]) => noCluster(name));
  const names = new Set(onCluster.map(([name]) => name));
  const taken = [...names].filter((name) => names.has(`${name}${candidateRouteEnd}`)).map(takenName);
  if (cluster.switchBy !== "selector") return taken;
  const path = ["kubernetes", "cluster", "switchBy"];
  const problems = onCluster.flatMap(([name, { release }]) =>
    selectorWeight(release, path.join(".")).map((broken) => below(["services", name], broken)),
  );
  if (rollout?.strategy === "canary" && onCluster.length > 0)
    problems.push({
      path,
      found: 'is "selector", and the rollout is a canary',
      allowed: "weights, or another rollout.strategy; a selector cannot split traffic",
      fix: { path: path, value: "weights" },
    });
  return [...taken, ...problems];
}

function takenName(name: string): BrokenRule {
  const second = `${name}${candidateRouteEnd}`;
  const path = ["services", second];
  return { path, found: `has the name that the route of ${name}'s candidate header has on the cluster`, allowed: `no service ${second}` };
}

function noCluster(name: string): BrokenRule {
  const path = ["services", name, "compute"];
  return {
    path,
    found: 'is "kubernetes", and the stack has no kubernetes.cluster',
    allowed: "ecs, or kubernetes with a cluster under slipway:kubernetes",
    fix: { path: path, value: "ecs" },
  };
}
