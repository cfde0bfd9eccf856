/** Rules between services and the cluster that they run on. */
import { isRoutablePath } from "../../components/kubernetes/routeRules.ts";
import { type ConfigPath, type Problem, removeCommand, setCommand, showValue } from "./problem.ts";
import type { PartialStackConfig, StackConfig } from "./stack.ts";

type Service = StackConfig["services"][string];

/** Everything that a service asks for and a cluster cannot give, or no cluster is there to give. */
export function kubernetesChecks({ kubernetes, services, rollout }: PartialStackConfig): Problem[] {
  const cluster = kubernetes?.cluster;
  const onCluster = Object.entries(services ?? {}).filter(([, { compute }]) => compute === "kubernetes");
  const problems = onCluster.flatMap(([name, service]) => [
    ...unsupported(name, service),
    ...(cluster?.switchBy === "selector" ? wholeWeights(name, service) : []),
  ]);
  // An area that is bad tells its own problems.
  if (kubernetes === undefined) return problems;
  if (cluster === undefined) return [...problems, ...onCluster.map(([name]) => noCluster(name))];
  if (cluster.switchBy === "selector" && rollout?.strategy === "canary" && onCluster.length > 0) {
    problems.push({
      path: ["kubernetes", "cluster", "switchBy"],
      found: 'is "selector", and the rollout is a canary',
      allowed: "weights, or another rollout.strategy; a selector cannot split traffic",
      fix: setCommand(["kubernetes", "cluster", "switchBy"], "weights"),
    });
  }
  if (/^(?:default|kube-.*)$/.test(cluster.namespace)) {
    problems.push({
      path: ["kubernetes", "cluster", "namespace"],
      found: `is ${showValue(cluster.namespace)}, the cluster's own`,
      allowed: "a namespace of the system's own",
      fix: setCommand(["kubernetes", "cluster", "namespace"], "slipway"),
    });
  }
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

function unsupported(name: string, service: Service): Problem[] {
  const at = (...rest: (string | number)[]): ConfigPath => ["services", name, ...rest];
  const problems: Problem[] = [];
  if (service.scaling.requestsPerMinutePerTask !== undefined)
    problems.push({
      path: at("scaling", "requestsPerMinutePerTask"),
      found: "is set, and the service runs on kubernetes",
      reason: "a cluster counts requests only through a metrics adapter of its own",
      allowed: "cpuPercent and memoryPercent",
      fix: removeCommand(at("scaling", "requestsPerMinutePerTask")),
    });
  if (service.release.stickinessSeconds !== undefined)
    problems.push({
      path: at("release", "stickinessSeconds"),
      found: "is set, and the service runs on kubernetes",
      reason: "session persistence is not in the Gateway API's standard channel",
      allowed: "no stickiness, or compute: ecs",
      fix: removeCommand(at("release", "stickinessSeconds")),
    });
  for (const [index, path] of service.route.paths.entries())
    if (!isRoutablePath(path))
      problems.push({
        path: at("route", "paths", index),
        found: `is ${showValue(path)}, and the service runs on kubernetes`,
        allowed: "an exact path, or one that ends in /* (everything below it)",
        fix: setCommand(at("route", "paths", index), `${path.split(/[*?]/)[0]?.replace(/\/[^/]*$/, "") ?? ""}/*`),
      });
  if (!service.healthCheck.matcher.split(",").every(withinSuccess))
    problems.push({
      path: at("healthCheck", "matcher"),
      found: `is ${showValue(service.healthCheck.matcher)}, and the service runs on kubernetes`,
      allowed: "codes from 200 to 399; the kubelet takes all of these as healthy and no other",
      fix: setCommand(at("healthCheck", "matcher"), "200"),
    });
  return problems;
}

function withinSuccess(range: string): boolean {
  return range.split("-").every((code) => Number(code) >= 200 && Number(code) <= 399);
}

function wholeWeights(name: string, { release }: Service): Problem[] {
  const { candidateWeight } = release;
  if (candidateWeight === 0 || candidateWeight === 100) return [];
  const path = ["services", name, "release", "candidateWeight"];
  return [
    {
      path,
      found: `is ${candidateWeight}, and kubernetes.cluster.switchBy is "selector"`,
      allowed: "0 or 100; a selector cannot split traffic",
      fix: setCommand(path, 0),
    },
  ];
}
