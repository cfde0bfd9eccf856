/** Rules between services and the cluster that they run on. */
import { selectorWeight } from "../../components/kubernetes/contract.ts";
import { inConfig, type Problem, setCommand } from "./problem.ts";
import type { PartialStackConfig } from "./stack.ts";

/** Everything that services ask for and the cluster does not do, or no cluster is there to do. */
export function kubernetesChecks({ kubernetes, services, rollout }: PartialStackConfig): Problem[] {
  // An area that is bad tells its own problems.
  if (kubernetes === undefined) return [];
  const { cluster } = kubernetes;
  const onCluster = Object.entries(services ?? {}).filter(([, { compute }]) => compute === "kubernetes");
  if (cluster === undefined) return onCluster.map(([name]) => noCluster(name));
  if (cluster.switchBy !== "selector") return [];
  const path = ["kubernetes", "cluster", "switchBy"];
  const problems = onCluster.flatMap(([name, { release }]) =>
    selectorWeight(release, path.join(".")).map((broken) => inConfig(["services", name], broken)),
  );
  if (rollout?.strategy === "canary" && onCluster.length > 0)
    problems.push({
      path,
      found: 'is "selector", and the rollout is a canary',
      allowed: "weights, or another rollout.strategy; a selector cannot split traffic",
      fix: setCommand(path, "weights"),
    });
  return problems;
}

function noCluster(name: string): Problem {
  const path = ["services", name, "compute"];
  return {
    path,
    found: 'is "kubernetes", and the stack has no kubernetes.cluster',
    allowed: "ecs, or kubernetes with a cluster under slipway:kubernetes",
    fix: setCommand(path, "ecs"),
  };
}
