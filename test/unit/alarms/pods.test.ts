/** Alarms of a service on EKS, against what its cluster tells and what it does not. */
import { expect, it } from "vitest";
import { stringify } from "yaml";
import type { MetricSource } from "../../../sandbox/cloudWatch/evaluator.ts";
import { configOf } from "../../harness/config.ts";
import { WatchedStack } from "../../harness/watchedStack.ts";

const own = ["web-no-ready-pods", "web-few-ready-pods", "web-cpu-p2", "web-memory-p2", "web-restarts-p2"];

/** States of the service's alarms when its Deployments tell this, by metric and Deployment. @param told undefined where nothing was written */
async function statesWhen(told: (name: string, deployment: string) => number | undefined): Promise<Record<string, string>> {
  const stack = await WatchedStack.of("coinestate/production");
  const source: MetricSource = ({ namespace, name, dimensions }) => {
    if (namespace !== "ContainerInsights") return 0;
    expect(dimensions).toMatchObject({ ClusterName: "coinestate-prod", Namespace: "coinestate" });
    return told(name, dimensions.PodName ?? "");
  };
  const states = stack.states(source);
  return Object.fromEntries(own.flatMap((key) => (states[stack.alarm(key).name] === "OK" ? [] : [[key, states[stack.alarm(key).name]!]])));
}

/** A Deployment with two pods that do little, the other with none. */
const calm = (name: string, deployment: string) => {
  if (deployment === "web-green") return name.startsWith("replicas_") ? 0 : undefined;
  return name.startsWith("replicas_") ? 2 : name === "pod_number_of_container_restarts" ? 0 : 40;
};

it("a colour that runs and one that is told to run nothing are well", async () => {
  expect(await statesWhen(calm)).toEqual({});
});

it("a cluster without the add-on pages nobody, and one that ceases to tell is told of", async () => {
  expect(await statesWhen(() => undefined)).toEqual({
    "web-no-ready-pods": "INSUFFICIENT_DATA",
    "web-few-ready-pods": "INSUFFICIENT_DATA",
  });
  const stack = await WatchedStack.of("coinestate/production");
  const { references } = stack.alarm("web-few-ready-pods").resource;
  expect(references.insufficientDataActions).toHaveLength(1);
  expect(references.insufficientDataActions).toEqual(references.alarmActions);
});

it("a pod that is missing in either colour is told, and nobody is woken while another is ready", async () => {
  expect(await statesWhen((name, of) => (of === "web-blue" && name === "replicas_ready" ? 1 : calm(name, of)))).toEqual({
    "web-few-ready-pods": "ALARM",
  });
  expect(await statesWhen((name, of) => (of === "web-green" && name === "replicas_desired" ? 2 : calm(name, of)))).toEqual({
    "web-few-ready-pods": "ALARM",
  });
});

it("no ready pod in either colour is an outage", async () => {
  expect(await statesWhen((name, of) => (name === "replicas_ready" ? 0 : calm(name, of)))).toEqual({
    "web-no-ready-pods": "ALARM",
    "web-few-ready-pods": "ALARM",
  });
});

it.each([
  ["pod_cpu_utilization_over_pod_limit", 81, "web-cpu-p2"],
  ["pod_memory_utilization_over_pod_limit", 86, "web-memory-p2"],
  ["pod_number_of_container_restarts", 4, "web-restarts-p2"],
])("%s at %d rings %s", async (metric, value, alarm) => {
  expect(await statesWhen((name, of) => (of === "web-blue" && name === metric ? value : calm(name, of)))).toEqual({ [alarm]: "ALARM" });
  expect(await statesWhen((name, of) => (of === "web-blue" && name === metric ? value - 1 : calm(name, of)))).toEqual({});
});

it("a cluster that is reached otherwise is not known to CloudWatch: no alarm waits for its metrics", async () => {
  const { server } = configOf("coinestate/production").kubernetes.cluster!;
  const kubeconfig = stringify({
    contexts: [{ name: "production", context: { cluster: "production", user: "deployer" } }],
    clusters: [{ name: "production", cluster: { server } }],
    users: [{ name: "deployer", user: { token: "first" } }],
  });
  const access = { by: "secret", kubeconfig, context: "production" };
  const stack = await WatchedStack.of("coinestate/production", { "kubernetes.cluster.access": access });
  expect(stack.alarms.filter(({ key }) => own.includes(key))).toEqual([]);
});
