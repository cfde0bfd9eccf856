/** Weights of services on Kubernetes: live on the cluster has to be what the last update left, and that what config says. */
import { z } from "zod";
import { weightsOf } from "../../infra/config/release.ts";
import type { State } from "../engine/state.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import type { NamedStack } from "../project/stack.ts";
import { driftOnCluster, weightedRules } from "../recovery/trafficDrift.ts";
import type { Check } from "./check.ts";
import type { TrafficTarget } from "./traffic.ts";

const released = z.record(z.string(), z.object({ weights: z.object({ blue: z.number(), green: z.number() }) }));

/** One row for each service on a cluster. */
export async function clusterChecks(target: TrafficTarget, stack: NamedStack, state: State, cluster: Cluster): Promise<Check[]> {
  const { services } = stack.config;
  const own = Object.entries(services).filter(([, { compute }]) => compute === "kubernetes");
  if (own.length === 0) return [];
  const { data = {} } = released.safeParse(state.resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs?.release);
  const rules = weightedRules(state).filter(({ type }) => type.startsWith("kubernetes:"));
  const drifted = (await driftOnCluster(rules, cluster)) !== "none";
  return own.map(([service, { release }]): Check => {
    const wanted = weightsOf(release.live, target === "rollback" ? 0 : release.candidateWeight);
    const left = data[service]?.weights;
    const text = left === undefined ? "no update has left any" : `blue ${left.blue} %, green ${left.green} %`;
    const good = !drifted && left?.blue === wanted.blue && left.green === wanted.green;
    const advice = `slipway up --stack ${stack.name}`;
    return {
      what: `weights of ${service}, on the cluster`,
      expected: `blue ${wanted.blue} %, green ${wanted.green} %`,
      found: drifted ? `${text} by the last update; the cluster has something else, or cannot be read` : text,
      verdict: good ? "good" : "failed",
      ...(good ? {} : { advice }),
    };
  });
}
